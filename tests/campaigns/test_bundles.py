"""Near-identical letters handed over in one bundle an office and week, where a campaign wants that."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import tasks
from campaigns.actions.letters import withdraw_letter
from campaigns.delivery import batches, dispatcher, due_bundles, outbox, upkeep
from campaigns.delivery.rehearsal import rehearse
from campaigns.jobs import engine
from campaigns.letters.compose import suggested_body, writer_values
from campaigns.letters.similarity import similarity
from campaigns.links import manage_token
from campaigns.models import Letter, LetterVersion, PrintBatch
from campaigns.reports import campaign_numbers
from contacts import clock
from contacts.models import Job
from tests import factories as make
from tests import pdf_text
from tests.campaigns.console import Desk, told, twice, words
from tests.campaigns.test_channels import STREET, office, the
from tests.campaigns.test_print import work_off

pytestmark = pytest.mark.django_db

COMMON = (
    "I live in {{city}} and write about {{measure}}. People here wait for months until somebody sees them. "
    "Many give up. Nobody should have to. The committee can change that this spring with one vote."
)


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def drive(desk):
    campaign = make.CampaignFactory(organization=desk.organization, bundle_similar=True)
    return make.DriveFactory(campaign=campaign, ends_at=clock.now() + timedelta(days=60))


@pytest.fixture
def post():
    return office(("email", "a@assembly.example"), ("postal", STREET))


def letter(drive, post, own="{}", version=None, **pledge):
    version = version or LetterVersion.objects.filter(group__campaign=drive.campaign).first()
    version = version or make.LetterVersionFactory(group__campaign=drive.campaign, opening=COMMON)
    pledge = make.PledgeFactory(campaign=drive.campaign, **pledge)
    text = suggested_body(version, writer_values(pledge, drive.campaign, version.language))
    body = own.replace("{}", text)
    return make.LetterFactory(
        drive=drive, post=post, version=version, pledge=pledge, body=body, similarity=similarity(body, text)
    )


def goes_alone(drive, post):
    """A near-identical letter that no bundle can list: its writer took a sentence out."""
    one = letter(drive, post)
    Letter.objects.filter(pk=one.pk).update(body=one.body.replace("Many give up. ", ""))
    return one


def watch_press(monkeypatch, at=0, happens=None):
    """Gives a list that grows with each file set; while the `at`th is set, something else happens."""
    files, real = [], batches.print_each

    def press(pages):
        files.append(len(pages))
        if len(files) == at:
            happens()
        return real(pages)

    monkeypatch.setattr(batches, "print_each", press)
    return files


def breaks():
    raise OSError("the press broke")


def queue():
    for _ in range(8):
        dispatcher.prepare()
        clock.move(timedelta(minutes=1))


def bundle():
    return PrintBatch.objects.get(kind="bundle")


def bare(text):
    return "".join(text.split())


def printed():
    """The words of the bundle's file, without the spaces that lines end with."""
    return bare(" ".join(pdf_text.pages(bytes(bundle().pdf))))


def lines():
    return list(csv.reader(io.StringIO(bundle().manifest)))[1:]


def test_off_by_default_every_letter_goes_its_own_way(drive, post):
    assert make.CampaignFactory().bundle_similar is False
    drive.campaign.bundle_similar = False
    drive.campaign.save()
    one = letter(drive, post)
    queue()
    assert the(one).channel == "email"


def test_near_identical_letters_wait_for_one_bundle_and_personal_ones_leave_alone(drive, post):
    alike = [letter(drive, post, city=town) for town in ("Harbour Town", "Quayside")]
    added = letter(drive, post, own="{}\n\nMy son waited five months.")
    personal = letter(drive, post, own="I am a nurse and I see it every night. Please vote for it.")
    queue()
    assert {the(x).channel for x in (*alike, added)} == {"print"}
    assert the(personal).channel == "email"
    assert batches.make_batches(drive.pk) == 1
    assert {the(x).batch for x in (*alike, added)} == {bundle()}
    text = printed()
    assert text.count(bare("People here wait for months until somebody sees them.")) == 1
    assert bare("3 people each sent you the letter below") in text and bare("I live in [town]") in text
    for one in (*alike, added):
        assert bare(one.pledge.name) in text
    assert bare("My son waited five months.") in text and bare("1 of them added sentences") in text
    assert sorted(row[4] for row in lines()) == ["", "", "My son waited five months."]
    assert any("Quayside" in row[3] for row in lines())


def test_nobody_signs_what_they_did_not_write(drive, post):
    letter(drive, post)
    left_out = goes_alone(drive, post)
    own_subject = letter(drive, post)
    Letter.objects.filter(pk=own_subject.pk).update(subject="From a nurse")
    queue()
    assert the(left_out).similarity >= 0.9 and the(own_subject).channel == "email"
    assert batches.make_batches(drive.pk) == 2
    assert bundle().letter_count == 1
    alone = PrintBatch.objects.get(kind="letters")
    assert list(alone.letters.all()) == [left_out]


def test_an_office_without_a_postal_address_gets_its_letters_singly(drive):
    one = letter(drive, make.reachable())
    queue()
    assert the(one).channel == "email"


def test_the_list_holds_no_formula(drive, post):
    letter(drive, post, own="{}\n\n=HYPERLINK(1) is what I say.", name="=cmd()", city="+Town")
    queue()
    batches.make_batches(drive.pk)
    [row] = lines()
    assert (row[2], row[4]) == ("'=cmd()", "'=HYPERLINK(1) is what I say.")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_what_people_typed_is_text_in_a_bundle(drive, post):
    letter(drive, post, own="{}\n\n<img src=x> {{ settings.SECRET_KEY }}")
    queue()
    batches.make_batches(drive.pk)
    assert bare("<img src=x> {{ settings.SECRET_KEY }}") in printed()


def test_an_office_gets_one_bundle_a_week_made_by_itself(drive, post):
    letter(drive, post)
    queue()
    tasks.housekeeping()
    assert not PrintBatch.objects.exists()
    clock.move(timedelta(days=7))
    tasks.housekeeping()
    assert bundle().letter_count == 1
    late = letter(drive, post)
    queue()
    tasks.housekeeping()
    assert batches.make_batches(drive.pk) == 0 and the(late).batch is None
    clock.move(timedelta(days=7))
    tasks.housekeeping()
    assert PrintBatch.objects.count() == 2 and the(late).batch is not None


def test_the_last_bundle_is_made_before_the_drive_ends(drive, post):
    drive.ends_at = clock.now() + timedelta(days=3)
    drive.save()
    letter(drive, post)
    queue()
    clock.move(timedelta(days=1, hours=1))
    assert due_bundles.make_due_bundles() == 1


def test_two_texts_to_one_office_are_two_bundles(drive, post):
    letter(drive, post)
    other = make.LetterVersionFactory(group__campaign=drive.campaign, opening=f"Dear neighbour. {COMMON}")
    letter(drive, post, version=other)
    queue()
    assert batches.make_batches(drive.pk) == 2


def test_a_bundle_is_stored_before_the_next_is_set(drive, post, monkeypatch):
    monkeypatch.setattr(batches, "MOST_SIGNERS", 1)
    for _ in range(3):
        letter(drive, post)
    queue()
    clock.move(timedelta(days=7))
    watch_press(monkeypatch, 2, breaks)
    with pytest.raises(OSError):
        tasks.housekeeping()
    assert bundle().letter_count == 1
    tasks.housekeeping()  # what was left behind does not wait for another week
    assert PrintBatch.objects.count() == 3


def test_an_office_whose_work_broke_off_between_two_bundles_gets_the_rest_at_once(
    desk, drive, post, monkeypatch
):
    monkeypatch.setattr(batches, "MOST_SIGNERS", 1)
    mine = [letter(drive, post) for _ in range(3)]
    queue()
    desk.post("print-make", drive.pk)
    with monkeypatch.context() as patch:
        real, set_ones = batches.print_each, []

        def press(pages):
            if set_ones:
                breaks()
            set_ones.append(pages)
            return real(pages)

        patch.setattr(batches, "print_each", press)
        for _try in range(3):
            with pytest.raises(OSError):
                work_off()
    assert Job.objects.get().state == "failed" and bundle().letter_count == 1
    page = desk.read("print-batches", drive.pk)
    assert "Not all letters could be set" in page and f"{post.label}: 2 letters" in page
    desk.post("print-make", drive.pk)
    work_off()
    assert None not in {the(one).batch for one in mine}
    late = letter(drive, post)
    queue()
    desk.post("print-make", drive.pk)
    work_off()
    assert the(late).batch is None  # an office gets its bundles once a week all the same


def test_a_bundle_that_breaks_by_itself_keeps_no_other_office_waiting_and_is_told(
    desk, drive, post, monkeypatch, mailoutbox, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    other = office(("email", "b@assembly.example"), ("postal", STREET))
    mine = [letter(drive, one) for one in (post, other)]
    queue()
    clock.move(timedelta(days=7))
    with monkeypatch.context() as patch:
        files = watch_press(patch, 1, breaks)
        with pytest.raises(OSError):
            tasks.housekeeping()
        [broken] = [one for one in mine if the(one).batch is None]
        files.clear()  # the same office breaks an hour later
        with pytest.raises(OSError):
            tasks.housekeeping()
    page = desk.read("print-batches", drive.pk)
    assert "Not all letters could be set" in page and f"{broken.post.label}: 1 letter" in page
    assert "Set 1 letter for printing" in page
    outbox.send_due()
    [mail] = [mail for mail in mailoutbox if "Letters set for printing" in mail.subject]
    assert mail.to == [desk.user.email] and "bundles of letters that are set by themselves" in mail.body
    assert "you asked for" not in mail.body + mail.alternatives[0][0]
    tasks.housekeeping()
    assert the(broken).batch is not None
    assert "Not all letters could be set" not in desk.read("print-batches", drive.pk)


def test_letters_of_a_bundle_that_changed_again_and_again_are_not_left_for_a_week(
    desk, drive, post, monkeypatch
):
    monkeypatch.setattr(batches, "MOST_SIGNERS", 1)
    mine = [letter(drive, post) for _ in range(2)]
    queue()
    batches.store(next(batches.set_bundles(drive, post)))
    clock.move(timedelta(minutes=5))
    assert batches.make_batches(drive.pk) == 1 and None not in {the(one).batch for one in mine}


@pytest.mark.parametrize("is_broken", [True, False], ids=["the press broke", "another worker took it over"])
def test_long_work_goes_on_behind_the_last_bundle_that_was_stored(desk, drive, post, monkeypatch, is_broken):
    monkeypatch.setattr(batches, "MOST_SIGNERS", 1)
    mine = [letter(drive, post) for _ in range(3)]
    queue()

    def taken_over():
        clock.move(engine.LEASE + timedelta(seconds=1))
        work_off()

    files = watch_press(monkeypatch, 2, breaks if is_broken else taken_over)
    desk.post("print-make", drive.pk)
    if is_broken:
        with pytest.raises(OSError):
            work_off()
        assert bundle().letter_count == Job.objects.get().done == 1
    work_off()
    assert len({the(one).batch for one in mine}) == PrintBatch.objects.count() == 3
    assert len(files) == 4  # the second one twice, as nobody stored it
    assert (Job.objects.get().state, Job.objects.get().result) == ("done", {"letters": 3, "files": 3})


def test_a_signer_who_stops_while_a_bundle_is_set_is_not_in_it(desk, drive, post, monkeypatch):
    stays, gone = letter(drive, post), letter(drive, post)
    queue()
    desk.post("print-make", drive.pk)
    watch_press(monkeypatch, 1, lambda: withdraw_letter(letter=the(gone)))
    work_off()
    assert bundle().letter_count == 1 and the(stays).batch == bundle() and the(gone).batch is None


def test_work_that_is_done_counts_no_letters_whose_bundle_is_not_due(desk, drive, post):
    letter(drive, post)
    queue()
    batches.make_batches(drive.pk)
    late, other = letter(drive, post), goes_alone(drive, post)
    queue()
    desk.post("print-make", drive.pk)
    assert "Under way 0 of 2" in desk.read("print-batches", drive.pk)
    work_off()
    assert "Done 1 of 1" in desk.read("job", Job.objects.get().pk)
    assert the(late).batch is None and the(other).batch.kind == "letters"


@pytest.mark.parametrize("is_bundling", [True, False])
def test_a_pile_reads_the_finished_letters_of_no_other_pile(drive, post, monkeypatch, is_bundling):
    monkeypatch.setattr(batches, "MOST_LETTERS", 2)
    mine = [goes_alone(drive, post) for _ in range(5)]
    queue()
    drive.campaign.bundle_similar = is_bundling
    drive.campaign.save()
    with CaptureQueriesContext(connection) as asked:
        assert batches.make_batches(drive.pk) == 3
    assert sorted(PrintBatch.objects.values_list("letter_count", flat=True)) == [1, 2, 2]
    assert all(the(one).batch for one in mine)
    read = [row["sql"] for row in asked if '"campaigns_letter"."raw",' in row["sql"]]
    assert read and all("LIMIT 2" in sql for sql in read)


def test_letters_are_sent_when_the_bundle_is_handed_over_and_taken_back_alike(desk, drive, post):
    kept, gone = letter(drive, post), letter(drive, post)
    queue()
    assert "once a week" in words(desk.client.get(f"/p/{manage_token(kept.pledge)}/"))
    batches.make_batches(drive.pk)
    withdraw_letter(letter=the(gone))
    page = desk.read("print-batch", bundle().pk)
    assert "To be handed over" in page and "strike these names out" in page and gone.pledge.name in page
    assert "1 signer stopped meanwhile" in desk.read("print-move", bundle().pk, "posted")
    assert "a bundle of 1 letter is handed over" in told(desk.post("print-move", bundle().pk, "posted"))
    assert (the(kept).state, the(gone).state) == ("sent", "withdrawn")
    assert "Handed over" in desk.read("print-batches", drive.pk)
    numbers = campaign_numbers(drive.campaign)
    assert (numbers.letters_accepted, numbers.letters_posted) == (0, 1)
    mine = words(desk.client.get(f"/p/{manage_token(kept.pledge)}/"))
    assert "It went to the office in a bundle" in mine and "Handed over to the office in a bundle" in mine
    twice(desk, "print-move", bundle().pk, "posted", says="It is handed over already.")
    desk.post("print-move", bundle().pk, "not-posted")
    twice(desk, "print-move", bundle().pk, "not-posted", says="It waits already, as not handed over.")
    assert (the(kept).state, the(kept).batch) == ("queued", bundle())
    desk.post("print-move", bundle().pk, "posted")
    clock.move(timedelta(days=3))
    upkeep.settle_letters()
    assert "It went to the office in a bundle" in words(desk.client.get(f"/p/{manage_token(kept.pledge)}/"))


def test_a_discarded_bundle_does_not_take_the_offices_week(drive, desk, post):
    one = letter(drive, post)
    queue()
    batches.make_batches(drive.pk)
    desk.post("print-move", bundle().pk, "discard")
    assert the(one).batch is None and batches.make_batches(drive.pk) == 1


def test_the_rehearsal_counts_bundled_letters_as_carried_by_people(drive, post):
    letter(drive, post)
    personal = letter(drive, post, own="Only my words here, from one who waits.")
    planned = rehearse(drive)
    assert planned.by_hand == [("Printed and posted", 1)] and planned.planned == 1
    assert personal.state == "ready"


def test_the_setting_is_explained_and_needs_print(desk, drive):
    page = desk.read("campaign-edit", drive.campaign_id)
    assert "One bundle an office a week" in page and "always go alone" in page
    form = desk.get("campaign-edit", drive.campaign_id).context["form"]
    data = {k: v for k, v in form.initial.items() if v is not None}
    data |= {"channel_choice": ["email"], "bundle_similar": "on"}
    answer = desk.post("campaign-edit", drive.campaign_id, **data)
    assert answer.status_code == 422 and "let letters go by print" in words(answer)
    assert "turn" not in told(answer)


def test_supporters_are_told_before_they_send(client, drive, post):
    one = letter(drive, post)
    page = words(client.get(f"/p/{manage_token(one.pledge)}/letter/"))
    assert "A letter in your own words always goes alone." in page
