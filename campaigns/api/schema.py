"""What the OpenAPI description says beyond what it reads off the views."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

KEY_TEXT = "A value of your own, such as a random UUID. The same key and body get the same answer for a day."
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=KEY_TEXT)
KEY_REQUIRED = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!#-~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description=KEY_TEXT,
)
PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "A link to what the problem means, or about:blank."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "What is wrong where: JSON pointers into the body, or names of parameters.",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


def paged(row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The shape of one page of rows."""
    return inline_serializer(
        f"{row.__name__.removesuffix('Serializer')}Page",
        {
            "count": serializers.IntegerField(help_text="Rows on all pages."),
            "next": serializers.CharField(allow_null=True, help_text="The address of the next page."),
            "previous": serializers.CharField(allow_null=True),
            "results": row(many=True),
        },
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description names the organisation's token."""

    target_class = "campaigns.api.tokens.TokenAuthentication"
    name = "organizationToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "osp_…",
            "description": "An organisation's token, made by an owner in the console's settings.",
        }


def add_problems(
    result: dict[str, Any], generator: SchemaGenerator, request: Any, public: bool
) -> dict[str, Any]:
    """Every operation may answer with a problem document; the description says so once for each."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False  # see inputs.Strict
    schemas["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = {"description": "It could not be done.", "content": content}
    return result
