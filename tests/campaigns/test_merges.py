"""Two records of one person: suggested, side by side, joined without losing a pledge or letter, parted again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import duplicates, reports
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.pledges import Signing, sign_pledge
from campaigns.actions.supporters import never_write_again
from campaigns.links import confirm_token, manage_token
from campaigns.models import Letter, Pledge, SupporterMerge
from contacts import clock
from contacts.models import AuditEntry, Consent, Purpose, Supporter
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_supporter_imports import AGREED, counts, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def person(desk, email, name="Ada Lovelace", **fields):
    return make.SupporterFactory(
        organization=desk.organization, name=name, email=email, canonical_email=email, **fields
    )


def says(supporter, given, purpose="contact"):
    Consent.objects.create(
        supporter=supporter, purpose=purpose, given=given, text="Write to me", text_version="1", language="en",
        source="page", at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def two(desk):
    return person(desk, "ada@people.example"), person(desk, "ada@other.example", phone="555 0100")


def joined(desk, kept, gone):
    desk.post("supporter-merge", kept.pk, gone.pk)
    return SupporterMerge.objects.latest("created_at")


def test_going_back_to_compare_people_who_are_one_leads_to_the_one(desk, two):
    kept, gone = two
    joined(desk, kept, gone)
    for first, second in ((kept, gone), (gone, kept)):
        for ask in (desk.client.get, desk.client.post):
            answer = ask(desk.url("supporter-merge", first.pk, second.pk), follow=True)
            assert "They are one already." in words(answer)
            assert answer.redirect_chain[-1][0] == desk.url("supporter", kept.pk)
    assert desk.get("supporter-merge", gone.pk, gone.pk).status_code == 404
    assert desk.get("supporter-merge", kept.pk, make.SupporterFactory().pk).status_code == 404


def test_every_address_of_somebody_who_was_merged_leads_to_the_one_they_are_now(desk, two):
    kept, gone = two
    joined(desk, kept, gone)
    for name in ("supporter", "supporter-merge-with"):
        assert desk.get(name, gone.pk)["Location"] == desk.url(name, kept.pk)
    assert "The record you came for was merged into this one." in words(
        desk.client.get(desk.url("supporter", gone.pk), follow=True)
    )
    desk.post("supporter-tag", gone.pk, tag="Speaks well")
    assert kept.taggings.count() == 1 and not gone.taggings.exists()
    third = person(desk, "ada@third.example")
    for ask in (desk.client.get, desk.client.post):  # nothing is merged from a page that showed another
        answer = ask(desk.url("supporter-merge", third.pk, gone.pk))
        assert answer["Location"] == desk.url("supporter-merge", third.pk, kept.pk)
    assert SupporterMerge.objects.count() == 1


def test_the_old_address_of_somebody_merged_and_erased_or_of_another_organisation_is_not_found(desk, two):
    kept, gone = two
    joined(desk, kept, gone)
    other = make.SupporterFactory()
    make.SupporterFactory(organization=other.organization, merged_into=other)
    for stranger in Supporter.objects.filter(organization=other.organization):
        assert desk.get("supporter", stranger.pk).status_code == 404
    Supporter.objects.filter(pk=kept.pk).update(erased_at=clock.now())
    assert desk.get("supporter", gone.pk).status_code == 404
    assert desk.get("supporter-merge", gone.pk, kept.pk).status_code == 404


def test_records_that_may_be_one_person_are_suggested(desk):
    first = person(
        desk, "ada@people.example", postal_code="20001", created_at=clock.now() - timedelta(days=1)
    )
    person(desk, "a.lovelace@other.example", name="ADA LOVELACE", postal_code="20001")
    person(desk, "bea.smith@people.example", name="Bea Smith", postal_code="20002")
    person(desk, "bea.smith@other.example", name="Bea Smith", postal_code="20003")
    person(desk, "cy@people.example", name="Cy Young", postal_code="20004")
    make.SupporterFactory(name="Cy Young", postal_code="20004", email="cy@other.example")  # of somebody else
    person(desk, "dee@people.example", name="Ada Lovelace", postal_code="20001", erased_at=clock.now())
    found = desk.get("duplicate-list").context["suggestions"]
    # Two who came at the same moment stand in no order.
    assert [(one.why, sorted(who.name for who in one.people)) for one in found] == [
        ("place", ["ADA LOVELACE", "Ada Lovelace"]), ("mail", ["Bea Smith", "Bea Smith"]),
    ]  # fmt: skip
    joined(desk, first, Supporter.objects.get(name="ADA LOVELACE"))
    assert [one.people[0].name for one in desk.get("duplicate-list").context["suggestions"]] == ["Bea Smith"]


def test_nearly_the_same_name_at_one_postal_code_is_suggested_too(desk, monkeypatch):
    john = person(desk, "john@people.example", name="John Smith", postal_code="20001")
    jon = person(desk, "js@other.example", name="Jon Smith", postal_code="20001")
    person(
        desk, "james@people.example", name="James Smith", postal_code="20001"
    )  # of the same household, perhaps
    person(desk, "jon@other.example", name="Jon Smith", postal_code="20002")
    person(desk, "jon@people.example", name="Jon", postal_code="20001")
    person(desk, "jo@people.example", name="Jon Smythe", postal_code="20001")
    make.SupporterFactory(
        name="Johnn Smith", postal_code="20001", email="j@x.example", canonical_email="j@x.example"
    )
    page = desk.get("duplicate-list")
    # Two who came at the same moment stand in no order.
    [found] = page.context["suggestions"]
    assert (found.why, len(found.people), {*found.people}) == ("near", 2, {john, jon})
    assert "Nearly the same name, same postal code" in words(page)
    monkeypatch.setattr(duplicates, "MOST_PEOPLE", 5)
    assert desk.get("duplicate-list").context["suggestions"] == []


def test_twenty_suggestions_ask_as_much_as_one(desk):
    def grow(n):
        for _ in range(n):
            name = make.SupporterFactory(organization=desk.organization).name
            person(desk, f"{name.replace(' ', '.')}@other.example", name=name, postal_code="10101")
            near = f"Ada Supportter {name.rpartition(' ')[2]}"
            person(desk, f"{near.replace(' ', '.')}@near.example", name=near, postal_code="10101")

    grow(1)
    desk.get("duplicate-list")
    with CaptureQueriesContext(connection) as one:
        desk.get("duplicate-list")
    grow(19)
    with CaptureQueriesContext(connection) as twenty:
        assert len(desk.get("duplicate-list").context["suggestions"]) == 40
    assert len(one) == len(twenty)


def test_two_people_of_ones_own_choosing_are_found_compared_and_joined(desk):
    kept = person(desk, "john@people.example", name="John Smith")
    near = person(desk, "jon@other.example", name="Jon Smith", city="Millbeck")
    other = person(desk, "j.miller@people.example", name="Joan Miller")
    gone = person(desk, "j.smith@people.example", name="J. Smith", erased_at=clock.now())
    foreign = make.SupporterFactory(
        name="Jo Smith", email="jo@people.example", canonical_email="jo@people.example"
    )
    assert desk.url("supporter-merge-with", kept.pk) in desk.get("supporter", kept.pk).content.decode()
    page = desk.get("supporter-merge-with", kept.pk)
    assert list(page.context["page"]) == [near]  # at first those who are called the same
    for words_typed, found in (
        ("miller", [other]),
        ("j.miller@people.example", [other]),
        ("j", [near, other]),
        ("millbeck", [near]),
        ("jo@people", []),
        ("", []),
    ):
        page = desk.get("supporter-merge-with", kept.pk, q=words_typed)
        assert sorted(page.context["page"], key=lambda one: one.email) == sorted(
            found, key=lambda one: one.email
        ), words_typed
    comparison = desk.url("supporter-merge", kept.pk, near.pk) + "?from=person"
    assert comparison in desk.get("supporter-merge-with", kept.pk).content.decode()
    assert (
        desk.url("supporter-merge-with", kept.pk) in desk.client.get(comparison).content.decode()
    )  # the way back
    assert Supporter.objects.filter(merged_into=None, pk=near.pk).exists()
    assert "They are one now." in told(desk.client.post(comparison))
    assert Supporter.objects.get(pk=near.pk).merged_into == kept
    assert desk.get("supporter-merge-with", near.pk)["Location"] == desk.url("supporter-merge-with", kept.pk)
    assert desk.get("supporter-merge-with", gone.pk).status_code == 404
    assert desk.get("supporter-merge-with", foreign.pk).status_code == 404


def test_who_has_no_name_to_begin_with_is_searched_for_by_hand(desk):
    assert "Search for the other record" in desk.read(
        "supporter-merge-with", person(desk, "x@people.example", name="").pk
    )


def test_searching_for_the_other_record_asks_as_much_for_twenty_as_for_one(desk):
    kept = person(desk, "ada@people.example")

    def asked(n):
        for _ in range(n):
            person(desk, f"ada{Supporter.objects.count()}@people.example")
        with CaptureQueriesContext(connection) as queries:
            desk.get("supporter-merge-with", kept.pk)
        return len(queries)

    asked(1)
    assert asked(0) == asked(19)


def test_a_page_shows_both_and_what_would_happen(desk, two):
    kept, gone = two
    campaign = make.CampaignFactory(organization=desk.organization, title="Lunch for all")
    make.PledgeFactory(campaign=campaign, supporter=kept, confirmed_at=clock.now())
    make.PledgeFactory(campaign=campaign, supporter=gone, confirmed_at=clock.now() - timedelta(days=3))
    says(kept, True)
    says(gone, False)
    page = desk.read("supporter-merge", kept.pk, gone.pk)
    assert "“Lunch for all” was signed twice" in page and "“Contact me” becomes no" in page
    assert "Filled from the other one: phone." in page and "parted again for a day, not later" in page
    assert Supporter.objects.filter(merged_into=None).count() == 2


def test_no_pledge_and_no_letter_is_lost_and_the_older_counts(desk, two):
    kept, gone = two
    campaign = make.CampaignFactory(organization=desk.organization)
    other = make.CampaignFactory(organization=desk.organization)
    drive = make.DriveFactory(campaign=campaign)
    newer = make.PledgeFactory(campaign=campaign, supporter=kept, confirmed_at=clock.now())
    older = make.PledgeFactory(
        campaign=campaign, supporter=gone, confirmed_at=clock.now() - timedelta(days=3)
    )
    alone = make.PledgeFactory(campaign=other, supporter=gone)
    letters = {p.pk: make.LetterFactory(drive=drive, pledge=p) for p in (newer, older)}
    tag = make.TaggingFactory(supporter=gone, tag__organization=desk.organization).tag
    merge = joined(desk, kept, gone)
    states = dict(Pledge.objects.values_list("pk", "state"))
    assert states == {newer.pk: "invalidated", older.pk: "confirmed", alone.pk: "confirmed"}
    assert set(Pledge.objects.values_list("supporter", flat=True)) == {kept.pk}
    assert newer.history.last().reason == "the same person had signed before"
    held = dict(Letter.objects.values_list("pk", "state"))
    assert held == {letters[newer.pk].pk: "held", letters[older.pk].pk: "ready"}
    assert reports.campaign_numbers(campaign).people == 1
    kept.refresh_from_db()
    assert kept.phone == "555 0100" and kept.taggings.get().tag == tag
    assert desk.get("supporter", gone.pk)["Location"] == desk.url("supporter", kept.pk)
    assert [p.pk for p in desk.get("supporter-list").context["page"]] == [kept.pk]
    # And back.
    assert "They are two again." in told(desk.post("merge-undo", merge.pk))
    assert dict(Pledge.objects.values_list("pk", "supporter")) == {
        newer.pk: kept.pk,
        older.pk: gone.pk,
        alone.pk: gone.pk,
    }
    assert set(Pledge.objects.values_list("state", flat=True)) == {"confirmed"}
    assert set(Letter.objects.values_list("state", "note")) == {("ready", "")}
    kept.refresh_from_db()
    assert kept.phone == "" and not kept.taggings.exists()
    assert [e.verb for e in AuditEntry.objects.order_by("pk")] == ["merge supporters", "part supporters"]


@pytest.mark.parametrize(
    ("mine", "theirs", "after"),
    [
        (True, False, False),
        (True, None, True),
        (None, True, False),
        (False, True, False),
        (None, False, False),
        (True, True, True),
    ],
)
def test_the_stricter_word_holds(desk, two, mine, theirs, after):
    kept, gone = two
    for supporter, given in ((kept, mine), (gone, theirs)):
        if given is not None:
            says(supporter, given)
    before = Consent.objects.count()
    merge = joined(desk, kept, gone)
    assert Consent.objects.in_force(kept, Purpose.CONTACT) is after
    desk.post("merge-undo", merge.pk)
    assert Consent.objects.count() == before


def test_who_signs_by_the_other_address_is_the_one_person(desk, two):
    kept, gone = two
    joined(desk, kept, gone)
    campaign = make.campaign_with_targets(posts=1, organization=desk.organization)
    signing = Signing(name="Ada", email=gone.email, postal_code="20000", country="zz")
    pledge = confirm_pledge(token=confirm_token(sign_pledge(campaign=campaign, signing=signing)))
    assert pledge.supporter == kept


def test_a_list_with_the_other_address_is_the_one_person(desk, two):
    kept, gone = two
    joined(desk, kept, gone)
    job = imported(
        desk,
        f"name,email\nAda B,{gone.email}\nBea,bea@people.example\n",
        tags="fair",
        replaces="on",
        **AGREED,
    )
    assert counts(job) == {"created": 1, "unchanged": 1}
    assert kept.taggings.count() == 1 and Consent.objects.in_force(kept, Purpose.CONTACT)
    gone.refresh_from_db()
    assert gone.name == "Ada Lovelace" and not gone.consents.exists()


def test_a_stop_for_an_address_survives_a_merge(desk, two):
    kept, gone = two
    never_write_again(canonical=kept.canonical_email)
    joined(desk, kept, gone)
    imported(desk, f"name,email\nAda,{kept.email}\n", **AGREED)
    assert not Consent.objects.in_force(kept, Purpose.CONTACT)


def test_a_merge_can_be_taken_back_for_a_day_and_once(desk, two):
    merge = joined(desk, *two)
    assert "Part them again" in desk.read("duplicate-list")
    clock.move(timedelta(days=1, minutes=1))
    assert "Part them again" not in desk.read("duplicate-list")
    assert "for a day" in told(desk.post("merge-undo", merge.pk))
    assert Supporter.objects.filter(merged_into=None).count() == 1


def test_three_records_become_one_and_come_apart_in_order(desk, two):
    first, second = two
    third = person(desk, "ada@third.example")
    one = joined(desk, second, third)
    two_merge = joined(desk, first, second)
    assert set(Supporter.objects.exclude(merged_into=None).values_list("merged_into", flat=True)) == {
        first.pk
    }
    assert "merged again meanwhile" in told(desk.post("merge-undo", one.pk))
    desk.post("merge-undo", two_merge.pk)
    assert "They are two again." in told(desk.post("merge-undo", one.pk))
    assert Supporter.objects.filter(merged_into=None).count() == 3


def test_what_is_merged_or_erased_already_is_not_merged_again(desk, two):
    kept, gone = two
    joined(desk, kept, gone)
    assert "They are one already." in told(desk.post("supporter-merge", kept.pk, gone.pk))
    assert desk.get("supporter-merge", kept.pk, kept.pk).status_code == 404
    erased = person(desk, "dee@people.example", erased_at=clock.now())
    assert desk.post("supporter-merge", kept.pk, erased.pk).status_code == 404
    assert SupporterMerge.objects.count() == 1


def test_records_of_others_are_out_of_reach(client, desk, two):
    kept, gone = two
    foreign = make.SupporterFactory()
    assert desk.get("supporter-merge", kept.pk, foreign.pk).status_code == 404
    assert desk.post("supporter-merge", foreign.pk, kept.pk).status_code == 404
    merge = joined(desk, kept, gone)
    stranger = Desk(client, role="owner")
    assert stranger.post("merge-undo", merge.pk).status_code == 404
    staff = Desk(client, desk.organization, "staff")
    assert staff.get("duplicate-list").status_code == staff.post("merge-undo", merge.pk).status_code == 403
    assert "Ada" not in words(stranger.get("duplicate-list"))


def test_erasing_reaches_what_was_merged_tags_and_files(client, desk, two):
    kept, gone = two
    campaign = make.CampaignFactory(organization=desk.organization)
    pledge = make.PledgeFactory(
        campaign=campaign, supporter=kept, email=kept.email, canonical_email=kept.canonical_email
    )
    make.TaggingFactory(supporter=kept, tag__organization=desk.organization)
    joined(desk, kept, gone)
    answer = desk.client.post(desk.url("supporter-export"), {"format": "csv", "columns": ["name", "email"]})
    client.post(f"/p/{manage_token(pledge)}/erase/", {"sure": "1"})
    assert set(Supporter.objects.values_list("name", "email", "phone")) == {("", "", "")}
    assert not kept.taggings.exists() and "until somebody in it had their data erased" in words(
        desk.client.get(answer.url)
    )
    rows = f"name,email\nAda,{kept.email}\nAda,{gone.email}\nBea,bea@people.example\n"
    assert counts(imported(desk, rows, **AGREED)) == {"created": 1, "refused": 2}
    assert Supporter.objects.filter(erased_at=None).get().name == "Bea"


def test_an_erased_person_is_not_parted(client, desk, two):
    kept, gone = two
    campaign = make.CampaignFactory(organization=desk.organization)
    pledges = [
        make.PledgeFactory(
            campaign=campaign, supporter=one, email=one.email, canonical_email=one.canonical_email
        )
        for one in two
    ]
    merge = joined(desk, kept, gone)
    client.post(f"/p/{manage_token(pledges[0])}/erase/", {"sure": "1"})
    assert "had their data erased" in told(desk.post("merge-undo", merge.pk))
    assert not Pledge.objects.filter(state="confirmed").exists()


def test_erasing_reaches_what_was_not_confirmed_by_the_other_address(client, desk, two):
    kept, gone = two
    campaign = make.campaign_with_targets(posts=1, organization=desk.organization)
    pledge = make.PledgeFactory(
        campaign__organization=desk.organization, supporter=kept, email=kept.email, canonical_email=kept.email
    )
    sign_pledge(
        campaign=campaign, signing=Signing(name="Ada", email=gone.email, postal_code="20000", country="zz")
    )
    joined(desk, kept, gone)
    client.post(f"/p/{manage_token(pledge)}/erase/", {"sure": "1"})
    assert set(Pledge.objects.values_list("name", "email")) == {("", "")}


def test_who_confirms_by_the_other_address_does_not_count_twice_nor_write_twice(client, desk, two):
    kept, gone = two
    campaign = make.campaign_with_targets(posts=1, organization=desk.organization)
    make.DriveFactory(campaign=campaign)
    made = [
        sign_pledge(
            campaign=campaign, signing=Signing(name="Ada", email=one.email, postal_code="20000", country="zz")
        )
        for one in two
    ]
    joined(desk, kept, gone)
    for pledge in made:
        client.post(f"/p/{confirm_token(pledge)}/confirm/")
    assert dict(Pledge.objects.values_list("pk", "state")) == {
        made[0].pk: "confirmed", made[1].pk: "invalidated",
    }  # fmt: skip
    assert made[1].history.last().reason == "the same person had signed before"
    assert set(Letter.objects.values_list("pledge", flat=True)) <= {made[0].pk}
    assert reports.campaign_numbers(campaign).people == 1


def test_a_no_since_the_merge_holds_for_both_and_only_homes_that_moved_go_back(desk, two):
    kept, gone = two
    says(gone, True)
    make.ResidenceFactory(supporter=gone)
    merge = joined(desk, kept, gone)
    kept.residences.all().delete()
    new = make.ResidenceFactory(supporter=kept)  # where they said they live since
    says(kept, False)
    desk.post("merge-undo", merge.pk)
    assert not Consent.objects.in_force(gone, Purpose.CONTACT)
    assert list(kept.residences.all()) == [new] and not gone.residences.exists()
