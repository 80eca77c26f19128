"""Pledge × target → the text of a letter, exactly as the office gets it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.errors import UnknownMergeField
from campaigns.models import Campaign, Letter, LetterVersion, Pledge, SubjectArm
from contacts.models import Legislator, Organization, Post
from policy.models import Evidence
from policy.told import cited_of

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_TITLE_BEFORE_NAME = re.compile(r"\{\{\s*title\s*\}\}\s+(?=\{\{\s*representative\s*\}\})")

# Fields of the person who writes; allowed everywhere in a version.
WRITER_FIELDS: dict[str, object] = {
    "name": _("Supporter's name"),
    "city": _("Supporter's town or city"),
    "postal_code": _("Supporter's postal code"),
    "measure": _("Number of the measure"),
    "measure_title": _("Title of the measure"),
    "organisation": _("Your organisation's name"),
}
MEASURE_FIELDS = {"measure", "measure_title"}
# Fields of the office; only in subject and salutation, because one text is edited for several offices.
OFFICE_FIELDS: dict[str, object] = {
    "title": _("Title of the post, e.g. Senator"),
    "representative": _("Representative's name"),
    "district": _("Name of the district"),
}


# What stands before the short name of evidence that a text cites.
EVIDENCE = "evidence:"


@dataclass(frozen=True)
class LetterText:
    """A letter in its parts, merged; `body` and the rest are plain text."""

    to: str
    subject: str
    salutation: str
    body: str
    signature: str

    @property
    def full(self) -> str:
        """The text below the headers."""
        return f"{self.salutation}\n\n{self.body}\n\n{self.signature}\n"


def check(text: str, *, office_fields: bool, offered: Iterable[str] = WRITER_FIELDS) -> None:
    """Raise UnknownMergeField, naming every field in `text` that may not stand there; `offered` are the writer's."""
    found = list(dict.fromkeys(_fields_in(text)))
    cited = [field for field in found if field.startswith(EVIDENCE)]
    misplaced = [] if office_fields else [field for field in found if field in OFFICE_FIELDS]
    unknown = [field for field in found if not {field} & {*WRITER_FIELDS, *OFFICE_FIELDS, *cited}]
    faults = []
    if cited and office_fields:
        faults.append(
            str(_("Evidence may be cited in the text only, not in the subject and the salutation."))
        )
    if misplaced:
        told = _t("%(fields)s may stand only in the subject and the salutation.")
        faults.append(told % {"fields": _in_braces(misplaced)})
    if unknown:
        told = ngettext(
            "There is no field %(unknown)s. Fields are: %(fields)s.",
            "There are no fields %(unknown)s. Fields are: %(fields)s.",
            len(unknown),
        )
        allowed = [*offered, *(OFFICE_FIELDS if office_fields else ())]
        faults.append(told % {"unknown": _in_braces(unknown), "fields": _in_braces(allowed)})
    if faults:
        raise UnknownMergeField(" ".join(faults))
    if "{{" in _FIELD.sub("", text) or "}}" in _FIELD.sub("", text):
        raise UnknownMergeField(_t("A field is not closed: write {{name}} with two braces on each side."))


def _in_braces(fields: Iterable[str]) -> str:
    return ", ".join(f"{{{{{field}}}}}" for field in fields)


def fields_for(campaign: Campaign) -> dict[str, object]:
    """Fields of the writer that stand for something in a campaign's letters."""
    return {
        field: label
        for field, label in WRITER_FIELDS.items()
        if field not in MEASURE_FIELDS or campaign.measure_id is not None
    }


def without_measure(version: LetterVersion) -> str:
    """The first field of a version that stands for the measure where its campaign has none; empty in all others."""
    if version.group.campaign.measure_id is not None:
        return ""
    texts = (version.subject, version.second_subject, version.salutation, version.opening, version.closing)
    return next((field for field in _fields_in(*texts) if field in MEASURE_FIELDS), "")


def check_version(version: LetterVersion) -> None:
    """Fix what the version cites. Raises UnknownMergeField when a text names what does not exist."""
    if field := without_measure(version):
        raise UnknownMergeField(
            _t("The campaign has no measure: where {{%(field)s}} stands, letters would have a hole.")
            % {"field": field}
        )
    offered = fields_for(version.group.campaign)
    for text in (version.subject, version.second_subject, version.salutation):
        check(text, office_fields=True, offered=offered)
    texts = (version.opening, version.talking_points, version.closing)
    for text in texts:
        check(text, office_fields=False, offered=offered)
    version.cited = cited_in(version.group.campaign.organization, version.language, *texts)


def keys_in(*texts: str) -> list[str]:
    """The short names of the evidence that texts cite, each once, in order."""
    fields = _fields_in(*texts)
    return list(dict.fromkeys(f.removeprefix(EVIDENCE) for f in fields if f.startswith(EVIDENCE)))


def _fields_in(*texts: str) -> list[str]:
    return [match.group(1) for text in texts for match in _FIELD.finditer(text)]


def cited_in(organization: Organization, language: str, *texts: str) -> dict[str, str]:
    """What the evidence cited in texts says now in a language, by field. Raises UnknownMergeField for what is missing.

    A version keeps the words it was saved with: a figure that changes later reaches letters when a person saves the
    version again, never behind their back.
    """
    keys = keys_in(*texts)
    known = Evidence.objects.filter(organization=organization, key__in=keys) if keys else []
    found = {item.key: words for item, words in cited_of(known, organization, language)}
    if absent := [key for key in keys if key not in found]:
        told = ngettext(
            "There is no evidence with the short name %(keys)s.",
            "There is no evidence with the short names %(keys)s.",
            len(absent),
        )
        raise UnknownMergeField(told % {"keys": ", ".join(absent)})
    return {f"{EVIDENCE}{key}": words for key, words in found.items()}


def merge(text: str, values: dict[str, str]) -> str:
    """`text` with its fields filled; one pass, so that a merged value is never read again."""
    return _FIELD.sub(lambda match: values.get(match.group(1), match.group(0)), text)


def writer_values(pledge: Pledge, campaign: Campaign, language: str) -> dict[str, str]:
    """What the writer's fields stand for in a text of a language."""
    measure = campaign.measure_in([language])
    return {
        "name": pledge.name,
        "city": pledge.city or pledge.postal_code,
        "postal_code": pledge.postal_code,
        "measure": measure.get("identifier", ""),
        "measure_title": measure.get("title", ""),
        "organisation": campaign.organization.name,
    }


def possible_values(pledge: Pledge, campaign: Campaign, language: str) -> list[dict[str, str]]:
    """What the writer's fields stand for now, and before the measure was translated to the language; no query.

    Letters that wait keep the words they were written with: one that has the original's is not its writer's own.
    """
    found = [writer_values(pledge, campaign, language)]
    if campaign.measure is not None and language in campaign.measure.translations:
        found.append(writer_values(pledge, campaign, campaign.organization.language))
    return found


def is_suggested(body: str, version: LetterVersion, choices: Iterable[dict[str, str]]) -> bool:
    """Whether a letter's text is what the version suggests, with any of the values; browsers' line breaks aside."""
    said = body.replace("\r\n", "\n").strip()
    texts = (suggested_body(version, values) for values in choices)
    return any(said == text.replace("\r\n", "\n").strip() for text in texts)


def _named(text: str, holder: Legislator | None) -> str:
    """A text for an office whose seat is vacant: its label says the title, so none stands before it."""
    return text if holder else _TITLE_BEFORE_NAME.sub("", text)


def office_values(post: Post, holder: Legislator | None) -> dict[str, str]:
    """What the office's fields stand for; a vacant seat is addressed by its label."""
    return {
        "title": post.role,
        "representative": holder.name if holder else post.label,
        "district": post.division.name,
    }


def suggested_body(version: LetterVersion, values: dict[str, str]) -> str:
    """The version's text for one writer; talking points are prompts and not part of it."""
    words = {**version.cited, **values}
    return "\n\n".join(
        merge(part.strip(), words) for part in (version.opening, version.closing) if part.strip()
    )


def prompts(version: LetterVersion, values: dict[str, str]) -> str:
    """The version's talking points for one writer, one a line."""
    return merge(version.talking_points, {**version.cited, **values})


def body_pieces(version: LetterVersion) -> list[tuple[bool, str]]:
    """What `suggested_body` puts together, in order: (False, words of the version) and (True, name of a field)."""
    pieces: list[tuple[bool, str]] = []
    for part in (version.opening.strip(), version.closing.strip()):
        if not part:
            continue
        at = 0
        pieces.append((False, "\n\n" if pieces else ""))
        for match in _FIELD.finditer(part):
            field = match.group(1)
            is_writers = field in WRITER_FIELDS
            filled = field if is_writers else version.cited.get(field, match.group(0))
            pieces += [(False, part[at : match.start()]), (is_writers, filled)]
            at = match.end()
        pieces.append((False, part[at:]))
    return [piece for piece in pieces if piece[1]]


def signature(pledge: Pledge) -> str:
    """Name and postal block, as offices expect them at the end."""
    lines: Iterable[str] = (
        f"{pledge.prefix} {pledge.name}".strip(),
        pledge.street,
        _place(pledge),
        pledge.phone,
    )
    return "\n".join(line for line in lines if line)


def _place(pledge: Pledge) -> str:
    """The line with the town: "Arlington, VA 22201" where letters are addressed so, else its parts in a row."""
    if pledge.country == "us" and pledge.city and re.fullmatch(r"[A-Za-z]{2}", pledge.region):
        return f"{pledge.city}, {pledge.region.upper()} {pledge.postal_code}".strip()
    return " ".join(part for part in (pledge.city, pledge.region, pledge.postal_code) if part)


def letter_text(letter: Letter, holder: Legislator | None, *, office_line: str = "") -> LetterText:
    """The exact letter to the holder of its post."""
    pledge, version = letter.pledge, letter.version
    writer = writer_values(pledge, pledge.campaign, version.language)
    values = {**writer, **office_values(letter.post, holder)}
    # Only the version's own texts are merged. What the supporter typed goes as it is.
    is_second = letter.subject_arm == SubjectArm.SECOND
    suggested = _named(version.second_subject if is_second else version.subject, holder)
    subject = letter.subject or merge(suggested, values)
    return LetterText(
        to=office_line or letter.post.called(holder),
        subject=" ".join(subject.split()),
        salutation=merge(_named(version.salutation, holder), values),
        body=letter.body.strip(),
        signature=signature(pledge),
    )
