"""What the API's views share: who may call them, how often, and in which form."""

from typing import Any, ClassVar

from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.parsers import StrictJSONParser
from campaigns.api.throttles import ManageThrottle, ReadThrottle
from campaigns.api.tokens import HasToken, TokenAuthentication
from contacts.models import ApiToken, Organization, User


class Pages(PageNumberPagination):
    """Pages of 20; `page_size` asks for up to 100."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class ApiView(APIView):
    """A view that takes JSON alone and tells nothing on OPTIONS that the schema does not."""

    parser_classes = [StrictJSONParser]
    metadata_class = None

    def page(self, rows: Any, serializer: Any, **context: Any) -> Response:
        """One page of a queryset or list."""
        pages = Pages()
        found: Any = pages.paginate_queryset(rows, self.request, view=self) or []
        return pages.get_paginated_response(serializer(found, many=True, context=context).data)


class PublicView(ApiView):
    """Open to everybody; a token is not looked at."""

    authentication_classes: ClassVar[list[type]] = []  # type: ignore[misc]
    permission_classes = [AllowAny]
    throttle_classes = [ReadThrottle]


class OrganizationView(ApiView):
    """For the holder of an organisation's token, who sees that organisation's rows and no others."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [HasToken]
    throttle_classes = [ManageThrottle]

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
