import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# The same folder of files as kombu's own, but a message appears in it whole or not at all.
TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("outspoken")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
