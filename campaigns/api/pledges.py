"""Signing a pledge for a supporter, by the same action as the page."""

import re
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions.pledges import Matched, Signing, sign_pledge
from campaigns.api.base import PublicView
from campaigns.api.campaigns import public_campaign
from campaigns.api.idempotency import once
from campaigns.api.inputs import SigningSerializer
from campaigns.api.legislators import chamber_row
from campaigns.api.problems import Problem
from campaigns.api.schema import KEY_REQUIRED
from campaigns.api.seats import ChamberMatchSerializer
from campaigns.api.serializers import SignedSerializer
from campaigns.api.throttles import SignThrottle
from campaigns.delivery.addressees import demanded
from campaigns.doubts import is_disposable
from campaigns.forms.consents import CONSENTS, consents_shown
from campaigns.limits import client_address, may_sign
from campaigns.models import Campaign, HeldFor, Partnership
from campaigns.partners_now import partners_of
from campaigns.places import UNKNOWN, Places, places
from contacts.addresses import signer_hash
from contacts.clock import today
from contacts.matching import normal_code

_POSTAL_CODE = re.compile(r"[0-9A-Z]{2,10}")


class Pledges(PublicView):
    throttle_classes = [SignThrottle]

    @extend_schema(
        operation_id="sign_pledge",
        summary="Sign a pledge",
        parameters=[KEY_REQUIRED],
        request=SigningSerializer,
        responses={202: SignedSerializer},
    )
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Record a pledge and mail the supporter a link; it counts once they confirm it there.

        The answer is the same whether the address is new, waits, or has signed before. A postal code that
        fits several places is answered with 422 and the places to choose from; send the chosen divisions
        as `places`.
        """
        campaign = public_campaign(campaign_id)

        def act() -> tuple[int, dict[str, Any]]:
            given = SigningSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            address = client_address(request._request)
            signing = _signing(campaign, given.validated_data, signer_hash(address))
            if not may_sign(address, campaign.pk):
                raise Throttled
            doubt = HeldFor.DISPOSABLE if is_disposable(signing.email) else ""
            sign_pledge(campaign=campaign, signing=signing, doubt=doubt)
            return 202, {"status": "check_mail", "detail": _("A mail with a link to confirm is on its way.")}

        return once(request, f"sign {campaign.pk}", act, required=True)


def _signing(campaign: Campaign, given: dict[str, Any], hashed: str) -> Signing:
    """The action's input. Raises ValidationError, and Problem for a postal code that leaves a question."""
    country = campaign.organization.country
    code = normal_code(country, given["postal_code"])
    if not _POSTAL_CODE.fullmatch(code):
        raise serializers.ValidationError({"postal_code": [_("This is not a postal code.")]})
    needed = demanded(campaign)
    if (campaign.ask_street or "street" in needed) and not given["street"]:
        raise serializers.ValidationError(
            {"street": [_("Offices want to know that the supporter lives there.")]}
        )
    for field, name in (("title", "prefix"), ("city", "city")):
        if name in needed and not given[field]:
            raise serializers.ValidationError({field: [_("An office among the targets demands it.")]})
    if campaign.minimum_age and not given["old_enough"]:
        text = _("Signers have to say that they are at least %(age)s years old.") % {
            "age": campaign.minimum_age
        }
        raise serializers.ValidationError({"old_enough": [text]})
    ticked = given.get("consents", {})
    partners = _partners(campaign, set(ticked.get("partners", [])))
    return Signing(
        name=given["name"],
        email=given["email"],
        postal_code=code,
        country=country,
        prefix=given["title"],
        street=given["street"],
        city=given["city"],
        language=given.get("language") or campaign.language,
        comment=given["comment"],
        consents=consents_shown(campaign, [one for one in CONSENTS if ticked.get(one.value)], partners),
        send_untouched=given["send_untouched"],
        divisions=_divisions(places(campaign, country, code, today()), given),
        source=given["source_code"] or "api",
        signer_hash=hashed,
    )


def _divisions(found: Places, given: dict[str, Any]) -> list[Matched]:
    if found.needed and not found.match.is_known and not given["sign_without_letter"]:
        raise Problem("unknown-postal-code", 422)
    chosen = {str(pk) for pk in given["places"]}
    answers = {}
    for question in found.questions:
        here = [str(c.division.pk) for c in question.match.candidates if str(c.division.pk) in chosen]
        if len(here) == 1:
            answers[question.name] = here[0]
        elif given["place_unknown"]:
            answers[question.name] = UNKNOWN
    divisions = found.answered(answers)
    if divisions is None:
        open_questions = [chamber_row(q.match) for q in found.questions if q.name not in answers]
        raise Problem(
            "which-place", 422, chambers=[ChamberMatchSerializer(row).data for row in open_questions]
        )
    return divisions


def _partners(campaign: Campaign, codes: set[str]) -> list[Partnership]:
    """The partners that ask of those whose box was ticked; one that ended since is left out, as the form does.

    Raises ValidationError for a code that no partner ever had.
    """
    if not codes:
        return []
    asking = [one for one in partners_of(campaign) if one.source_code in codes and one.sees_supporters]
    unknown = codes - {one.source_code for one in asking}
    if unknown:
        ended = Partnership.objects.filter(campaign=campaign, source_code__in=unknown)
        unknown -= set(ended.values_list("source_code", flat=True))
    if unknown:
        no_such = _("No partner has this code: %(code)s") % {"code": ", ".join(sorted(unknown))}
        raise serializers.ValidationError({"consents": {"partners": [no_such]}})
    return asking
