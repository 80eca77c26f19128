"""`/healthz` says that the process answers, `/readyz` that it can do its work."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from campaigns.delivery import breaker, domains, switch
from campaigns.models import Heartbeat
from config.celery import app
from contacts.clock import now

# Beat ticks every few seconds; this long without a tick means that it, or every worker, is down.
QUIET = timedelta(minutes=2)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and beat are well; 503 naming what is not.

    Sending that a person, a refused login or a refusing domain stopped is named too; pages work on, so no 503.
    """
    checks = {"database": _database(), "broker": _broker(), "beat": _beat()}
    ready = all(state == "ok" for state in checks.values())
    sending = _sending()
    status = "not ready" if not ready else "ok" if sending == "ok" else "attention"
    return JsonResponse({"status": status, **checks, "sending": sending}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _broker() -> str:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return "unreachable"
    return "ok"


def _beat() -> str:
    try:
        last = Heartbeat.objects.filter(name="tick").values_list("beaten_at", flat=True).first()
        if last is None or now() - last > QUIET:
            return "no tick for two minutes"
    except DatabaseError:
        return "unknown"
    return "ok"


def _sending() -> str:
    try:
        if switch.is_stopped():
            return "stopped by an operator"
        troubles = {
            "login refused": [one.name for one in breaker.open_channels()],
            "mail refused by": list(domains.waiting_for_a_person().order_by("name")),
        }
        if found := [f"{what}: {', '.join(names)}" for what, names in troubles.items() if names]:
            return "; ".join(found)
    except DatabaseError:
        return "unknown"
    return "ok"
