"""The portal's own settings and, besides its addresses, one empty view to measure against."""

from trustbox.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
