"""Letters that are held or failed: grouped by cause with the remedy, and decided about many at once."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.delivery import dispatcher
from campaigns.delivery.causes import CAUSES, causes_of
from campaigns.delivery.owed import owe_news
from campaigns.links import manage_token
from campaigns.models import Drive, Letter, OutboxMail, Pledge
from campaigns.targets import holders
from campaigns.views.console import letters as letter_pages
from contacts import clock
from contacts.models import AuditEntry, ContactPoint, Membership
from tests import factories as make
from tests.campaigns.console import Desk, told, words
from tests.campaigns.test_channels import STREET, office, the

pytestmark = pytest.mark.django_db

DIED = "its worker died 5 times"
GONE = "550 5.1.1 User unknown"


@pytest.fixture
def drive(desk):
    return make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization))


def stopped(drive, n=1, state="held", note=DIED, post=None, **fields):
    version = make.LetterVersionFactory(group__campaign=drive.campaign)
    post = post or make.reachable()
    return [
        make.LetterFactory(drive=drive, post=post, version=version, state=state, note=note, **fields)
        for _ in range(n)
    ]


def links_of(page, piece):
    """Addresses on a page that have a piece of text in them."""
    return [
        html.unescape(url) for url in re.findall(r'href="([^"]+)"', page.content.decode()) if piece in url
    ]


def refused(drive, sink, **fields):
    """A letter whose office's only address does not exist, as a mail server says."""
    post = office(("email", "gone@assembly.example"))
    sink.refuse("gone@assembly.example", GONE)
    [letter] = stopped(drive, state="ready", note="", post=post, **fields)
    goes_on()
    assert the(letter).state == "failed"
    return the(letter)


def goes_on(sends=True):
    """An hour of ticks."""
    for _minute in range(60):
        dispatcher.prepare()
        if sends:
            dispatcher.send_window()
        clock.move(timedelta(minutes=1))


def decide(desk, decision, **query):
    """Press the button of the page that says what will happen; gives that page's words and what is told then."""
    url = desk.url("letters-move", decision)
    query = query if "one" in query else {**query, "all": "1"}
    page = desk.client.get(url, query)
    hidden = page.context["step"].hidden
    answer = desk.client.post(f"{url}?{page.wsgi_request.GET.urlencode()}", hidden)
    return words(page), told(answer)


def states(letters):
    return [the(letter).state for letter in letters]


def test_the_drives_page_groups_them_by_cause_with_the_remedy_and_a_link_to_exactly_those(desk, drive):
    stopped(drive, 2)
    stopped(drive, note="no working contact point")
    stopped(drive, 3, "failed", GONE)
    stopped(drive, 1, "failed", "4.2.2 Over quota")
    page = desk.get("drive", drive.pk)
    text = words(page)
    for row in (
        "No address of the office works Find an address that works, or say that one works again: they go on by "
        "themselves. Addresses that failed 1",
        "Sending it broke off again and again Tell whoever runs this installation. Released, they are tried again. 2",
        "The address does not exist Find an address that works. Each supporter has the text; you can send the "
        "letters there, too. Addresses that failed 3",
        "The office’s mailbox is full",
    ):
        assert row in text
    counted = [desk.client.get(url).context["page"].paginator.count for url in links_of(page, "cause=")]
    assert counted == [1, 2, 1, 3]


def test_what_would_be_held_again_at_once_is_not_offered_to_be_released(desk, drive):
    [letter] = stopped(drive, note="the office asked us to stop")
    page = desk.get("letter", letter.pk)
    holder = letter.post.memberships.get().legislator
    assert "Release it" not in words(page) and "may be written to again" in words(page)
    assert links_of(page, str(holder.pk)) == [desk.url("legislator", holder.pk)]
    listed = desk.client.get(desk.url("letter-list"), {"state": "held"})
    assert "Release the chosen" not in words(listed) and "Cancel the chosen" in words(listed)
    [other] = stopped(drive)
    assert "Release it" in desk.read("letter", other.pk)
    assert "Release the chosen" in words(desk.client.get(desk.url("letter-list"), {"state": "held"}))


def test_a_drive_of_which_nothing_is_stopped_has_no_such_table(desk, drive):
    stopped(drive, state="ready", note="")
    assert "Held or failed" not in desk.read("drive", drive.pk)


def test_staff_read_the_causes_and_get_no_list_of_letters(client, drive):
    stopped(drive)
    staff = Desk(client, drive.campaign.organization, "staff")
    assert "Sending it broke off" in staff.read("drive", drive.pk)
    assert links_of(staff.get("drive", drive.pk), "cause=") == []


@pytest.mark.parametrize(
    ("state", "note", "cause"),
    [
        ("held", "Kim Example has left office since this letter was written", "left-office"),
        ("held", "its pledge is not counted", "not-counted"),
        ("held", "the office asked us to stop", "asked-to-stop"),
        ("held", "no working contact point", "no-address"),
        ("held", "left after the backup was made: the relay's log has it as 4F2", "left-before"),
        ("held", "its worker died 5 times", "broke-off"),
        ("held", "the supporter could not send it through the office's form", "form"),
        ("held", "554 5.7.1 looks like spam", "refused"),
        ("held", "5.7.1 blocked", "refused"),
        ("held", "the office asks for more about the writer than we know", "asks-for-more"),
        ("held", "The office's postal address has too many lines for an envelope's window.", "other"),
        ("abandoned", "the answer was lost", "given-up"),
        ("failed", "put off for five days: 450 4.2.0 try later", "put-off"),
        ("failed", "552 5.2.2 mailbox full", "full"),
        ("failed", "5.0.0 the mailbox is full", "full"),
        ("failed", "554 5.6.0 we take no such text", "letter"),
        ("failed", "5.7.1 we don't like you", "us"),
        ("failed", "550 your message looks like SPAM.", "us"),
        ("failed", "550 5.1.1 <kim@assembly.example> User unknown", "address"),
        ("failed", "550 mailbox unavailable", "address"),
        ("failed", "it came back", "failed"),
        ("bounced", "5.1.1 no such user", "address"),
    ],
)
def test_words_of_machines_become_plain_causes(drive, state, note, cause):
    fields = {"sent_at": clock.now()} if state == "bounced" else {}
    stopped(drive, 1, state, note, **fields)
    [(found, n)] = causes_of(Letter.objects.all())
    assert (found.key, n) == (cause, 1)


def test_every_cause_has_a_remedy_on_its_list(desk, drive):
    for cause in CAUSES:
        page = desk.read("letter-list", state=cause.states[0], cause=cause.key)
        assert "What to do: " in page, cause.key


def test_causes_are_chips_on_the_list_of_held_letters(desk, drive):
    stopped(drive, 2)
    stopped(drive, note="no working contact point")
    page = desk.read("letter-list", drive=str(drive.pk), state="held")
    assert "No address of the office works 1" in page and "Sending it broke off again and again 2" in page
    assert "No address of the office works 1" not in desk.read("letter-list", drive=str(drive.pk))


def test_chosen_letters_are_released_after_a_page_that_says_how_many(desk, drive):
    letters = stopped(drive, 3)
    page = desk.get("letter-list", state="held")
    assert page.content.decode().count('name="one"') == 3
    asks, says = decide(desk, "release", state="held", one=[str(one.pk) for one in letters[:2]])
    assert "Release 2 letters" in asks and says == "2 letters are released."
    assert states(letters) == ["ready", "ready", "held"]
    assert the(letters[0]).note == "" and the(letters[0]).history.last().actor == desk.user
    entry = AuditEntry.objects.get(verb="release letters")
    assert (entry.detail, entry.actor) == ({"letters": 2}, desk.user)


def test_frozen_letters_go_back_to_the_queue(desk, drive):
    letters = stopped(drive, state="ready", note="")
    goes_on(sends=False)
    assert states(letters) == ["queued"]
    Letter.objects.update(state="held", note=DIED, crash_count=5)
    decide(desk, "release", state="held")
    assert states(letters) == ["queued"] and the(letters[0]).crash_count == 0


def test_all_of_a_cause_are_cancelled_and_no_others(desk, drive):
    letters = stopped(drive, 2) + stopped(drive, note="no working contact point")
    asks, says = decide(desk, "cancel", state="held", cause="broke-off")
    assert "Cancel 2 letters" in asks and "can’t be undone" in asks and says == "2 letters are cancelled."
    assert states(letters) == ["cancelled", "cancelled", "held"]


def test_who_ticks_nothing_chooses_nothing(desk, drive):
    letters = stopped(drive, 2)
    url = f"{desk.url('letters-move', 'cancel')}?state=held"
    assert "None is chosen." in words(desk.client.get(url))
    desk.client.post(url)
    assert states(letters) == ["held", "held"]
    page = desk.get("letter-list", state="held")
    [everything] = links_of(page, "letters/do/cancel")
    assert "Cancel 2 letters" in words(desk.client.get(everything))


def test_looking_decides_nothing(desk, drive):
    letters = stopped(drive)
    for decision in ("release", "cancel", "elsewhere"):
        assert desk.get("letters-move", decision, state="held", all="1").status_code == 200
    assert states(letters) == ["held"]
    assert desk.get("letters-move", "burn").status_code == 404


def test_letters_that_changed_meanwhile_are_left_and_counted(desk, drive):
    letters = stopped(drive, 3)
    url = desk.url("letters-move", "cancel")
    hidden = desk.client.get(url, {"state": "held", "all": "1"}).context["step"].hidden
    desk.post("letter-decide", letters[0].pk, "release")
    answer = desk.client.post(f"{url}?state=held&all=1", hidden)
    assert told(answer).endswith("2 letters are cancelled. 1 had changed meanwhile and was left as it is.")
    assert states(letters) == ["ready", "cancelled", "cancelled"]


def test_what_is_held_after_somebody_looked_is_not_decided_about(desk, drive):
    letters = stopped(drive, 2)
    url = desk.url("letters-move", "cancel")
    hidden = desk.client.get(url, {"state": "held", "all": "1"}).context["step"].hidden
    clock.move(timedelta(minutes=5))
    [late] = stopped(drive)
    late.history.create(from_state="queued", to_state="held", at=clock.now())
    assert told(desk.client.post(f"{url}?state=held&all=1", hidden)) == "2 letters are cancelled."
    assert states([*letters, late]) == ["cancelled", "cancelled", "held"]


@pytest.mark.parametrize("at", ["", "soon", "2026-13-45T00:00:00", "2026-01-01T00:00:00", "2026-01-01"])
def test_nothing_is_decided_where_it_is_not_known_what_somebody_saw(desk, drive, at):
    letters = stopped(drive)
    url = f"{desk.url('letters-move', 'cancel')}?state=held&all=1"
    answer = desk.client.post(url, {"at": at, "seen": "1"})
    assert "It is not known when you looked at these letters." in told(answer)
    assert states(letters) == ["held"]


def test_what_needs_another_decision_stays_and_is_said(desk, drive):
    letters = stopped(drive) + stopped(drive, note="its pledge is not counted")
    left = make.reachable()
    letters += stopped(drive, post=left, legislator=left.memberships.get().legislator)
    clock.move(timedelta(days=1))
    Membership.objects.filter(post=left).update(end_on=clock.today())
    asks, says = decide(desk, "release", state="held")
    assert "Release 1 letter" in asks and "2 more stay held: their cause needs another decision." in asks
    assert says == "1 letter is released." and states(letters) == ["ready", "held", "held"]
    assert "They need another decision" in desk.read("letters-move", "release", state="held", all="1")
    page = desk.get("letter-list", state="held", cause="not-counted")
    assert links_of(page, "release") == [] and "Release the chosen" not in words(page)


def test_people_who_may_only_look_choose_nothing(client, drive):
    letters = stopped(drive)
    staff = Desk(client, drive.campaign.organization, "staff")
    assert staff.get("letters-move", "release", state="held").status_code == 403
    assert staff.client.post(staff.url("letters-move", "release")).status_code == 403
    assert states(letters) == ["held"]


def test_letters_of_others_are_not_decided_about(desk, drive):
    theirs = stopped(make.DriveFactory())
    mine = stopped(drive)
    _asks, says = decide(desk, "cancel", state="held", one=[str(one.pk) for one in [*theirs, *mine]])
    assert says == "1 letter is cancelled." and states([*theirs, *mine]) == ["held", "cancelled"]


def test_a_decision_about_twenty_asks_as_much_as_about_one(desk, drive):
    stopped(drive)
    with CaptureQueriesContext(connection) as for_one:
        decide(desk, "release", state="held")
    stopped(drive, 20)
    with CaptureQueriesContext(connection) as for_twenty:
        decide(desk, "release", state="held")
    assert len(for_twenty) == len(for_one)


def test_a_failed_letter_goes_to_the_offices_new_address_and_arrives_once(desk, drive, sink):
    letter = refused(drive, sink)
    assert "None of them can go to another address" in desk.read(
        "letters-move", "elsewhere", state="failed", all="1"
    )
    place = ContactPoint.objects.get(value="gone@assembly.example").office
    make.ContactPointFactory(office=place, value="new@assembly.example")
    page = desk.get("letter", letter.pk)
    assert "The address does not exist Find an address that works." in words(page)
    [link] = links_of(page, "letters/do/elsewhere")
    page = desk.client.get(link)
    assert "so none has arrived" in words(page) and "some may have sent it themselves" in words(page)
    assert told(desk.client.post(link, page.context["step"].hidden)) == "1 letter goes out again."
    assert (the(letter).state, the(letter).raw, the(letter).note) == ("ready", None, "")
    assert "0 letters go out again. 1 had changed" in told(
        desk.client.post(link, page.context["step"].hidden)
    )
    goes_on()
    assert the(letter).state == "sent"
    assert [mail.to for mail in sink.mails()] == ["new@assembly.example"]
    assert [change.to_state for change in letter.history.order_by("id")][-5:] == [
        "ready", "queued", "claimed", "committing", "sent",
    ]  # fmt: skip
    entry = AuditEntry.objects.get(verb="send letters elsewhere")
    assert entry.detail == {"letters": 1} and entry.actor == desk.user
    mine = words(desk.client.get(f"/p/{manage_token(letter.pledge)}/"))
    assert "the organisation sends it to an address of the office that works" in mine


def test_a_failed_letter_goes_again_to_an_address_that_somebody_says_works(desk, drive, sink):
    letter = refused(drive, sink)
    point = ContactPoint.objects.get(value="gone@assembly.example")
    desk.post("address-works", point.pk)
    sink.refusals.clear()
    _asks, says = decide(desk, "elsewhere", state="failed", all="1")
    assert says == "1 letter goes out again."
    goes_on()
    assert the(letter).state == "sent" and len(sink.mails()) == 1


def test_whose_letter_fails_again_at_the_other_address_is_told_again(desk, drive, sink):
    letter = refused(drive, sink)
    told_of = OutboxMail.objects.filter(kind="letter_failed", about=str(letter.pk))
    assert told_of.count() == 1
    place = ContactPoint.objects.get(value="gone@assembly.example").office
    make.ContactPointFactory(office=place, value="new@assembly.example")
    sink.refuse("new@assembly.example", GONE)
    decide(desk, "elsewhere", state="failed", all="1")
    goes_on()
    assert the(letter).state == "failed" and told_of.count() == 2
    owe_news(the(letter), "letter_failed", clock.now())
    assert told_of.count() == 2


@pytest.mark.parametrize(
    "why", ["answered", "withdrawn", "over", "cancelled", "scrubbed", "successor", "was uncertain"]
)
def test_a_failed_letter_stays_failed_where_it_may_not_go(desk, drive, sink, why):
    letter = refused(drive, sink)
    place = ContactPoint.objects.get(value="gone@assembly.example").office
    make.ContactPointFactory(office=place, kind="postal", value=STREET)
    mine = Letter.objects.filter(pk=letter.pk)
    {
        "answered": lambda: mine.update(replied_at=clock.now()),
        "withdrawn": lambda: Pledge.objects.update(state="withdrawn"),
        "over": lambda: mine.update(deadline=clock.now()),
        "cancelled": lambda: Drive.objects.update(state="cancelled"),
        "scrubbed": lambda: mine.update(scrubbed_at=clock.now()),
        "successor": lambda: mine.update(legislator=make.LegislatorFactory()),
        # A person had it sent again; the first copy may have arrived.
        "was uncertain": lambda: letter.history.create(
            from_state="committing", to_state="uncertain", at=clock.now()
        ),
    }[why]()
    assert "None of them can go" in desk.read("letters-move", "elsewhere", state="failed", all="1")
    desk.client.post(f"{desk.url('letters-move', 'elsewhere')}?state=failed&all=1")
    assert the(letter).state == "failed"


def test_a_failed_letter_can_not_be_released(desk, drive, sink):
    letter = refused(drive, sink)
    assert "no longer possible" in told(desk.post("letter-decide", letter.pk, "release"))
    assert the(letter).state == "failed"


def test_the_page_of_a_letter_that_goes_on_while_it_is_read_shows_no_remedy(desk, drive, monkeypatch):
    [letter] = stopped(drive, 1, "failed", GONE)

    def meanwhile(*args):
        Letter.objects.update(state="ready", note="")
        return holders(*args)

    monkeypatch.setattr(letter_pages, "holders", meanwhile)
    page = desk.get("letter", letter.pk)
    assert page.status_code == 200 and "The address does not exist" not in words(page)


def test_what_may_have_arrived_is_never_offered_again(desk, drive):
    [letter] = stopped(drive, 1, "abandoned", "the answer was lost")
    page = desk.get("letter", letter.pk)
    assert "it may have arrived, so it is not sent again" in words(page)
    assert links_of(page, "elsewhere") == []
    desk.client.post(f"{desk.url('letters-move', 'elsewhere')}?one={letter.pk}")
    assert the(letter).state == "abandoned"
