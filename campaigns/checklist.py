"""What a campaign still lacks on its way to the public, read from the database each time: no step is ever stored."""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.channels.cwc import CONGRESS, TOPICS
from campaigns.delivery.addressees import demanded
from campaigns.letters.advice import USUALLY_READ_WORDS
from campaigns.letters.compose import without_measure
from campaigns.letters.first_words import greets_in_another
from campaigns.letters.write import open_drive
from campaigns.models import (
    Campaign,
    ChannelName,
    Drive,
    DriveState,
    LetterVersion,
    TargetGroup,
)
from campaigns.reach import Reach
from contacts.clock import now
from contacts.models import AuditEntry
from policy.library import progress
from policy.models import Measure, Translated
from policy.words import name_of

# More words than a page holds; what staff say they read is fewer (campaigns.letters.advice).
LONG_LETTER_WORDS = 350


class StepName(StrEnum):
    """The way to an open campaign, in order."""

    ASK = "ask"
    TARGETS = "targets"
    LETTERS = "letters"
    SIGNING = "signing"
    DRIVE = "drive"
    REVIEW = "review"


@dataclass(frozen=True)
class Lack:
    """Something a step lacks or could do better; `place` names another page where it is mended, if not the step's."""

    step: StepName
    text: str
    place: str = ""


def missing(campaign: Campaign) -> list[Lack]:
    """What keeps the campaign from opening."""
    groups = list(campaign.target_groups.prefetch_related("rules", "versions"))
    found: list[Lack] = []
    if not groups:
        found.append(Lack(StepName.TARGETS, _("Say who gets the letters: add a target group.")))
        found.append(Lack(StepName.LETTERS, _("Write a letter for them.")))
    for group in groups:
        if not group.rules.all():
            text = _("The group “%(group)s” has no rule yet.") % {"group": group.name}
            found.append(Lack(StepName.TARGETS, text))
        if lacks_letter(group, campaign):
            text = _("The group “%(group)s” has no letter in the campaign's language.") % {
                "group": group.name
            }
            found.append(Lack(StepName.LETTERS, text))
    if open_drive(campaign) is None:
        found.append(Lack(StepName.DRIVE, _("Set up a drive, so that letters have a time to leave.")))
    return found


def lacks_letter(group: TargetGroup, campaign: Campaign) -> bool:
    """Whether the group has no letter in the language that the campaign's page is in."""
    return campaign.language not in {version.language for version in group.versions.all()}


def advice(campaign: Campaign, reach: Reach) -> list[Lack]:
    """What is only advised, with whom the campaign reaches now: it opens without it."""
    return [
        *_about_the_ask(campaign),
        *_about_targets(reach),
        *_about_letters(campaign),
        *_about_languages(campaign),
        *_about_paper(campaign, reach),
        *_about_sending(campaign),
    ]


def _about_the_ask(campaign: Campaign) -> list[Lack]:
    found = []
    if campaign.measure is None:
        text = _("No measure is named: letters can't name a bill, and where legislators stand is not shown.")
        # Until there is a measure the step has none to choose.
        known = Measure.objects.filter(organization=campaign.organization).exists()
        found.append(Lack(StepName.ASK, text, "" if known else "measure"))
    if not campaign.issue.evidence.exists():
        text = _("The issue has no evidence yet. A figure with its source convinces.")
        found.append(Lack(StepName.ASK, text, "issue"))
    return found


def _about_targets(reach: Reach) -> list[Lack]:
    found = [
        Lack(StepName.TARGETS, _("The rules of “%(group)s” reach nobody now.") % {"group": name})
        for name in reach.fruitless
    ]
    if reach.vacant:
        text = ngettext(
            "%(n)s seat is vacant: its letters wait.",
            "%(n)s seats are vacant: their letters wait.",
            reach.vacant,
        )
        found.append(Lack(StepName.TARGETS, text % {"n": intcomma(reach.vacant)}))
    if without := reach.without:
        text = ngettext(
            "%(n)s office can't be reached in any way your letters may go: its letters wait.",
            "%(n)s offices can't be reached in any way your letters may go: their letters wait.",
            without,
        )
        found.append(Lack(StepName.TARGETS, text % {"n": intcomma(without)}))
    return found


def _about_paper(campaign: Campaign, reach: Reach) -> list[Lack]:
    """A letter on paper bears its writer's address, and a town alone takes no answer."""
    if not reach.on_paper or campaign.ask_street or "street" in demanded(campaign):
        return []
    text = ngettext(
        "%(n)s office gets letters on paper: ask for the street address, or they have no return address.",
        "%(n)s offices get letters on paper: ask for the street address, or they have no return address.",
        reach.on_paper,
    )
    return [Lack(StepName.SIGNING, text % {"n": intcomma(reach.on_paper)})]


def _about_letters(campaign: Campaign) -> list[Lack]:
    versions = LetterVersion.objects.filter(group__campaign=campaign).select_related("group__campaign")
    versions = versions.order_by("group__order", "language")
    return [Lack(StepName.LETTERS, text) for version in versions for text in version_advice(version)]


def _about_the_library(campaign: Campaign) -> list[Lack]:
    """Languages of the page that the measure and the figures on it are not written in."""
    rows: list[Translated] = list(campaign.issue.evidence.all())
    if campaign.measure is not None:
        rows.append(campaign.measure)
    others = [code for code in campaign.languages if code != campaign.organization.language]
    behind = [code for code in others if not progress(rows, code).is_complete]
    text = _("Its measure and figures are not all written in a language of the page: %(language)s.")
    return [Lack(StepName.SIGNING, text % {"language": name_of(code)}, "languages") for code in behind]


def _about_languages(campaign: Campaign) -> list[Lack]:
    """What a translation lacks, and languages of letters that the page is not in."""
    found = []
    for translation in campaign.translations.all():
        language = {"language": name_of(translation.language)}
        if translation.older:
            text = _("The original was changed after it was translated: %(language)s.")
            found.append(Lack(StepName.SIGNING, text % language, "languages"))
        elif translation.missing:
            found.append(
                Lack(StepName.SIGNING, _("Not all is translated: %(language)s.") % language, "languages")
            )
    found += _about_the_library(campaign)
    written = set(LetterVersion.objects.filter(group__campaign=campaign).values_list("language", flat=True))
    for code in sorted(written - set(campaign.languages)):
        text = _("There are letters in a language that the page is not translated to: %(language)s.")
        found.append(Lack(StepName.SIGNING, text % {"language": name_of(code)}, "languages"))
    return found


def version_advice(version: LetterVersion) -> list[str]:
    """What would make a suggested letter count for more at an office."""
    found = []
    subject = {"subject": version.subject}
    if field := without_measure(version):
        text = _("“%(subject)s” has a hole where {{%(field)s}} stands: the campaign has no measure.")
        found.append(text % {**subject, "field": field})
    if greets_in_another(version.salutation, version.language):
        text = _("“%(subject)s” greets its office in another language than its own.")
        found.append(text % subject)
    if not version.talking_points.strip():
        text = _("“%(subject)s” has no talking points. They help supporters to write words of their own.")
        found.append(text % subject)
    if "{{" not in version.opening + version.closing:
        text = _("“%(subject)s” names nothing of its writer, such as {{city}}: every copy reads alike.")
        found.append(text % subject)
    words = len(f"{version.opening} {version.closing}".split())
    if words > LONG_LETTER_WORDS:
        text = _("“%(subject)s” has %(words)s words. Offices usually read up to %(most)s to the end.")
        found.append(text % {**subject, "words": intcomma(words), "most": USUALLY_READ_WORDS})
    return found


def _about_sending(campaign: Campaign) -> list[Lack]:
    found = []
    goes_that_way = settings.CWC_URL and ChannelName.CWC in campaign.channels
    if goes_that_way and campaign.topic not in TOPICS and _writes_to_congress(campaign):
        text = _("No topic is chosen: the US Congress takes no message through its own form without one.")
        found.append(Lack(StepName.SIGNING, text))
    drive = open_drive(campaign)
    if drive is not None:
        found += _about_the_drive(drive)
    return found


def _writes_to_congress(campaign: Campaign) -> bool:
    return campaign.target_groups.filter(rules__chamber__jurisdiction__ocd_id=CONGRESS).exists()


def _about_the_drive(drive: Drive) -> list[Lack]:
    if drive.ends_at <= now():
        return [Lack(StepName.DRIVE, _("The drive's last moment is over: no letter will leave."))]
    if drive.state == DriveState.DRAFT:
        return [Lack(StepName.DRIVE, _("The drive is not scheduled. You can do that after opening."))]
    return []


# A field that is saved with the pledge form, and never without it.
_OF_THE_FORM = "editing_minutes"


def is_form_looked_at(campaign: Campaign) -> bool:
    """Whether anybody saved the pledge form, which works as it stands; told by the organisation's own record."""
    saved = AuditEntry.objects.filter(
        organization=campaign.organization_id, verb="edit campaign", object_id=str(campaign.pk)
    )
    return any(_OF_THE_FORM in detail.get("fields", ()) for detail in saved.values_list("detail", flat=True))


def what_is_missing(campaign: Campaign) -> list[str]:
    """What still has to be done before the campaign can open, in words for its organizer."""
    return [lack.text for lack in missing(campaign)]
