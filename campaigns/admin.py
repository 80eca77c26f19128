"""For operators: queues and states at a glance. Names, addresses and words of supporters are not shown here."""

from django.contrib import admin

from campaigns import models
from contacts.admin import LookOnly


@admin.register(models.Campaign)
class CampaignAdmin(LookOnly):
    list_display = ["title", "organization", "state", "is_test", "created_at"]
    list_filter = ["state", "is_test"]
    list_select_related = ["organization"]
    search_fields = ["title", "slug"]


@admin.register(models.Drive)
class DriveAdmin(LookOnly):
    list_display = ["name", "campaign", "state", "starts_at", "ends_at"]
    list_filter = ["state"]
    list_select_related = ["campaign"]


@admin.register(models.Letter)
class LetterAdmin(LookOnly):
    list_display = ["id", "state", "drive", "post", "send_after", "sent_at", "attempt_count", "note"]
    list_filter = ["state", "is_test"]
    list_select_related = ["drive", "post"]
    search_fields = ["id", "message_id"]
    exclude = ["subject", "body", "raw", "recipient"]


@admin.register(models.Attempt)
class AttemptAdmin(LookOnly):
    list_display = [
        "letter",
        "number",
        "outcome",
        "host",
        "reply_code",
        "enhanced_code",
        "started_at",
        "ended_at",
    ]
    list_filter = ["outcome"]
    list_select_related = ["letter"]
    search_fields = ["letter__id", "host"]


@admin.register(models.OutboxMail)
class OutboxMailAdmin(LookOnly):
    list_display = ["id", "kind", "state", "organization", "attempts", "created_at", "sent_at", "last_reply"]
    list_filter = ["state", "kind"]
    list_select_related = ["organization"]
    exclude = ["address_hash"]


@admin.register(models.InboundMail)
class InboundMailAdmin(LookOnly):
    list_display = ["id", "kind", "state", "organization", "matched_by", "status", "attempts", "received_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["organization"]
    exclude = ["raw", "text", "subject", "sender", "sender_name", "delivered_to", "note"]


@admin.register(models.Breaker)
class BreakerAdmin(LookOnly):
    list_display = ["kind", "name", "opened_at", "probe_at", "said", "trusted_until"]


@admin.register(models.Throttle)
class ThrottleAdmin(LookOnly):
    list_display = ["kind", "name", "busy_until"]
    list_filter = ["kind"]


@admin.register(models.SendingChange)
class SendingChangeAdmin(LookOnly):
    list_display = ["at", "from_state", "to_state", "reason", "actor"]
    list_select_related = ["actor"]


@admin.register(models.Heartbeat)
class HeartbeatAdmin(LookOnly):
    list_display = ["name", "beaten_at"]
