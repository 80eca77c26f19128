"""What can be done about letters that are held or failed: a remedy for each cause, and where to begin."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.delivery.causes import Cause, causes_of
from campaigns.models import Drive, Letter
from contacts.models import Organization

_ELSEWHERE = _(
    "Each supporter has the text, to send it themselves. Where the office has another address, send the letters there."
)
# By a cause's key: what to do, and the page where it is done with the words of the link to it.
_REMEDIES: dict[str, tuple[object, str, object]] = {
    "left-office": (
        _("Decide for all letters to a seat at once: to the successor, or cancelled."),
        "departures",
        _("Seats that changed hands"),
    ),
    "not-counted": (_("Nothing. They go on when the signatures are counted again."), "", ""),
    "asked-to-stop": (
        _("They go on once its representative’s page says that the office may be written to again."),
        "legislator-list",
        _("Legislators"),
    ),
    "no-address": (
        _("Find an address that works, or say that one works again: they go on by themselves."),
        "address-list",
        _("Addresses that failed"),
    ),
    "left-before": (
        _("Look at each letter: one that has left goes out twice when it is released."),
        "",
        "",
    ),
    "broke-off": (
        _("Tell whoever runs this installation. Released, they are tried again."),
        "",
        "",
    ),
    "form": (
        _("Try the office’s form yourself. Released, they wait for their supporters to try once more."),
        "",
        "",
    ),
    "refused": (
        _("Look at the letter and at what the server said. Released, it is tried again."),
        "",
        "",
    ),
    "asks-for-more": (
        _("Ask the writer for what is missing, or find another way to the office. Then release it."),
        "",
        "",
    ),
    "other": (_("Look at each letter. Released, it goes on where it was."), "", ""),
    "given-up": (
        _("Ask the office, if it matters: it may have arrived, so it is not sent again."),
        "",
        "",
    ),
    "put-off": (_ELSEWHERE, "address-list", _("Addresses that failed")),
    "full": (_ELSEWHERE, "address-list", _("Addresses that failed")),
    "letter": (
        _("Send it another way: each supporter has the text, and you find it on the letter’s page."),
        "",
        "",
    ),
    "us": (
        _("See what stops mail from you. Where the office has another address, send the letters there."),
        "sending",
        _("Sending"),
    ),
    "address": (
        _("Find an address that works. Each supporter has the text; you can send the letters there, too."),
        "address-list",
        _("Addresses that failed"),
    ),
    "failed": (_ELSEWHERE, "", ""),
}


@dataclass(frozen=True)
class Remedy:
    """What to do about letters that stopped for a cause, with the page where it is done, if there is one."""

    label: object
    text: object
    url: str
    action: object


def remedy_of(cause: Cause, organization: Organization, *, may_see_letters: bool) -> Remedy:
    text, page, action = _REMEDIES[cause.key]
    leads_on = bool(page) and (may_see_letters or page != "departures")
    url = reverse(f"campaigns:{page}", args=[organization.slug]) if leads_on else ""
    return Remedy(cause.label, text, url, action)


def cause_query(cause: Cause) -> str:
    """The letters of a cause, as the address of the list asks for them."""
    return f"state={cause.states[0]}&cause={cause.key}"


def causes_in(
    drive: Drive, found: dict[str, int], letters_url: str, *, may_see_letters: bool
) -> list[tuple[Remedy, int, str]]:
    """Why letters of a drive are held or failed, each with its remedy, how many, and where they are listed.

    `found` are the drive's letters by group: nothing is asked where none is in these.
    """
    if not found["held"] and not found["failed"]:
        return []
    organization = drive.campaign.organization
    return [
        (
            remedy_of(cause, organization, may_see_letters=may_see_letters),
            n,
            f"{letters_url}&{cause_query(cause)}",
        )
        for cause, n in causes_of(Letter.objects.counted().filter(drive=drive))
    ]
