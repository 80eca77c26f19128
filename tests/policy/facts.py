"""The facts of an invented campaign, as briefs get them. Every figure is an example."""

from datetime import UTC, date, datetime

from django.utils import translation

from policy.briefs.content import issue_brief, leave_behind
from policy.briefs.facts import (
    CampaignFacts,
    Decider,
    EvidenceFact,
    HelpFact,
    IssueFacts,
    LegislatorFacts,
    MeasureFact,
    PlaceCount,
)
from policy.briefs.html import Version
from policy.briefs.plain import content_hash
from policy.briefs.sections import Help, Milestone, Person, Quote, Sender, Source, Stand

LATE = "Adults waiting more than six weeks for a first appointment"


def source(key, title):
    return Source(
        f"evidence:{key}", title, f"https://stats.example/{key}", date(2026, 3, 1), date(2026, 10, 2), True
    )


EVIDENCE = (
    EvidenceFact(
        "of adults with a mental illness got no treatment last year", "54", "%", source("a", "Survey of care")
    ),
    EvidenceFact(
        "to the first appointment, at the median", "41", "days", source("b", "Register of waiting times")
    ),
    EvidenceFact("of crisis visits end without a follow-up", "38", "%", source("c", "Discharge data")),
    EvidenceFact(LATE, "47", "%", source("d", "Register by region"), "North Harbor County", "north"),
    EvidenceFact(LATE, "33", "%", source("d", "Register by region"), "Lakeland County", "lake"),
    EvidenceFact(LATE, "24", "%", source("e", "Register, national edition")),
)
MEASURE = MeasureFact(
    identifier="HB 2217",
    title="Mental Health Access Act",
    summary="The bill sets a longest wait of **14 days**.\n\n- A first appointment within 14 days\n- One number to call",
    reasons="A short wait is the cheapest treatment there is.",
    jurisdiction="State of Meridian",
    vote_on=date(2026, 12, 9),
    milestones=(
        Milestone(date(2026, 1, 14), "Introduced", "In the House", "url:record"),
        Milestone(date(2026, 10, 8), "Passed a chamber", "House, 61 to 38", "url:record"),
        Milestone(date(2026, 12, 9), "Vote expected", is_ahead=True),
    ),
    sources=(Source("url:record", "Record of HB 2217", "https://legislature.example/hb2217"),),
)
ISSUE = IssueFacts(
    title="Waiting for care",
    summary="People wait weeks for a first appointment; two weeks are within reach.",
    body="Most people get better with help, and most wait too long for it.\n\n## Three myths\n\n**“It costs too much.”** It does not.",
    measure=MEASURE,
    evidence=EVIDENCE,
    help=(
        HelpFact(
            Help(
                "Listening Line",
                "Free and confidential.",
                "0800 555 0142",
                "",
                "Day and night",
                "English",
                date(2026, 11, 1),
            )
        ),
        HelpFact(Help("Kin groups", "For families.", "", "https://kin.example.org")),
    ),
    facts_at=datetime(2026, 11, 2, tzinfo=UTC),
)
QUOTES = tuple(
    Quote(text, name, town, "consent 7, words 1")
    for text, name, town in [
        ("I waited nine weeks. By then I had lost the job I was trying to keep.", "Ada", "Harborview"),
        ("My son was sent home with a leaflet and a number that rang out.", "Bo", "Old Quay"),
        ("We could see twice as many people if the lists talked to each other.", "Imogen", "Millbrook"),
    ]
)
CAMPAIGN = CampaignFacts(
    series="campaign:1",
    title="Nobody should wait six weeks for help",
    ask="Vote yes on HB 2217 and bring it to the floor before the recess.",
    why="Because.",
    page_url="https://outspoken.example/c/a/b/",
    definition_url="https://outspoken.example/how-we-count/",
    is_test=False,
    people=1204,
    people_here=210,
    letters_accepted=486,
    letters_here=38,
    offices=7,
    places=(PlaceCount("Harborview", 120), PlaceCount("Old Quay", 78), PlaceCount("Other places", 12, True)),
    quotes=QUOTES,
    deciders=(
        Decider("Ada Quill", "Meridian House 4", "Civic", 5, "Champion"),
        Decider("Farid Ő. Şimşek", "Meridian House 18", "Civic", None, "Not known yet"),
    ),
    facts_at=datetime(2026, 11, 20, 15, 0, 5, tzinfo=UTC),
)
LEGISLATOR = LegislatorFacts(
    person=Person(
        name="Bruno Ortega-Lund",
        role="Representative",
        place="North Harbor 7",
        chamber="House of Representatives",
        party="Harbor",
        committees=("Health", "Finance"),
        stand=Stand(
            3, "Undecided", date(2026, 10, 30), "Wants to see the cost estimate first.", "url:courier"
        ),
    ),
    divisions=frozenset({"north"}),
    sources=(Source("url:courier", "Harborview Courier", "https://courier.example/1", date(2026, 10, 30)),),
    facts_at=datetime(2026, 10, 30, tzinfo=UTC),
)
SENDER = Sender(
    "Meridian Mental Health Coalition",
    website="https://coalition.example.org",
    email="policy@coalition.example.org",
    postal_address="12 Quay Street\nHarborview",
)


def a_leave_behind(*, language="en", paper="letter", campaign=CAMPAIGN, issue=ISSUE, legislator=LEGISLATOR):
    with translation.override(language):
        return leave_behind(
            campaign=campaign,
            issue=issue,
            legislator=legislator,
            sender=SENDER,
            language=language,
            paper=paper,
        )


def an_issue_brief(*, language="en", paper="letter", campaign=CAMPAIGN, issue=ISSUE):
    with translation.override(language):
        return issue_brief(campaign=campaign, issue=issue, sender=SENDER, language=language, paper=paper)


def version_of(document):
    digest = content_hash(document)
    return Version(digest, f"https://outspoken.example/briefs/{digest[:16]}/")
