"""The same request twice acts once: answers are kept under the caller's Idempotency-Key for a day."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.problems import Problem
from campaigns.models import IdempotencyKey
from contacts.clock import now

HEADER = "Idempotency-Key"
LONGEST = 120
# A request that died halfway leaves its key behind; after this the next one may take it over.
GIVE_UP = timedelta(seconds=60)

Answer = tuple[int, dict[str, Any]]


def key_of(request: Request, *, required: bool = False) -> str:
    """The caller's key; empty where there is none and none is needed."""
    key: str = request.headers.get(HEADER, "").strip().strip('"')
    if not key and required:
        raise ValidationError(
            {HEADER: [_("Send an Idempotency-Key header with a value of your own, e.g. a random UUID.")]}
        )
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        raise ValidationError(
            {HEADER: [_("Use at most %(most)s printable ASCII characters.") % {"most": LONGEST}]}
        )
    return key


def once(request: Request, scope: str, act: Callable[[], Answer], *, required: bool = False) -> Response:
    """Do `act` and answer with what it gives; with a key seen before, give the answer it got then.

    The act and its stored answer are one transaction. Another body under the same key is refused, and so is
    a second request while the first is under way. A refusal is not kept: it may succeed later. Checks of the
    body belong in `act`: by the time of a repetition they may come out differently.
    """
    key = key_of(request, required=required)
    if not key:
        status, data = act()
        return Response(data, status=status)
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(body).hexdigest()
    row, is_new = IdempotencyKey.objects.get_or_create(
        scope=scope, key=key, defaults={"request_sha256": digest, "created_at": now()}
    )
    if not is_new:
        if row.request_sha256 != digest:
            raise Problem("key-reused", 422)
        if row.status is not None:
            return Response(row.response, status=row.status, headers={"Idempotent-Replayed": "true"})
        if not _take_over(row):
            raise Problem("still-working", 409)
    try:
        with transaction.atomic():
            status, data = act()
            IdempotencyKey.objects.filter(pk=row.pk).update(status=status, response=data)
    except BaseException:
        IdempotencyKey.objects.filter(pk=row.pk, status__isnull=True).delete()
        raise
    return Response(data, status=status)


def _take_over(row: IdempotencyKey) -> bool:
    at = now()
    if row.created_at > at - GIVE_UP:
        return False
    abandoned = IdempotencyKey.objects.filter(pk=row.pk, status__isnull=True, created_at=row.created_at)
    return bool(abandoned.update(created_at=at))
