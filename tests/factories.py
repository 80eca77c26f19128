"""The smallest valid rows, for tests that need something to stand on."""

import hashlib
import io
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import cache

import factory
import pikepdf
from django.db.models import F
from factory.django import DjangoModelFactory

from campaigns.models import (
    Campaign,
    CampaignTranslation,
    CampaignUpdate,
    Drive,
    Endorsement,
    Event,
    InboundMail,
    Letter,
    LetterVersion,
    MeetingReport,
    OfficeQuestion,
    Outcome,
    PartnerConsent,
    PartnerInvitation,
    Partnership,
    Pledge,
    PrintBatch,
    Registration,
    TargetGroup,
    TargetRule,
)
from campaigns.models.endorsement import host_of, name_key
from contacts.clock import now, today
from contacts.models import (
    Chamber,
    ContactPoint,
    Division,
    Job,
    JobPart,
    Jurisdiction,
    Legislator,
    Membership,
    Office,
    Organization,
    Post,
    PostalArea,
    Recess,
    Residence,
    Role,
    Supporter,
    Tag,
    Tagging,
    User,
)
from policy.importers.indicators_csv import first_day
from policy.models import (
    Evidence,
    Indicator,
    IndicatorValue,
    Issue,
    Measure,
    MeasureDate,
    MeasureEvent,
    MeasureImport,
    MeasurePosition,
    Myth,
    RelatedMeasure,
    Resource,
    Sponsorship,
    Stance,
    Toolkit,
)
from policy.words import digest

PASSWORD = "correct horse battery staple"
DAY_ONE = datetime(2026, 1, 5, tzinfo=UTC)


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Harbour Coalition {n}")
    slug = factory.Sequence(lambda n: f"harbour-{n}")
    email = factory.LazyAttribute(lambda o: f"hello@{o.slug}.example")
    mail_domain = factory.LazyAttribute(lambda o: f"{o.slug}.example")
    postal_address = "1 Quay Street\nHarbour Town"
    country = "zz"
    created_at = factory.LazyFunction(now)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@staff.example")
    name = factory.Sequence(lambda n: f"Robin Person {n}")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save()


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    name = "organizer"
    created_at = factory.LazyFunction(now)


class DivisionFactory(DjangoModelFactory):
    class Meta:
        model = Division

    ocd_id = factory.Sequence(lambda n: f"ocd-division/country:zz/district:{n}")
    name = factory.Sequence(lambda n: f"District {n}")
    level = "regional"
    country = "zz"


class JurisdictionFactory(DjangoModelFactory):
    class Meta:
        model = Jurisdiction

    ocd_id = factory.Sequence(lambda n: f"ocd-jurisdiction/country:zz/place:{n}/government")
    name = factory.Sequence(lambda n: f"Assembly of Place {n}")
    division = factory.SubFactory(DivisionFactory)
    level = "regional"
    time_zone = "UTC"


class ChamberFactory(DjangoModelFactory):
    class Meta:
        model = Chamber

    jurisdiction = factory.SubFactory(JurisdictionFactory)
    kind = "lower"
    code = factory.Sequence(lambda n: f"lower-{n}")
    name = "House"


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    chamber = factory.SubFactory(ChamberFactory)
    division = factory.SubFactory(DivisionFactory)
    role = "Representative"
    label = factory.LazyAttribute(lambda o: f"Representative for {o.division.name}")


class LegislatorFactory(DjangoModelFactory):
    class Meta:
        model = Legislator

    name = factory.Sequence(lambda n: f"Kim Legislator {n}")
    family_name = factory.Sequence(lambda n: f"Legislator {n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    legislator = factory.SubFactory(LegislatorFactory)
    post = factory.SubFactory(PostFactory)
    chamber = factory.LazyAttribute(lambda o: o.post.chamber)
    role = "Representative"
    party = "Unity"
    start_on = DAY_ONE.date()


class RecessFactory(DjangoModelFactory):
    class Meta:
        model = Recess

    organization = factory.SubFactory(OrganizationFactory)
    chamber = factory.SubFactory(ChamberFactory)
    starts_on = factory.LazyFunction(lambda: now().date() + timedelta(days=3))
    ends_on = factory.LazyAttribute(lambda o: o.starts_on + timedelta(days=6))
    name = factory.Sequence("Recess {}".format)


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office

    legislator = factory.SubFactory(LegislatorFactory)
    kind = "capitol"
    key = "capitol"


class ContactPointFactory(DjangoModelFactory):
    class Meta:
        model = ContactPoint

    office = factory.SubFactory(OfficeFactory)
    kind = "email"
    value = factory.Sequence(lambda n: f"office{n}@assembly.example")


class PostalAreaFactory(DjangoModelFactory):
    class Meta:
        model = PostalArea

    country = "zz"
    code = factory.Sequence(lambda n: f"{10000 + n}")
    division = factory.SubFactory(DivisionFactory)


class IssueFactory(DjangoModelFactory):
    class Meta:
        model = Issue

    organization = factory.SubFactory(OrganizationFactory)
    title = factory.Sequence(lambda n: f"Waiting times {n}")
    slug = factory.Sequence(lambda n: f"waiting-times-{n}")
    summary = "People wait too long for help."
    created_at = factory.LazyFunction(now)


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    organization = factory.LazyAttribute(lambda o: o.issue.organization)
    issue = factory.SubFactory(IssueFactory)
    jurisdiction = factory.SubFactory(JurisdictionFactory)
    kind = "bill"
    identifier = factory.Sequence(lambda n: f"HB {n}")
    title = "Care within four weeks"
    created_at = factory.LazyFunction(now)


class MeasureEventFactory(DjangoModelFactory):
    class Meta:
        model = MeasureEvent

    measure = factory.SubFactory(MeasureFactory)
    kind = "introduced"
    on = DAY_ONE.date()
    source_url = "https://assembly.example/bill"
    recorded_at = factory.LazyFunction(now)


class MeasureDateFactory(DjangoModelFactory):
    class Meta:
        model = MeasureDate

    measure = factory.SubFactory(MeasureFactory)
    kind = "hearing"
    on = factory.LazyFunction(lambda: now().date() + timedelta(days=7))
    starts_at = time(10)
    time_zone = "UTC"
    created_at = factory.LazyFunction(now)
    changed_at = factory.LazyFunction(now)


class MeasureImportFactory(DjangoModelFactory):
    class Meta:
        model = MeasureImport

    organization = factory.SubFactory(OrganizationFactory)
    source = "csv"
    name = "measures.csv"
    data = b"jurisdiction,number,title\n"
    created_at = factory.LazyFunction(now)


class SponsorshipFactory(DjangoModelFactory):
    class Meta:
        model = Sponsorship

    measure = factory.SubFactory(MeasureFactory)
    name = factory.Sequence(lambda n: f"Sam Sponsor {n}")
    recorded_at = factory.LazyFunction(now)


class RelatedMeasureFactory(DjangoModelFactory):
    class Meta:
        model = RelatedMeasure

    measure = factory.SubFactory(MeasureFactory)
    other = factory.LazyAttribute(lambda o: MeasureFactory(issue=o.measure.issue))
    kind = "companion"


class MeasurePositionFactory(DjangoModelFactory):
    class Meta:
        model = MeasurePosition

    measure = factory.SubFactory(MeasureFactory)
    position = "support"
    on = DAY_ONE.date()
    recorded_at = factory.LazyFunction(now)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    organization = factory.LazyAttribute(lambda o: o.issue.organization)
    issue = factory.SubFactory(IssueFactory)
    key = factory.Sequence(lambda n: f"waiting-{n}")
    claim = "People wait for a first appointment"
    figure = "41"
    unit = "days"
    source_title = "Example survey"
    source_url = "https://survey.example.org/"
    published_on = DAY_ONE.date()
    retrieved_on = DAY_ONE.date()
    is_example = True


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    organization = factory.SubFactory(OrganizationFactory)
    key = factory.Sequence(lambda n: f"waiting-{n}")
    name = factory.Sequence(lambda n: f"Days to a first appointment {n}")
    unit = "days"
    created_at = factory.LazyFunction(now)


class IndicatorValueFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorValue

    indicator = factory.SubFactory(IndicatorFactory)
    division = factory.SubFactory(DivisionFactory)
    period = "2025"
    starts_on = factory.LazyAttribute(lambda o: first_day(o.period))
    value = Decimal("41")
    source = "Health survey"
    imported_at = factory.LazyFunction(now)


class ResourceFactory(DjangoModelFactory):
    class Meta:
        model = Resource

    organization = factory.SubFactory(OrganizationFactory)
    kind = "helpline"
    name = "Night Line"
    phone = "000 111"
    verified_on = factory.LazyAttribute(lambda o: today())
    recorded_on = factory.LazyAttribute(lambda o: max(today(), o.verified_on or today()))


class StanceFactory(DjangoModelFactory):
    class Meta:
        model = Stance

    measure = factory.SubFactory(MeasureFactory)
    organization = factory.LazyAttribute(lambda o: o.measure.organization)
    legislator = factory.SubFactory(LegislatorFactory)
    level = 3
    on = DAY_ONE.date()
    evidence = "Said so at a hearing"
    recorded_at = factory.LazyFunction(now)


def seats(chamber, levels, measure=None, party="Unity"):
    """A member for each level in `levels` (None: nothing known), seated in the chamber; gives their memberships."""
    sitting = []
    for level in levels:
        seat = MembershipFactory(post__chamber=chamber, party=party)
        if level is not None:
            StanceFactory(measure=measure, legislator=seat.legislator, level=level)
        sitting.append(seat)
    return sitting


class CampaignFactory(DjangoModelFactory):
    """A campaign that is open and no longer in test mode."""

    class Meta:
        model = Campaign

    organization = factory.SubFactory(OrganizationFactory)
    issue = factory.SubFactory(IssueFactory, organization=factory.SelfAttribute("..organization"))
    measure = factory.SubFactory(MeasureFactory, issue=factory.SelfAttribute("..issue"))
    slug = factory.Sequence(lambda n: f"care-{n}")
    title = "Care within four weeks"
    ask = "Vote for care within four weeks"
    why = "Waiting makes people **worse**."
    goal = 100
    editing_minutes = 0
    state = "open"
    is_test = False
    opened_at = factory.LazyFunction(now)
    created_at = factory.LazyFunction(now)


class CampaignTranslationFactory(DjangoModelFactory):
    """A campaign's page in Spanish, all of it, and made from what the campaign says now."""

    class Meta:
        model = CampaignTranslation

    campaign = factory.SubFactory(CampaignFactory)
    language = "es"
    title = "Atención en cuatro semanas"
    ask = "Vote por la atención en cuatro semanas"
    why = "Esperar **empeora** a la gente."
    made_from = factory.LazyAttribute(
        lambda one: {name: digest(getattr(one.campaign, name)) for name in Campaign.to_translate}
    )
    changed_at = factory.LazyFunction(now)


class CampaignUpdateFactory(DjangoModelFactory):
    """News that is a draft."""

    class Meta:
        model = CampaignUpdate

    campaign = factory.SubFactory(CampaignFactory)
    title = factory.Sequence(lambda n: f"The committee has met {n}")
    text = "It voted for care within four weeks."
    created_at = factory.LazyFunction(now)


class OutcomeFactory(DjangoModelFactory):
    """What came of a closed campaign, published."""

    class Meta:
        model = Outcome

    campaign = factory.SubFactory(CampaignFactory, state="closed", closed_at=factory.LazyFunction(now))
    result = "won"
    headline = "Care within four weeks is law"
    changed = "The act passed by 31 to 18."
    on = factory.LazyFunction(today)
    created_at = factory.LazyFunction(now)
    published_at = factory.LazyFunction(now)


class TargetGroupFactory(DjangoModelFactory):
    class Meta:
        model = TargetGroup

    campaign = factory.SubFactory(CampaignFactory)
    name = factory.Sequence(lambda n: f"Your representatives {n}")


class TargetRuleFactory(DjangoModelFactory):
    class Meta:
        model = TargetRule

    group = factory.SubFactory(TargetGroupFactory)
    kind = "my_representatives"
    chamber = factory.SubFactory(ChamberFactory)


class LetterVersionFactory(DjangoModelFactory):
    class Meta:
        model = LetterVersion

    group = factory.SubFactory(TargetGroupFactory)
    subject = "Please vote for {{measure}}"
    opening = "I live in {{city}} and write about {{measure}}."
    talking_points = "How long did you wait?\nWhat would have helped?"
    closing = "Please tell me how you will vote."


class DriveFactory(DjangoModelFactory):
    """A drive that is running now, around the clock."""

    class Meta:
        model = Drive

    campaign = factory.SubFactory(CampaignFactory)
    name = "First wave"
    state = "running"
    starts_at = factory.LazyFunction(lambda: now() - timedelta(hours=1))
    ends_at = factory.LazyFunction(lambda: now() + timedelta(days=14))
    weekdays = [0, 1, 2, 3, 4, 5, 6]
    opens = time(9)
    closes = time(17)
    all_day = True
    per_office_hour = 1000
    per_domain_hour = 100000
    per_site_hour = 100000
    created_at = factory.LazyFunction(now)


class SupporterFactory(DjangoModelFactory):
    class Meta:
        model = Supporter

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Ada Supporter {n}")
    email = factory.Sequence(lambda n: f"ada{n}@people.example")
    canonical_email = factory.LazyAttribute(lambda o: o.email)
    city = "Harbour Town"
    postal_code = "10101"
    country = "zz"
    created_at = factory.LazyFunction(now)


class ResidenceFactory(DjangoModelFactory):
    class Meta:
        model = Residence

    supporter = factory.SubFactory(SupporterFactory)
    division = factory.SubFactory(DivisionFactory)
    method = "postal code"
    matched_at = factory.LazyFunction(now)


class PartnershipFactory(DjangoModelFactory):
    """A partner that asks supporters whether it may write to them."""

    class Meta:
        model = Partnership

    campaign = factory.SubFactory(CampaignFactory)
    organization = factory.SubFactory(OrganizationFactory, is_partner_only=True)
    role = "Invites its members"
    sees_supporters = True
    terms = "What both of us do, and what becomes of the data of people."
    source_code = factory.Sequence(lambda n: f"partner-{n}")
    signed_name = "Robin Person"
    joined_at = factory.LazyFunction(now)


class PartnerInvitationFactory(DjangoModelFactory):
    class Meta:
        model = PartnerInvitation

    campaign = factory.SubFactory(CampaignFactory)
    organization_name = "Lantern Club"
    email = factory.Sequence(lambda n: f"chair{n}@lantern.example")
    role = "Invites its members"
    sees_supporters = True
    terms = "What both of us do, and what becomes of the data of people."
    created_at = factory.LazyFunction(now)
    expires_at = factory.LazyFunction(lambda: now() + timedelta(days=30))


class PartnerConsentFactory(DjangoModelFactory):
    """Somebody with a confirmed pledge in the campaign who chose the partner."""

    class Meta:
        model = PartnerConsent

    partnership = factory.SubFactory(PartnershipFactory)
    supporter = factory.LazyAttribute(lambda o: PledgeFactory(campaign=o.partnership.campaign).supporter)
    given = True
    text = "It may write to me."
    text_version = "1"
    language = "en"
    source = "page of the campaign"
    at = factory.LazyFunction(now)


class PledgeFactory(DjangoModelFactory):
    """A confirmed pledge."""

    class Meta:
        model = Pledge

    campaign = factory.SubFactory(CampaignFactory)
    supporter = factory.SubFactory(
        SupporterFactory, organization=factory.SelfAttribute("..campaign.organization")
    )
    state = "confirmed"
    held_for = factory.LazyAttribute(lambda pledge: "robot" if pledge.state == "held" else "")
    name = factory.LazyAttribute(lambda o: o.supporter.name if o.supporter else "Ada Supporter")
    # Nobody else's, whose numbers may be the same: one address is one person.
    email = factory.Sequence(lambda n: f"promised{n}@people.example")
    canonical_email = factory.LazyAttribute(lambda o: o.email)
    city = "Harbour Town"
    postal_code = "10101"
    country = "zz"
    send_untouched = True
    signed_at = factory.LazyFunction(now)
    confirmed_at = factory.LazyFunction(now)
    expires_at = factory.LazyFunction(lambda: now() + timedelta(days=7))


class LetterFactory(DjangoModelFactory):
    """A ready letter that may leave at once."""

    class Meta:
        model = Letter

    drive = factory.SubFactory(DriveFactory)
    pledge = factory.SubFactory(PledgeFactory, campaign=factory.SelfAttribute("..drive.campaign"))
    post = factory.SubFactory(PostFactory)
    version = factory.SubFactory(
        LetterVersionFactory,
        group=factory.SubFactory(TargetGroupFactory, campaign=factory.SelfAttribute("...drive.campaign")),
    )
    state = "ready"
    body = "Please vote for it."
    created_at = factory.LazyFunction(now)
    not_before = factory.LazyFunction(now)
    deadline = factory.LazyAttribute(lambda o: o.drive.ends_at)


@cache
def blank_page() -> bytes:
    """The smallest PDF there is."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


class PrintBatchFactory(DjangoModelFactory):
    """A batch that is made; its letters are not."""

    class Meta:
        model = PrintBatch

    drive = factory.SubFactory(DriveFactory)
    organization = factory.LazyAttribute(lambda o: o.drive.campaign.organization)
    post = factory.SubFactory(PostFactory)
    letter_count = 1
    page_count = 1
    paper = "a4"
    pdf = factory.LazyFunction(blank_page)
    manifest = "number"
    made_at = factory.LazyFunction(now)


class InboundMailFactory(DjangoModelFactory):
    """An office's answer to a letter, read and not judged."""

    class Meta:
        model = InboundMail

    letter = factory.SubFactory(LetterFactory, state="closed", sent_at=factory.LazyFunction(now))
    organization = factory.LazyAttribute(lambda o: o.letter.drive.campaign.organization)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    raw = b"Subject: Your letter\n\nI will think about it.\n"
    received_at = factory.LazyFunction(now)
    kind = "reply"
    state = "matched"
    matched_by = "reply address"
    sender = "kim@assembly.example"
    sender_name = "Office of Kim Example"
    subject = "Your letter"
    text = "I will think about it."


class OfficeQuestionFactory(DjangoModelFactory):
    class Meta:
        model = OfficeQuestion

    letter = factory.SubFactory(LetterFactory, state="settled", sent_at=factory.LazyFunction(now))
    asked_at = factory.LazyFunction(now)


def reachable(post=None, email="office@assembly.example"):
    """Put a legislator with a working mail address into a post; gives the post."""
    post = post or PostFactory()
    membership = MembershipFactory(post=post)
    ContactPointFactory(office=OfficeFactory(legislator=membership.legislator), value=email)
    return post


def campaign_with_targets(posts=3, **fields):
    """An open campaign that aims at the supporter's own representatives, with postal codes 20000, 20001 … for its districts."""
    campaign = CampaignFactory(**fields)
    chamber = ChamberFactory()
    group = TargetGroupFactory(campaign=campaign)
    TargetRuleFactory(group=group, chamber=chamber)
    LetterVersionFactory(group=group)
    for n in range(posts):
        division = DivisionFactory()
        PostalAreaFactory(code=str(20000 + n), division=division)
        reachable(PostFactory(chamber=chamber, division=division), f"office{n}@assembly.example")
    return campaign


class EventFactory(DjangoModelFactory):
    """An open workshop in three days, for an hour."""

    class Meta:
        model = Event

    organization = factory.SubFactory(OrganizationFactory)
    kind = "workshop"
    title = factory.Sequence("How to write to the assembly {}".format)
    slug = factory.Sequence("workshop-{}".format)
    summary = "An evening on letters that are read."
    starts_at = factory.LazyFunction(lambda: now() + timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=1))
    time_zone = "UTC"
    place = "Harbour Hall, 1 Quay Street"
    state = "open"
    created_at = factory.LazyFunction(now)
    changed_at = factory.LazyFunction(now)


class RegistrationFactory(DjangoModelFactory):
    """Somebody with a place, which is counted."""

    class Meta:
        model = Registration
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    state = "confirmed"
    name = factory.Sequence("Ada Guest {}".format)
    email = factory.Sequence("guest{}@people.example".format)
    canonical_email = factory.LazyAttribute(lambda o: o.email)
    registered_at = factory.LazyFunction(now)
    confirmed_at = factory.LazyFunction(now)

    @factory.post_generation
    def counted(self, create, extracted, **kwargs):
        if self.state in {"held", "offered", "confirmed"}:
            Event.objects.filter(pk=self.event_id).update(taken=F("taken") + 1)
            self.event.refresh_from_db()


class EndorsementFactory(DjangoModelFactory):
    """An organisation that stands; `png` is its logo."""

    class Meta:
        model = Endorsement

    class Params:
        png = None

    campaign = factory.SubFactory(CampaignFactory, state="open", is_test=False)
    state = "approved"
    name = factory.Sequence(lambda n: f"Organisation {n}")
    name_key = factory.LazyAttribute(lambda o: name_key(o.name))
    website = ""
    host = factory.LazyAttribute(lambda o: host_of(o.website))
    logo = factory.LazyAttribute(lambda o: o.png)
    logo_hash = factory.LazyAttribute(lambda o: hashlib.sha256(o.png).hexdigest() if o.png else "")
    contact_name = "Ines Calder"
    contact_email = factory.Sequence(lambda n: f"ines{n}@organisation.example")
    canonical_email = factory.LazyAttribute(lambda o: o.contact_email)
    asked_at = factory.LazyFunction(now)
    confirmed_at = factory.LazyFunction(now)
    decided_at = factory.LazyAttribute(lambda o: None if o.state in {"asked", "confirmed"} else now())


class MeetingReportFactory(DjangoModelFactory):
    class Meta:
        model = MeetingReport

    registration = factory.SubFactory(RegistrationFactory)
    event = factory.LazyAttribute(lambda o: o.registration.event)
    legislator = factory.SubFactory(LegislatorFactory)
    on = factory.LazyFunction(today)
    said = "supports"
    words = "Said yes, twice."
    at = factory.LazyFunction(now)


class MythFactory(DjangoModelFactory):
    class Meta:
        model = Myth

    evidence = factory.SubFactory(EvidenceFactory)
    issue = factory.LazyAttribute(lambda o: o.evidence.issue)
    myth = "Waiting does no harm."
    fact = "Who waits longer is ill longer."


class ToolkitFactory(DjangoModelFactory):
    class Meta:
        model = Toolkit

    issue = factory.SubFactory(IssueFactory)
    title = "Posters"
    language = "en"
    kind = "pdf"
    content = b"%PDF-1.7 posters"
    size = 16
    sha256 = factory.Sequence("{:064d}".format)
    added_at = factory.LazyFunction(now)


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("volunteer {}".format)
    created_at = factory.LazyFunction(now)


class TaggingFactory(DjangoModelFactory):
    class Meta:
        model = Tagging

    supporter = factory.SubFactory(SupporterFactory)
    tag = factory.SubFactory(TagFactory)
    at = factory.LazyFunction(now)


class JobFactory(DjangoModelFactory):
    """An export that is under way."""

    class Meta:
        model = Job

    organization = factory.SubFactory(OrganizationFactory)
    kind = "export"
    title = "Supporters"
    params = factory.LazyFunction(lambda: {"wanted": {}, "columns": ["name"], "format": "csv"})
    total = 100
    created_at = factory.LazyFunction(now)


class ImportJobFactory(JobFactory):
    """A list that was read, with a report, and waits for a person."""

    class Meta:
        model = Job
        skip_postgeneration_save = True

    kind = "import"
    state = "waiting"
    params = factory.LazyFunction(
        lambda: {"headings": ["email"], "columns": ["email"], "delimiter": ",", "begins_at": 6}
    )

    @factory.post_generation
    def parts(self, create, extracted, **kwargs):
        JobPart.objects.create(job=self, role="source", position=0, data=b"email\nada@people.example\n")
        JobPart.objects.create(job=self, role="report", position=0, data=b"Row\n")


def StoryFactory(organization, text="It took eleven weeks until somebody listened.", **fields):
    """A story that waits for its reviewer."""
    from campaigns.actions.stories import confirm_story, tell_story
    from campaigns.stories.consents import Agreed, in_years
    from campaigns.stories.content import Words
    from campaigns.stories.links import confirm_token

    words = Words(text=text, name="Marisol Quintero", email="marisol@people.example")
    agreed = Agreed("public", True, in_years(today(), 1))
    story = tell_story(organization=organization, words=words, agreed=agreed, **fields)
    return confirm_story(token=confirm_token(story))
