"""What the server runs."""

import os
import threading

from django.core.wsgi import get_wsgi_application

from trustbox.logs import thread_ended

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustbox.settings")
threading.excepthook = thread_ended

application = get_wsgi_application()
