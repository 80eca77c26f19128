"""A Django project of its own with what others send mail with, at its defaults. They are no apps of ours."""

import os
import tempfile
from pathlib import Path

import psycopg
from environs import Env

DATABASE = "peers"
FOLDER = Path(tempfile.gettempdir())


def set_up(sink_port: int) -> None:
    """Django with the peers' tables, empty, on the same server as ours. Once in a process."""
    with psycopg.connect(
        os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"), autocommit=True
    ) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        server.execute(f"CREATE DATABASE {DATABASE}")
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office", "mailer"],
        DATABASES={"default": {**Env().dj_db_url("DATABASE_URL"), "NAME": DATABASE}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=sink_port,
        MAILER_LOCK_PATH=str(FOLDER / f"outspoken-bench-{os.getpid()}"),
        SECRET_KEY="of a bench",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def analyze() -> None:
    """What a database that has been running knows of its tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
