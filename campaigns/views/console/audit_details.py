"""What the audit log keeps beside its deeds, as people read it: names for ids and codes, moments on their own clock."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Choices, Model
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.detail_words import key_in_words
from campaigns.forms.invalidation import ConditionForm
from campaigns.forms.supporters import FilterForm
from campaigns.jobs.supporter_export import COLUMNS
from campaigns.models import Campaign, Drive, OutcomeResult, Partnership
from campaigns.views.console.page import as_id
from contacts.models import AuditEntry, Legislator, Organization, Post, Purpose, RoleName, Supporter, Tag
from policy.models import BriefKind, DateKind, EventKind, Majority, RecallReason, StanceLevel

# Keys whose values are ids of rows, and which.
_ROWS: Final[dict[str, type[Model]]] = {
    "campaign": Campaign,
    "gone": Supporter,
    "left": Legislator,
    "of": Campaign,
    "partnership": Partnership,
    "post": Post,
    "tag": Tag,
}
# Keys whose values are the page addresses of organisations; `by` may be something else.
_SLUGS: Final = ("by", "partner")
# Keys whose values are codes, and the choices they are of; what is none of them is somebody's own words.
_CHOICES: Final[dict[str, tuple[type[Choices], ...]]] = {
    "agreed_to": (Purpose,),
    "level": (StanceLevel,),
    "majority": (Majority,),
    "outcome": (OutcomeResult,),
    "reason": (RecallReason,),
    "result": (OutcomeResult,),
    "role": (RoleName,),
}
_KINDS: Final[dict[str, type[Choices]]] = {
    "add milestone": EventKind,
    "strike milestone": EventKind,
    "request brief": BriefKind,
    "add date": DateKind,
    "change date": DateKind,
    "cancel date": DateKind,
}
_CHANGED: Final[dict[str, type[Model]]] = {"campaign": Campaign, "drive": Drive, "organization": Organization}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Details:
    """The details of some entries. What they name is looked up for all of them, once for each kind of thing."""

    def __init__(self, organization: Organization, entries: Iterable[AuditEntry]) -> None:
        asked: dict[type[Model], set[Any]] = defaultdict(set)
        slugs: set[str] = set()
        for entry in entries:
            for key, value in entry.detail.items():
                if (model := _ROWS.get(key)) is not None and as_id(str(value)) is not None:
                    asked[model].add(as_id(str(value)))
                elif key in _SLUGS and isinstance(value, str):
                    slugs.add(value)
        self._names = {model: _names_of(model, organization, ids) for model, ids in asked.items()}
        self._organizations = _by_slug(slugs)

    def of(self, entry: AuditEntry) -> str:
        """An entry's details in one line; what is empty says nothing.

        By their keys: PostgreSQL does not keep the order in which they were written.
        """
        said = [
            _("%(what)s: %(value)s")
            % {"what": key_in_words(entry.verb, key), "value": self._value(entry, key, value)}
            for key, value in sorted(entry.detail.items())
            if value not in ("", None, [])
        ]
        return "; ".join(said)

    def _value(self, entry: AuditEntry, key: str, value: object) -> str:
        if isinstance(value, list):
            return ", ".join(self._value(entry, key, one) for one in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if key in _ROWS and as_id(str(value)) is not None:
            return self._names[_ROWS[key]].get(str(as_id(str(value)))) or _("no longer there")
        if key == "kind" and entry.verb in _KINDS:
            return _label((_KINDS[entry.verb],), value)
        if key in _CHOICES:
            return _label(_CHOICES[key], value)
        if key in _SLUGS and value in self._organizations:
            return self._organizations[str(value)]
        if key in _SAID:
            return _SAID[key](entry, value)
        return intcomma(value) if isinstance(value, int) else _moment(str(value))


def _names_of(model: type[Model], organization: Organization, ids: set[Any]) -> dict[str, str]:
    """What rows are called, by their ids; of people and tags only the organisation's own."""
    rows = model._default_manager.filter(pk__in=ids)
    if model in {Supporter, Tag}:
        rows = rows.filter(organization=organization)
    if model is Partnership:
        rows = rows.select_related("campaign")
    return {str(row.pk): _name(row) for row in rows}


def _name(row: Any) -> str:
    match row:
        case Campaign():
            return row.title
        case Partnership():
            return row.campaign.title
        case Post():
            return row.label
        case _:
            return str(row.name)


def _by_slug(slugs: set[str]) -> dict[str, str]:
    if not slugs:
        return {}
    return dict(Organization.objects.filter(slug__in=slugs).values_list("slug", "name"))


def _label(choices: tuple[type[Choices], ...], value: object) -> str:
    """A code's label; what is no code of these is shown as it is."""
    for some in choices:
        if value in some.values:
            return str(some(value).label)
    return str(value)


def _moment(text: str) -> str:
    """A moment on the reader's clock, or a day; any other text as it is."""
    try:
        if _DAY.fullmatch(text):
            return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
        at = parse_datetime(text) if _DAY.match(text) else None
    except ValueError:  # written like a date, and none
        return text
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at and at.tzinfo else text


def _field(entry: AuditEntry, name: object) -> str:
    """What a form calls a part of a campaign, drive or organisation."""
    model = _CHANGED.get(entry.object_kind)
    known = {field.name: field for field in model._meta.get_fields()} if model else {}
    return str(getattr(known.get(str(name)), "verbose_name", name))


def _labels(names: Mapping[str, Any]) -> Callable[[AuditEntry, object], str]:
    """Says names of fields by the labels that forms give them."""

    def said(_entry: AuditEntry, name: object) -> str:
        found = names.get(str(name))
        return str(getattr(found, "label", found) or name)

    return said


def _by(entry: AuditEntry, value: object) -> str:
    if value == "its hour":
        return _("its hour came")
    if value == "same_address_as":
        return _("Network address")
    return _labels(ConditionForm.base_fields)(entry, value)


# Keys whose values are named by something else.
_SAID: Final[dict[str, Callable[[AuditEntry, object], str]]] = {
    "by": _by,
    "bytes": lambda _entry, value: filesizeformat(str(value)),
    "columns": _labels(COLUMNS),
    "fields": _field,
    "filter": _labels(FilterForm.base_fields),
    "format": lambda _entry, value: str(value).upper(),
    "language": lambda _entry, value: str(dict(settings.LANGUAGES).get(str(value), value)),
}
