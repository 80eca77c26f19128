"""What a mail service tells us: mail that came in, and what became of ours. The service shows who it is first."""

from typing import Any

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, inbound, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from campaigns.delivery.inbound import TooLarge, keep
from campaigns.inbound.report import report_mail

BAD_NEWS = {"bounced", "deferred", "rejected", "failed", "complained"}


@csrf_exempt
def webhook(request: HttpRequest, provider: str, kind: str) -> HttpResponse:
    """Hand the request to django-anymail's view for the one service this installation uses.

    It refuses a request without our name and password, and one whose signature is wrong.
    """
    if provider != settings.INBOUND_PROVIDER or not settings.ANYMAIL["WEBHOOK_SECRET"]:
        raise Http404
    try:
        match = resolve(f"/{provider}/{kind}/", "anymail.urls")
    except Resolver404:
        raise Http404 from None
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


@receiver(inbound)
def keep_inbound(sender: type, event: AnymailInboundEvent, **kwargs: Any) -> None:
    """Keep a mail the service took for us. One that is too large is let go: the service would bring it for days."""
    message = event.message
    try:
        keep(message.as_bytes(), message.envelope_recipient or "")
    except TooLarge:
        return


@receiver(tracking)
def keep_tracking(sender: type, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    """Keep bad news of a letter as the report a mail server would have sent."""
    if event.event_type not in BAD_NEWS:
        return
    raw = report_mail(
        event=event.event_type,
        recipient=event.recipient or "",
        said=event.mta_response or event.description or "",
        reason=event.reject_reason or "",
        identity=event.message_id or "",
        details=event.esp_event,
        at=event.timestamp,
    )
    if raw is not None:
        keep(raw)
