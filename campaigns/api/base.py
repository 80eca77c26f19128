"""What the API's views share: who may call them, how often, and in which form."""

from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from campaigns.api.inputs import PageQuery
from campaigns.api.parsers import StrictJSONParser
from campaigns.api.throttles import ManageThrottle, ReadThrottle
from campaigns.api.tokens import HasToken, TokenAuthentication
from campaigns.partners import ChosenPeople
from contacts.models import ApiToken, Organization, User


class ApiView(APIView):
    """A view that takes JSON alone and tells nothing on OPTIONS that the schema does not."""

    parser_classes = [StrictJSONParser]
    metadata_class = None

    def page(self, rows: QuerySet[Any] | ChosenPeople, serializer: type[BaseSerializer[Any]]) -> Response:
        """The page of rows that the query asks for. Raises NotFound past the last one."""
        query = PageQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        try:
            found = Paginator(cast(QuerySet[Any], rows), query.validated_data["page_size"]).page(
                query.validated_data["page"]
            )
        except EmptyPage:
            raise NotFound(_("There is no such page.")) from None
        return Response(
            {
                "count": found.paginator.count,
                "next": self._address(found.next_page_number()) if found.has_next() else None,
                "previous": self._address(found.previous_page_number()) if found.has_previous() else None,
                "results": serializer(found.object_list, many=True).data,
            }
        )

    def _address(self, page: int) -> str:
        return f"{settings.SITE_URL}{replace_query_param(self.request.get_full_path(), 'page', page)}"


class PublicView(ApiView):
    """Open to everybody; a token is not looked at."""

    authentication_classes: ClassVar[list[type]] = []  # type: ignore[misc]
    permission_classes = [AllowAny]
    throttle_classes = [ReadThrottle]


class OrganizationView(ApiView):
    """For the holder of an organisation's token, who sees that organisation's rows and no others.

    One that is only a partner in others' campaigns finds nothing but what is `for_partners`.
    """

    authentication_classes = [TokenAuthentication]
    permission_classes = [HasToken]
    throttle_classes = [ManageThrottle]
    for_partners = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.organization.is_partner_only and not self.for_partners:
            raise NotFound

    @property
    def organization(self) -> Organization:
        token = self.request.auth
        assert isinstance(token, ApiToken)  # noqa: S101  # HasToken saw to it
        return token.organization

    @property
    def actor(self) -> User | None:
        """Who made the token: actions through it are recorded in their name."""
        user = self.request.user
        return user if isinstance(user, User) else None


class Nowhere(PublicView):
    """Addresses below /api/ that lead nowhere."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound
