"""The portal's own settings and, besides its addresses, one empty view to measure against."""

from trustbox.settings import *  # noqa: F403
from trustbox.settings import PORTAL_HOSTS

ROOT_URLCONF = "benchmarks.urls"
# As Django's test client names whom it asks.
PORTAL_HOSTS = [*PORTAL_HOSTS, "testserver"]
