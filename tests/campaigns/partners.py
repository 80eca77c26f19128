"""What the tests of joint campaigns share: partners, their boxes, and whom a partner sees."""

from campaigns.delivery import outbox
from campaigns.models import Partnership, chosen_by
from contacts import clock
from contacts.models import Job
from tests.campaigns.console import words
from tests.campaigns.visitor import confirm_as_shown, link_in
from tests.factories import (
    DriveFactory,
    OrganizationFactory,
    PartnerConsentFactory,
    PartnershipFactory,
    PledgeFactory,
    SupporterFactory,
    campaign_with_targets,
)


def text(response):
    return " ".join(response.content.decode().split())


def joint():
    """An open campaign whose letters are written when somebody confirms."""
    campaign = campaign_with_targets(posts=1, organization__name="Quay Coalition")
    DriveFactory(campaign=campaign)
    return campaign


def partner(campaign, name="Harbour Voices", code="harbour", **fields):
    organization = OrganizationFactory(
        name=name, privacy_url=f"https://{code}.example.org/privacy/", is_partner_only=True
    )
    return PartnershipFactory(campaign=campaign, organization=organization, source_code=code, **fields)


def chose(part, *, said_on="", **fields):
    """Somebody who signed and chose the partner; `said_on` is what is kept of the page."""
    person = SupporterFactory(organization=part.campaign.organization, **fields)
    PledgeFactory(campaign=part.campaign, supporter=person)
    page = {"source": said_on} if said_on else {}
    return PartnerConsentFactory(partnership=part, supporter=person, **page)


def export(desk, part, kind="csv"):
    """Have the partner's people written to a file; gives the job and the file's download."""
    answer = desk.post("joint-export", part.pk, format=kind)
    assert answer.status_code == 302, words(answer)
    job = Job.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])
    return job, desk.post("job-file", job.pk)


def box(partnership):
    return f"partner-{partnership.pk.hex}"


def confirm(client, mailoutbox):
    """Follow the link of the newest mail and leave all as it stands; gives the address of the supporter's own page."""
    outbox.send_due()
    return f"/p/{confirm_as_shown(client, link_in(mailoutbox[-1])).url.split('/')[2]}/"


def sees(partnership):
    """The addresses that a partner may write to."""
    rows = chosen_by(Partnership.objects.in_force(clock.now()).filter(pk=partnership.pk))
    return sorted(rows.values_list("supporter__email", flat=True))
