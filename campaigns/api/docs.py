"""A plain page about the API: viewers of OpenAPI need scripts that this site's policy does not allow."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from campaigns.api.problems import TYPES


def index(request: HttpRequest) -> HttpResponse:
    """Every operation, and every type of problem, read from the same description that programs read."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "text": operation.get("description", ""),
            "needs_token": bool(operation.get("security")) and {} not in operation["security"],
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "campaigns/api/docs.html", {"operations": operations, "problems": TYPES})
