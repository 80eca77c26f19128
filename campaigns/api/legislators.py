"""Who represents a postal code."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import PublicView
from campaigns.api.inputs import LookupSerializer
from campaigns.api.seats import LegislatorsSerializer
from contacts.clock import today
from contacts.matching import ChamberMatch, Seat, match_postal_code


def chamber_row(match: ChamberMatch) -> dict[str, Any]:
    """A chamber's possible places with their seats, as plain data."""
    return {
        "chamber": match.chamber.pk,
        "name": match.chamber.name,
        "kind": match.chamber.kind,
        "is_ambiguous": match.is_ambiguous,
        "places": [
            {
                "division": place.division.pk,
                "ocd_id": place.division.ocd_id,
                "name": place.division.name,
                "confidence": place.confidence,
                "seats": [_seat(seat) for seat in place.seats],
            }
            for place in match.candidates
        ],
    }


def _seat(seat: Seat) -> dict[str, Any]:
    holder = seat.membership
    return {
        "id": seat.post.pk,
        "name": seat.post.label,
        "role": seat.post.role,
        "legislator": holder
        and {"id": holder.legislator.pk, "name": holder.legislator.name, "party": holder.party},
    }


class Legislators(PublicView):
    @extend_schema(
        operation_id="legislators",
        summary="Legislators by postal code",
        parameters=[LookupSerializer],
        responses=LegislatorsSerializer,
    )
    def get(self, request: Request) -> Response:
        """The seats of each chamber a postal code may belong to, vacant ones included. Nothing is guessed."""
        query = LookupSerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        match = match_postal_code(
            query.validated_data["country"], query.validated_data["postal_code"], today()
        )
        found = {
            "country": match.country,
            "postal_code": match.postal_code,
            "is_known": match.is_known,
            "is_ambiguous": match.is_ambiguous,
            "chambers": [chamber_row(chamber) for chamber in match.chambers],
        }
        return Response(LegislatorsSerializer(found).data)
