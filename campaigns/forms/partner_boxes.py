"""A box for each partner who asks a supporter to be allowed to write to them; none is ticked for them."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.actions.partner_consents import VERSION
from campaigns.actions.pledges import ConsentShown
from campaigns.models import FOR_A_PARTNER, Partnership
from contacts.models import Organization

# The words beside the box; they are kept with what was agreed to.
WRITES = _("%(organization)s may write to me about this campaign and others like it.")


def writes(organization: Organization) -> str:
    """What somebody agrees to, in the language that is spoken now."""
    return str(WRITES) % {"organization": organization.name}


def name_of(partner: Partnership) -> str:
    """The name of a partner's box in a form."""
    return f"partner-{partner.pk.hex}"


def named_in(names: Iterable[str]) -> set[UUID]:
    """The partnerships whose boxes are among the names of what a form sent."""
    found = (re.fullmatch(r"partner-([0-9a-f]{32})", name) for name in names)
    return {UUID(match[1]) for match in found if match}


def box(partner: Partnership, label: str = "", **how: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label or writes(partner.organization),
        required=False,
        help_text=privacy_link(partner.organization),
        **how,
    )


def privacy_link(organization: Organization) -> str | SafeString:
    """Where an organisation says what it does with data of people; empty where it doesn't."""
    if not organization.privacy_url:
        return ""
    return format_html(
        '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>',
        organization.privacy_url,
        _("Privacy notice of %(organization)s") % {"organization": organization.name},
    )


def chosen(partners: list[Partnership]) -> list[ConsentShown]:
    """Boxes that were ticked, in the words and language that are spoken now."""
    return [
        ConsentShown(
            FOR_A_PARTNER,
            True,
            writes(partner.organization),
            VERSION,
            get_language() or "en",
            str(partner.pk),
        )
        for partner in partners
    ]
