#!/usr/bin/env python
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  # reads the settings, before anything else can fail on them
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"error: {error}")
    execute_from_command_line(sys.argv)
