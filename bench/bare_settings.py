"""The smallest Django on our database: no middleware, no session, no check of anything."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_views"
MIDDLEWARE = []
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"]
AUTH_USER_MODEL = "auth.User"
