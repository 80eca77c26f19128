"""The smallest Django on our database: no middleware, no session, no check of anything."""

from config.settings import ALLOWED_HOSTS, DATABASES, SECRET_KEY

__all__ = ["ALLOWED_HOSTS", "DATABASES", "SECRET_KEY"]

ROOT_URLCONF = "bench.bare_views"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"]
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
