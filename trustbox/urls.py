"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from reports.urls import public_urlpatterns
from trustbox.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("journal.urls")),  # before the schools: it stands where a school's name could
    path("", include((public_urlpatterns, "reports"))),
    path("", include("box.urls")),
]

handler400 = "box.views.refused.bad_request"
handler403 = "box.views.refused.forbidden"
handler404 = "box.views.refused.not_found"
handler500 = "box.views.refused.broken"
