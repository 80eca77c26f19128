"""Signatures that may not be a person's: held for somebody to look at, never dropped without a trace.

Whoever sends one gets the same answer as everybody else.
"""

import json
from base64 import b64decode
from datetime import UTC, timedelta
from enum import Enum
from urllib.parse import parse_qs

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from disposable_email_domains import blocklist
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from campaigns import limits
from campaigns.models import Campaign, HeldFor
from contacts.clock import roughly_now

# What a browser works out before it signs in a rush: some 25,000 hashes, half a second on an old phone.
HARDEST = 50_000
PROOF_GOOD_FOR = timedelta(minutes=30)


class Proof(Enum):
    """What a browser answered to a puzzle."""

    NOT_ASKED = "not asked"
    GOOD = "good"
    # Solved, but too long ago or sent before: its owner is asked once more.
    STALE = "stale"
    # No solution of a puzzle of ours.
    NONE = "none"


def doubt_about(email: str, *, is_robot: bool, is_one_too_many: bool, is_unproven: bool) -> str:
    """Why a signature should wait for a person (HeldFor), or an empty text.

    `is_one_too_many` from its network address; `is_unproven`: a puzzle was asked and not solved.
    """
    if is_robot:
        return HeldFor.ROBOT
    if is_one_too_many:
        return HeldFor.PLACE
    if is_disposable(email):
        return HeldFor.DISPOSABLE
    if is_unproven:
        return HeldFor.UNPROVEN
    return ""


def is_disposable(email: str) -> bool:
    """Whether an address is of a service that gives addresses away for minutes, or of a domain below one."""
    labels = email.rpartition("@")[2].lower().rstrip(".").split(".")
    return any(".".join(labels[n:]) in blocklist for n in range(len(labels) - 1))


def is_rushed(campaign: Campaign) -> bool:
    """Whether so many sign now that browsers are asked for a proof of work."""
    return limits.signed_this_minute(campaign.pk) >= settings.SIGNING_PROOF_ABOVE


def puzzle() -> str:
    """A puzzle for a browser, as JSON: algorithm, challenge, maxNumber, salt, signature (altcha.org, version 1)."""
    expires = (roughly_now() + PROOF_GOOD_FOR).astimezone(UTC)
    return json.dumps(
        create_challenge(ChallengeOptions(hmac_key=_key(), max_number=HARDEST, expires=expires)).to_dict()
    )


def judge(proof: str) -> Proof:
    """Whether a puzzle of ours was solved, in time and for the first time; a good proof is used up by asking."""
    try:
        answer = json.loads(b64decode(proof[:2000]))
        solved, _why = verify_solution(answer, _key(), check_expires=False)
        if not solved:
            return Proof.NONE
        # The signature covers the salt, so that this moment is the one we set.
        expires = int(parse_qs(answer["salt"].partition("?")[2])["expires"][0])
        if expires < roughly_now().timestamp() or not _is_first(answer["signature"]):
            return Proof.STALE
    except (ValueError, TypeError, AttributeError, KeyError):
        return Proof.NONE
    return Proof.GOOD


def _is_first(signature: str) -> bool:
    try:
        return bool(cache.add(f"proof:{signature}", 1, PROOF_GOOD_FOR.total_seconds()))
    except RedisError:
        return True  # the limits still count


def _key() -> str:
    return salted_hmac("outspoken.puzzle", "key").hexdigest()
