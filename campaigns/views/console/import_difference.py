"""What follows once a file of rows was read: back to where they stand, or console/_import_difference.html."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from campaigns.permissions import ConsoleRequest
from campaigns.views.console.page import show
from contacts.importers.difference import Difference
from contacts.importers.rows import BadRow
from contacts.models import Organization


@dataclass(frozen=True)
class FileRead:
    """What a file changes, or would; with `is_refused` it changed nothing, because of its bad rows."""

    difference: Difference
    bad: Sequence[BadRow]
    same: int
    is_refused: bool
    is_trial: bool


@dataclass(frozen=True)
class ImportPage:
    """Where a file is chosen, the address to go back to, and how many lines of it are shown at most."""

    section: str
    template: str
    context: dict[str, object]
    back: str
    most: int = 300


def after_import(
    request: ConsoleRequest, organization: Organization, page: ImportPage, read: FileRead
) -> HttpResponse:
    """Back, with how many there were, when all was taken over; else the page with changes and bad rows."""
    difference, bad, most = read.difference, read.bad, page.most
    if not read.is_trial and not bad:
        told = _("%(added)s new, %(changed)s changed, %(same)s the same as before.")
        counts = {"added": difference.created, "changed": difference.updated, "same": read.same}
        messages.success(request, told % counts)
        return redirect(page.back)
    context = page.context | {
        "is_trial": read.is_trial,
        "is_refused": read.is_refused,
        "bad": bad[:most],
        "bad_more": max(len(bad) - most, 0),
        "bad_count": len(bad),
        "difference": difference,
        "lines": difference.lines[:most],
        "lines_more": max(len(difference.lines) - most, 0),
        "same": read.same,
    }
    status = 422 if read.is_refused and not read.is_trial else 200
    return show(request, organization, page.template, page.section, context, status)
