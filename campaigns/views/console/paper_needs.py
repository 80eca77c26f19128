"""Letters on paper that need somebody now, for the console's home: to print, and to post once they are set."""

from collections.abc import Sequence

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.delivery.batches import OnPaper, paper_work
from campaigns.models import Drive, DriveState
from campaigns.views.console.words import Need
from contacts.models import Organization


def paper_needs(organization: Organization, drives: Sequence[Drive]) -> list[Need]:
    """A line for each drive and thing to do. Nothing is set of a drive that rests; what is set may be posted."""
    found = paper_work(drives)
    needs = []
    for drive in drives:
        work = found.get(drive.pk, OnPaper())
        url = reverse("campaigns:print-batches", args=[organization.slug, drive.pk])
        if work.to_print and drive.state == DriveState.RUNNING:
            text = ngettext(
                "“%(drive)s”: %(n)s letter waits to be printed",
                "“%(drive)s”: %(n)s letters wait to be printed",
                work.to_print,
            )
            said = text % {"drive": drive.name, "n": intcomma(work.to_print)}
            needs.append(Need(said, drive.ends_at, url, _("Print them"), "warn"))
        if work.to_post:
            text = ngettext(
                "“%(drive)s”: %(n)s letter is set for printing, and nobody has said yet that it is posted",
                "“%(drive)s”: %(n)s letters are set for printing, and nobody has said yet that they are posted",
                work.to_post,
            )
            said = text % {"drive": drive.name, "n": intcomma(work.to_post)}
            needs.append(Need(said, drive.ends_at, url, _("Post them"), "warn"))
    return needs


def waiting_on_paper(drives: Sequence[Drive]) -> int:
    """Letters of these drives that others have to print or post."""
    return sum(work.to_print + work.to_post for work in paper_work(drives).values())
