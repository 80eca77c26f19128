"""A whole drive's letters are the ones that each pledge alone would get."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions.drives import create_drive
from campaigns.letters import wave
from campaigns.letters.wave import write_letters_of_drive
from campaigns.letters.write import letters_of, name_holders, save_letters
from campaigns.models import Letter, LetterChange, LetterVersion, Pledge
from contacts.clock import now
from contacts.models import Membership
from tests import factories as make

pytestmark = pytest.mark.django_db

COMPARED = [
    field.attname for field in Letter._meta.concrete_fields if field.attname not in {"id", "created_at"}
]


def seat(chamber, division, **more):
    post = make.PostFactory(chamber=chamber, division=division, **more)
    make.MembershipFactory(post=post)
    return post


def version(group, language, opening, closing="See {{measure_title}}: {{ evidence:wait }}."):
    cited = {"evidence:wait": "41 days, not {{name}}'s"}
    return make.LetterVersionFactory(
        group=group, language=language, opening=opening, closing=closing, cited=cited
    )


def varied_campaign(*, with_targets_of_all=True):
    """Districts in states in a country; odd versions; groups without a text, without rules and without posts.

    Unless two groups have targets for everybody, two fallbacks are needed.
    """
    campaign = make.CampaignFactory(language="en", editing_minutes=45)
    country = make.DivisionFactory()
    states = [make.DivisionFactory(parent=country) for _ in range(2)]
    districts = [make.DivisionFactory(parent=states[n % 2]) for n in range(4)]
    lower, upper, committee, other = (make.ChamberFactory() for _ in range(4))
    seats = [seat(lower, district) for district in districts]
    senators = [seat(upper, state, seat=str(n)) for state in states for n in range(2)]
    head = seat(make.ChamberFactory(), country)
    elsewhere = make.PostFactory(chamber=other)  # nobody sits there
    member = seats[0].memberships.get().legislator
    Membership.objects.create(
        legislator=member, chamber=committee, role="Member", start_on=make.DAY_ONE.date()
    )

    def group(order, *rules, **more):
        made = make.TargetGroupFactory(campaign=campaign, order=order, **more)
        for kind, fields in rules:
            named = {"chamber": None} if kind == "fixed" else {}
            make.TargetRuleFactory(group=made, kind=kind, **named, **fields)
        return made

    if with_targets_of_all:
        committees = group(1, ("committee", {"chamber": committee}))
        version(committees, "en", "To the committee from {{ name }}, 100 % {{name}}'s own words.")
    mine = group(
        2,
        ("my_representatives", {"chamber": lower}),
        ("my_representatives", {"chamber": upper}),
        ("fixed", {"post": senators[3], "exclude": True}),
    )
    version(mine, "en", "  {{measure}} in {{city}} ({{postal_code}}) \n")
    version(mine, "es", "Desde {{city}}: {{measure}}, {{organisation}}.", closing="  ")
    if with_targets_of_all:
        undecided = group(3, ("undecided", {"chamber": upper}))
        version(
            undecided, "fr", "Chère élue, {{name}} écrit.", closing="{{unknown}} \\ %s 'quoted' {{ name }}"
        )
        group(4, ("fixed", {"post": head}))
    group(5, ("my_representatives", {"chamber": make.ChamberFactory()}))
    group(6)
    version(
        group(7, ("my_representatives", {"chamber": head.chamber}), is_fallback=True), "de", "", closing=""
    )
    version(group(8, ("fixed", {"post": elsewhere}), is_fallback=True), "en", "Only when nothing else.")
    return campaign, country, states, districts


def people(campaign, country, states, districts):
    """Pledges of people at every kind of place, in every language, with and without a city, tests and withdrawn ones."""
    homes = [[d] for d in districts] + [[states[0]], [country], [], [make.DivisionFactory()]]
    homes += [[districts[0], districts[1]], [districts[2], states[1], country]]
    cases = itertools.product(homes, ["en", "es", "fr", "xx"])
    made = []
    for n, (places, language) in enumerate(cases):
        pledge = make.PledgeFactory(
            campaign=campaign,
            language=language,
            name=f"Zoë {{{{city}}}} O'Neill {n}",
            city="" if n % 3 == 0 else f"Ørsta {n}",
            send_untouched=n % 4 != 0,
            is_test=n % 7 == 0,
        )
        for place in places:
            make.ResidenceFactory(supporter=pledge.supporter, division=place)
        made.append(pledge)
    # A household: two people at one mail address.
    make.PledgeFactory(
        campaign=campaign,
        supporter=made[0].supporter,
        email=made[0].email,
        canonical_email=made[0].canonical_email,
        name_key="second",
    )
    for state in ("pending", "withdrawn", "held", "expired"):
        stopped = make.PledgeFactory(campaign=campaign, state=state)
        make.ResidenceFactory(supporter=stopped.supporter, division=districts[0])
    return made


def as_rows(letters):
    rows = [tuple(getattr(letter, name) for name in COMPARED) for letter in letters]
    return sorted(rows, key=str)


def owed(campaign, drive, at):
    pledges = Pledge.objects.filter(campaign=campaign, state="confirmed")
    letters = [letter for pledge in pledges for letter in letters_of(pledge, drive, at)]
    name_holders(letters)
    return letters


@pytest.mark.parametrize(("portion", "with_targets_of_all"), [(7, True), (5000, False)])
def test_every_letter_of_a_drive_is_the_one_its_pledge_alone_would_get(
    monkeypatch, portion, with_targets_of_all
):
    monkeypatch.setattr(wave, "PORTION", portion)
    campaign, *places = varied_campaign(with_targets_of_all=with_targets_of_all)
    people(campaign, *places)
    # Somebody else's campaign with people of its own gets nothing.
    make.PledgeFactory(campaign=make.CampaignFactory(organization=campaign.organization))
    drive, at = make.DriveFactory(campaign=campaign), now()
    expected = owed(campaign, drive, at)
    assert len(expected) > 60
    assert len({letter.version_id for letter in expected}) == 4
    assert {letter.state for letter in expected} == {"draft", "ready"}

    assert write_letters_of_drive(drive, at) == len(expected)
    letters = Letter.objects.all()
    assert as_rows(letters) == as_rows(expected)
    assert {letter.created_at for letter in letters} == {at}
    first_rows = LetterChange.objects.values_list("letter", "from_state", "to_state", "reason", "actor", "at")
    assert sorted(first_rows) == sorted((x.pk, "", x.state, "", None, at) for x in letters)


def test_writing_again_adds_only_what_is_missing_and_leaves_edited_letters_alone():
    campaign, *places = varied_campaign()
    pledges = people(campaign, *places)
    drive, at = make.DriveFactory(campaign=campaign), now()
    save_letters(letters_of(pledges[0], drive, at))
    Letter.objects.update(body="My own words.", state="held")
    before = sorted(Letter.objects.values_list("pk", "body", "state"))
    assert before
    total = len(owed(campaign, drive, at))
    assert write_letters_of_drive(drive, at + timedelta(hours=1)) == total - len(before)
    assert sorted(Letter.objects.filter(state="held").values_list("pk", "body", "state")) == before
    assert write_letters_of_drive(drive, at + timedelta(hours=2)) == 0
    assert LetterChange.objects.count() == Letter.objects.count() == total


def test_a_worker_that_dies_between_two_portions_leaves_whole_pledges_and_the_next_goes_on(monkeypatch):
    monkeypatch.setattr(wave, "PORTION", 5)
    campaign, *places = varied_campaign(with_targets_of_all=False)
    people(campaign, *places)
    drive, at = make.DriveFactory(campaign=campaign), now()
    total = len(owed(campaign, drive, at))
    whole, portions = wave._Wave.write, []

    def dies_in_the_third(self, after, last):
        if len(portions) == 2:
            raise KeyboardInterrupt
        portions.append(whole(self, after, last))
        return portions[-1]

    monkeypatch.setattr(wave._Wave, "write", dies_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        write_letters_of_drive(drive, at)
    monkeypatch.setattr(wave._Wave, "write", whole)
    assert Letter.objects.count() == LetterChange.objects.count() == sum(portions) > 0
    assert write_letters_of_drive(drive, at) == total - sum(portions)
    assert as_rows(Letter.objects.all()) == as_rows(owed(campaign, drive, at))


def test_what_is_written_after_a_text_was_corrected_has_the_corrected_text(monkeypatch):
    monkeypatch.setattr(wave, "PORTION", 1)
    campaign = make.campaign_with_targets(posts=1)
    home = campaign.target_groups.get().rules.get().chamber.posts.get().division
    for _ in range(2):
        make.ResidenceFactory(supporter=make.PledgeFactory(campaign=campaign).supporter, division=home)
    whole = wave._Wave.write

    def corrects_after(self, after, last):
        count = whole(self, after, last)
        LetterVersion.objects.update(opening="Corrected.", closing="")
        return count

    monkeypatch.setattr(wave._Wave, "write", corrects_after)
    write_letters_of_drive(make.DriveFactory(campaign=campaign), now())
    bodies = Letter.objects.order_by("pledge").values_list("body", flat=True)
    assert bodies[0].startswith("I live in") and bodies[1] == "Corrected."


def test_a_drive_that_was_cancelled_meanwhile_gets_no_more_letters():
    campaign = make.campaign_with_targets(posts=1)
    home = campaign.target_groups.get().rules.get().chamber.posts.get().division
    pledge = make.PledgeFactory(campaign=campaign)
    make.ResidenceFactory(supporter=pledge.supporter, division=home)
    drive = make.DriveFactory(campaign=campaign, state="cancelled")
    assert write_letters_of_drive(drive, now()) == 0


def test_without_a_text_there_are_no_letters():
    campaign = make.CampaignFactory()
    make.PledgeFactory(campaign=campaign)
    drive = make.DriveFactory(campaign=campaign)
    assert write_letters_of_drive(drive, now()) == 0
    make.TargetRuleFactory(group__campaign=campaign)
    assert write_letters_of_drive(drive, now()) == 0


def test_a_new_drive_of_many_is_written_in_as_many_queries_as_one_of_few():
    def asked(count):
        campaign = make.campaign_with_targets(posts=2)
        homes = [post.division for post in campaign.target_groups.get().rules.get().chamber.posts.all()]
        for n in range(count):
            pledge = make.PledgeFactory(campaign=campaign)
            make.ResidenceFactory(supporter=pledge.supporter, division=homes[n % 2])
        fields = make.DriveFactory.build(campaign=campaign).__dict__
        names = ("name", "starts_at", "ends_at", "weekdays", "opens", "closes", "all_day")
        with CaptureQueriesContext(connection) as queries:
            drive = create_drive(campaign=campaign, actor=None, **{name: fields[name] for name in names})
        assert drive.letters.count() == count
        return len(queries)

    assert asked(1) == asked(40)
