"""Who may write to a supporter: chosen partner by partner, never asked for a letter, changed and taken back at will."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions.merges import merge_supporters, part_supporters
from campaigns.actions.supporters import never_write_again
from campaigns.delivery import outbox
from campaigns.models import Letter, PartnerConsent, Partnership, Pledge, PledgeState
from campaigns.models.moves import move
from contacts import clock, lookups
from contacts.models import Consent, PostalArea, Supporter
from tests.campaigns.api import is_problem
from tests.campaigns.api import sign as call_sign
from tests.campaigns.partners import box, confirm, joint, partner, sees, text
from tests.campaigns.visitor import entries, left_ticked, link_in, page_link_in, sign, url
from tests.factories import (
    PartnershipFactory,
    PostalAreaFactory,
    RoleFactory,
    UserFactory,
    campaign_with_targets,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return joint()


def signed_for(client, mailoutbox, campaign, *partners, **changes):
    answer = sign(client, campaign, **{box(one): "on" for one in partners}, **changes)
    assert answer.status_code == 302
    return confirm(client, mailoutbox)


def test_each_partner_has_a_box_of_its_own_and_none_is_ticked(client, campaign, harbour, lantern):
    partner(campaign, "Numbers Only", "numbers", sees_supporters=False)
    partner(campaign, "Gone Away", "gone", left_at=clock.now() + timedelta(seconds=1))
    partner(campaign, "Run Out", "out", until=clock.today() - timedelta(days=1))
    page = text(client.get(url(campaign)))
    form = page[page.index("Who may write to you") : page.index("</fieldset>")]
    assert "Your letter goes out whether or not you tick any of these" in form
    for name in ("Harbour Voices", "Lantern Youth", "Quay Coalition"):
        assert f"{name} may write to me about this campaign and others like it." in form
    assert 'href="https://harbour.example.org/privacy/"' in form and "checked" not in form
    assert form.count('type="checkbox"') == 3


def test_without_partners_the_form_is_as_it_was(client, campaign):
    page = text(client.get(url(campaign)))
    assert "Who may write to you" not in page
    assert "You may write to me about this campaign and others like it." in page


def test_who_chooses_one_partner_is_seen_by_that_one_only(client, mailoutbox, campaign, harbour, lantern):
    sign(client, campaign, **{box(harbour): "on"})
    assert sees(harbour) == []  # not before they confirm
    confirm(client, mailoutbox)
    assert (sees(harbour), sees(lantern)) == (["ada@people.example"], [])
    said = PartnerConsent.objects.get()
    assert said.text == "Harbour Voices may write to me about this campaign and others like it."
    assert (said.text_version, said.language, said.source) == ("1", "en", f"campaign {campaign.pk}")
    contact = Consent.objects.get(purpose="contact")
    assert not contact.given and contact.text.startswith("Quay Coalition may write to me")


def test_the_letter_goes_without_any_partner(client, mailoutbox, campaign, harbour):
    signed_for(client, mailoutbox, campaign)
    assert Letter.objects.count() == 1 and Pledge.objects.counted().count() == 1
    assert not PartnerConsent.objects.exists() and sees(harbour) == []


def test_the_words_are_kept_in_the_language_in_which_they_were_read(client, mailoutbox, campaign, harbour):
    client.cookies["language"] = "es"
    page = client.get(url(campaign), headers={"accept-language": "es"})
    assert "Harbour Voices puede escribirme" in text(page)
    data = entries(client, campaign, language="es", **{box(harbour): "on"})
    client.post(url(campaign, "sign/"), data, headers={"accept-language": "fr"})
    confirm(client, mailoutbox)
    said = PartnerConsent.objects.get()
    assert said.language == "es" and said.text.startswith("Harbour Voices puede escribirme")


def test_a_form_that_has_to_be_mended_keeps_what_was_ticked(client, campaign, harbour):
    page = client.post(url(campaign, "sign/"), entries(client, campaign, name="", **{box(harbour): "on"}))
    assert page.status_code == 422
    shown = text(page)
    assert "checked" in shown[shown.index(f'name="{box(harbour)}"') :][:300]


@pytest.mark.parametrize(
    "end",
    [{"left_at": True}, {"until": True}, {"sees_supporters": False}],
    ids=["left", "ran out", "asks not"],
)
@pytest.mark.parametrize("when", ["before it is sent", "before it is confirmed"])
def test_a_partner_that_ended_since_the_page_was_opened_is_left_out_and_the_pledge_counts(
    client, mailoutbox, campaign, harbour, lantern, end, when
):
    changes = {"left_at": clock.now(), "until": clock.today() - timedelta(days=1), "sees_supporters": False}
    data = entries(client, campaign, **{box(harbour): "on", box(lantern): "on"})
    ended = Partnership.objects.filter(pk=harbour.pk)
    if when == "before it is sent":
        ended.update(**{name: changes[name] for name in end})
    assert client.post(url(campaign, "sign/"), data).status_code == 302
    ended.update(**{name: changes[name] for name in end})
    confirm(client, mailoutbox)
    assert Pledge.objects.counted().count() == 1 and Letter.objects.count() == 1
    assert list(PartnerConsent.objects.values_list("partnership", flat=True)) == [lantern.pk]


def test_a_test_pledge_chooses_nobody(client, mailoutbox, campaign, harbour):
    campaign.is_test = True
    campaign.save()
    signed_for(client, mailoutbox, campaign, harbour)
    assert not PartnerConsent.objects.exists()


def test_a_form_inside_another_sites_page_asks_the_same(client, mailoutbox, campaign, harbour):
    frame = f"/embed/{campaign.organization.slug}/{campaign.slug}/"
    assert box(harbour) in text(client.get(frame))
    assert client.post(frame, entries(client, campaign, **{box(harbour): "on"})).status_code == 302
    confirm(client, mailoutbox)
    assert sees(harbour) == ["ada@people.example"]


def test_which_of_these_is_you_carries_the_choice_along(client, mailoutbox):
    campaign = campaign_with_targets(posts=2)
    harbour, lantern = partner(campaign), partner(campaign, "Lantern Youth", "lantern")
    second = PostalArea.objects.get(code="20001").division
    PostalAreaFactory(code="20000", division=second)
    page = sign(client, campaign, **{box(harbour): "on"})
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text(page)))
    place = re.search(r'type="radio" name="(place-[^"]+)"', text(page)).group(1)
    assert client.post(url(campaign, "sign/"), {**hidden, place: str(second.pk)}).status_code == 302
    confirm(client, mailoutbox)
    assert (sees(harbour), sees(lantern)) == (["ada@people.example"], [])


def test_the_api_offers_the_words_and_takes_codes(client, mailoutbox, campaign, harbour, lantern):
    gone = partner(campaign, "Gone Away", "gone")
    partner(campaign, "Numbers Only", "numbers", sees_supporters=False)
    offered = client.get(f"/api/v1/campaigns/{campaign.pk}/").json()
    words = {row["source_code"]: row["consent"] for row in offered["partners"]}
    assert words["harbour"] == "Harbour Voices may write to me about this campaign and others like it."
    assert words["numbers"] == ""
    assert offered["consents"][0]["text"].startswith("Quay Coalition may write to me")
    body = {"name": "Ada", "email": "ada@people.example", "postal_code": "20000"}
    Partnership.objects.filter(pk=gone.pk).update(left_at=clock.now())
    wrong = is_problem(call_sign(client, campaign, {**body, "consents": {"partners": ["harbor"]}}), 400)
    assert "harbor" in json.dumps(wrong["errors"]) and wrong["errors"][0]["pointer"].startswith("#/consents")
    answer = call_sign(
        client, campaign, {**body, "consents": {"partners": ["harbour", "gone"]}, "source_code": "harbour"}
    )
    assert answer.status_code == 202
    confirm(client, mailoutbox)
    assert (sees(harbour), sees(lantern), sees(gone)) == (["ada@people.example"], [], [])


def test_signing_asks_the_database_as_often_with_partners_as_without(
    client, mailoutbox, campaign, settings, django_assert_num_queries
):
    settings.KEPT_SECONDS = 60
    names = iter(range(100))

    def costs(**ticked):
        lookups.forget()
        sign(client, campaign, email=f"warm{next(names)}@people.example")
        data = entries(client, campaign, email=f"ada{next(names)}@people.example", **ticked)
        with CaptureQueriesContext(connection) as asked:
            assert client.post(url(campaign, "sign/"), data).status_code == 302
        outbox.send_due()
        link = link_in(mailoutbox[-1])
        boxes = left_ticked(client.get(link))
        with CaptureQueriesContext(connection) as confirming:
            client.post(link, boxes)
        return len(asked), len(confirming)

    costs()
    without = costs()
    five = [partner(campaign, f"Partner {n}", f"p-{n}") for n in range(5)]
    assert costs() == without
    # Who are still asking, and one row each, all at once.
    assert costs(**{box(one): "on" for one in five}) == (without[0], without[1] + 2)


# Whose yes it is ----------------------------------------------------------------------------------


def test_who_confirms_sees_what_a_stranger_ticked_for_them_and_takes_it_away(
    client, mailoutbox, campaign, harbour, lantern
):
    sign(client, campaign)
    clock.move(timedelta(minutes=11))
    sign(client, campaign, **{box(harbour): "on", box(lantern): "on"})  # somebody who knows her address
    outbox.send_due()
    link = link_in(mailoutbox[-1])
    page = text(client.get(link))
    form = page[page.index("Partners who may write to you") : page.index("Yes, confirm my pledge")]
    for name in ("Harbour Voices", "Lantern Youth"):
        assert f"{name} may write to me about this campaign and others like it." in form
    assert 'href="https://harbour.example.org/privacy/"' in form
    boxes = left_ticked(client.get(link))
    assert boxes == {box(harbour): "on", box(lantern): "on"}
    client.post(link, {box(lantern): "on"})
    assert (sees(harbour), sees(lantern)) == ([], ["ada@people.example"])
    assert PartnerConsent.objects.count() == 1 and Pledge.objects.counted().count() == 1


def test_a_button_pressed_without_the_boxes_lets_no_partner_write(client, mailoutbox, campaign, harbour):
    sign(client, campaign, **{box(harbour): "on"})
    outbox.send_due()
    client.post(link_in(mailoutbox[-1]))
    assert Pledge.objects.counted().count() == 1 and not PartnerConsent.objects.exists()


def test_nobody_is_chosen_where_it_is_confirmed_who_was_not_at_signing(
    client, mailoutbox, campaign, harbour, lantern
):
    gone = partner(campaign, "Gone Away", "gone")
    sign(client, campaign, **{box(harbour): "on", box(gone): "on"})
    Partnership.objects.filter(pk=gone.pk).update(left_at=clock.now())
    outbox.send_due()
    link = link_in(mailoutbox[-1])
    assert left_ticked(client.get(link)) == {box(harbour): "on"}
    client.post(link, {box(harbour): "on", box(lantern): "on", box(gone): "on", "partner-x": "on"})
    assert list(PartnerConsent.objects.values_list("partnership", flat=True)) == [harbour.pk]


def test_a_page_to_confirm_without_partners_asks_nothing(client, mailoutbox, campaign, harbour):
    sign(client, campaign)
    outbox.send_due()
    assert "Partners who may write to you" not in text(client.get(link_in(mailoutbox[-1])))


def test_words_of_another_language_are_said_to_be_of_it(client, mailoutbox, campaign, harbour):
    client.post(url(campaign, "sign/"), entries(client, campaign, language="es", **{box(harbour): "on"}))
    outbox.send_due()
    page = text(client.get(link_in(mailoutbox[-1]), headers={"accept-language": "en"}))
    assert "Harbour Voices puede escribirme" in page[page.index('<div lang="es">') :]


def test_no_yes_is_written_after_asking_never_to_be_written_to(client, mailoutbox, campaign, harbour):
    sign(client, campaign, **{box(harbour): "on"})
    outbox.send_due()
    link = link_in(mailoutbox[-1])
    opened = left_ticked(client.get(link))
    never_write_again(canonical="ada@people.example")
    assert left_ticked(client.get(link)) == {}
    client.post(link, opened)
    assert Pledge.objects.counted().count() == 1 and not PartnerConsent.objects.exists()


def test_no_partner_can_be_chosen_on_my_page_after_asking_never_to_be_written_to(
    client, mailoutbox, campaign, harbour
):
    mine = signed_for(client, mailoutbox, campaign)
    client.post(f"{mine}stop/", {"sure": "1"})
    assert box(harbour) not in text(client.get(f"{mine}mails/"))
    answer = client.post(f"{mine}mails/", {"ask": "on", box(harbour): "on"}, follow=True)
    assert "Nothing was changed" in text(answer) and not PartnerConsent.objects.exists()


def test_a_stopped_address_gets_no_partner_from_another_record_of_the_same_person(
    client, mailoutbox, campaign, harbour
):
    mine = signed_for(client, mailoutbox, campaign)
    client.post(f"{mine}stop/", {"sure": "1"})
    signed_for(client, mailoutbox, campaign, harbour, email="ada@other.example")
    kept, gone = (Supporter.objects.get(email=f"ada@{where}.example") for where in ("people", "other"))
    actor = UserFactory()
    merge = merge_supporters(kept=kept, gone=gone, actor=actor)
    assert sees(harbour) == [] and not kept.partner_consents.last_words().filter(given=True).exists()
    part_supporters(merge=merge, actor=actor)
    # The other address was never stopped, and chose for itself.
    assert sees(harbour) == ["ada@other.example"]


def test_whose_pledge_does_not_count_any_more_is_nothing_to_its_partners(
    client, mailoutbox, campaign, harbour
):
    signed_for(client, mailoutbox, campaign, harbour)
    assert sees(harbour) == ["ada@people.example"]
    move(Pledge.objects.get(), PledgeState.INVALIDATED, at=clock.now(), reason="no such person")
    assert sees(harbour) == []


# Afterwards ---------------------------------------------------------------------------------------


def test_on_my_page_each_partner_is_chosen_and_left_with_a_mail_that_says_so(
    client, mailoutbox, campaign, harbour, lantern
):
    mine = signed_for(client, mailoutbox, campaign, harbour)
    page = text(client.get(f"{mine}mails/"))
    assert "Partners who may write to me" in page and "Harbour Voices may no longer write to me" in page
    before = len(mailoutbox)
    client.post(f"{mine}mails/", {"ask": "on", box(lantern): "on"})
    assert (sees(harbour), sees(lantern)) == ([], ["ada@people.example"])
    outbox.send_due()
    assert len(mailoutbox) == before + 1
    client.post(f"{mine}mails/", {"ask": "on", box(lantern): "on"})
    outbox.send_due()
    assert len(mailoutbox) == before + 1 and PartnerConsent.objects.count() == 3  # nothing was said anew
    no = PartnerConsent.objects.get(given=False)
    assert (
        no.partnership == harbour and no.source == "their own page" and no.text.startswith("Harbour Voices")
    )


def test_one_press_takes_one_partner_back_and_changes_nothing_else(
    client, mailoutbox, campaign, harbour, lantern
):
    mine = signed_for(client, mailoutbox, campaign, harbour, lantern, contact="on")
    page = client.post(f"{mine}mails/", {"take_back": str(harbour.pk)}, follow=True)
    assert "Saved." in text(page)
    assert (sees(harbour), sees(lantern)) == ([], ["ada@people.example"])
    assert Consent.objects.filter(purpose="contact").count() == 1
    for stranger in ("nonsense", str(PartnershipFactory().pk)):
        assert "Nothing was changed" in text(
            client.post(f"{mine}mails/", {"take_back": stranger}, follow=True)
        )


def test_a_partner_that_left_is_said_to_have_no_access_and_cannot_be_chosen(
    client, mailoutbox, campaign, harbour
):
    mine = signed_for(client, mailoutbox, campaign, harbour)
    Partnership.objects.update(left_at=clock.now())
    page = text(client.get(f"{mine}mails/"))
    assert "Partners that have left" in page and "has no access to your data any more" in page
    assert box(harbour) not in page
    client.post(f"{mine}mails/", {"ask": "on", box(harbour): "on"})
    assert PartnerConsent.objects.count() == 1


def test_who_takes_the_pledge_back_is_nothing_to_its_partners(client, mailoutbox, campaign, harbour):
    mine = signed_for(client, mailoutbox, campaign, harbour)
    client.post(f"{mine}withdraw/", {"sure": "1"})
    assert Pledge.objects.get().state == "withdrawn" and sees(harbour) == []
    clock.move(timedelta(days=1))
    signed_for(client, mailoutbox, campaign)  # signed anew, with no box ticked
    assert Pledge.objects.get().state == "confirmed" and sees(harbour) == []


def test_who_wants_no_mail_at_all_gets_none_of_partners(client, mailoutbox, campaign, harbour):
    mine = signed_for(client, mailoutbox, campaign, harbour)
    client.post(f"{mine}stop/", {"sure": "1"})
    assert sees(harbour) == []


def test_nothing_said_to_partners_outlives_erasing(client, mailoutbox, campaign, harbour):
    mine = signed_for(client, mailoutbox, campaign, harbour)
    client.post(f"{mine}erase/", {"sure": "1"})
    assert not PartnerConsent.objects.exists() and Pledge.objects.get().consents == []


def test_what_was_said_to_partners_is_taken_along(client, mailoutbox, campaign, harbour):
    mine = signed_for(client, mailoutbox, campaign, harbour)
    with zipfile.ZipFile(io.BytesIO(client.post(f"{mine}data/").content)) as archive:
        [row] = json.loads(archive.read("everything.json"))["partners_you_chose"]
    assert (row["partner"], row["given"], row["campaign"]) == ("Harbour Voices", True, campaign.title)


def test_of_two_records_of_one_person_the_newer_word_holds_and_parting_gives_each_its_own(
    client, mailoutbox, campaign, harbour, lantern
):
    first = signed_for(client, mailoutbox, campaign, harbour)
    signed_for(client, mailoutbox, campaign, harbour, lantern, email="ada@other.example")
    client.post(f"{first}mails/", {"ask": "on"})  # no more of the harbour, by the first record
    kept, gone = (Supporter.objects.get(email=f"ada@{where}.example") for where in ("people", "other"))
    actor = UserFactory()
    merge = merge_supporters(kept=kept, gone=gone, actor=actor)
    assert (sees(harbour), sees(lantern)) == ([], ["ada@people.example"])
    client.post(f"{first}mails/", {"ask": "on"})  # and none of the lantern, since they are one
    assert sees(lantern) == []
    part_supporters(merge=merge, actor=actor)
    assert (sees(harbour), sees(lantern)) == (["ada@other.example"], [])


def test_the_link_mail_of_a_second_signature_leads_to_where_partners_are_chosen(
    client, mailoutbox, campaign, harbour
):
    signed_for(client, mailoutbox, campaign)
    clock.move(timedelta(days=1))
    sign(client, campaign, **{box(harbour): "on"})
    outbox.send_due()
    assert sees(harbour) == []  # one pledge a person: a second changes nothing by itself
    mine = page_link_in(mailoutbox[-1])
    assert box(harbour) in text(client.get(f"{mine}mails/"))


def test_staff_see_whom_somebody_chose(client, mailoutbox, campaign, harbour, lantern):
    signed_for(client, mailoutbox, campaign, harbour)
    client.force_login(RoleFactory(organization=campaign.organization, name="owner").user)
    person = Supporter.objects.get()
    page = text(client.get(f"/console/{campaign.organization.slug}/supporters/{person.pk}/"))
    assert "Harbour Voices</dt>" in page and "This partner may write to them" in page
    assert "Lantern Youth" not in page
