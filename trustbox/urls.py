"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from trustbox.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("box.urls")),
]
