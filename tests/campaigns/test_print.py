"""Letters on paper: set for window envelopes office by office, posted by people, corrected where people erred."""

import csv
import io
from datetime import timedelta

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions.drives import cancel_drive, pause_drive
from campaigns.actions.erasing import erase_supporter
from campaigns.actions.letters import withdraw_letter
from campaigns.channels.print import address_lines
from campaigns.delivery import batches, dispatcher, upkeep
from campaigns.delivery.thaw import THAWED
from campaigns.jobs import engine, steps
from campaigns.models import Letter, OutboxMail, PrintBatch
from campaigns.reports import campaign_numbers
from contacts import clock
from contacts.models import AuditEntry, Job, Organization
from tests import factories as make
from tests import pdf_text
from tests.campaigns.console import Desk, told, twice, words
from tests.campaigns.test_channels import STREET, letter_to, office, the

pytestmark = pytest.mark.django_db

LONG = "\n\n".join(f"Paragraph {n}: people here have waited for weeks to be seen." for n in range(40))


@pytest.fixture
def desk(client):
    return Desk(client)


@pytest.fixture
def drive(desk):
    return make.DriveFactory(campaign=make.CampaignFactory(organization=desk.organization))


def queued(drive, n=2, post=None, **fields):
    post = post or office(("postal", STREET))
    letters = [letter_to(post, drive, **fields) for _ in range(n)]
    dispatcher.prepare()
    return letters


def work_off(seconds=60):
    """What a worker does with long work that waits."""
    for job_id in engine.waiting_jobs():
        steps.work(job_id, seconds=seconds)


def the_batch():
    return PrintBatch.objects.get()


def pages_of(batch):
    return pdf_text.pages(bytes(batch.pdf))


def test_what_waits_is_set_in_one_file_an_office(desk, drive, django_capture_on_commit_callbacks):
    letters = [*queued(drive, 2), *queued(drive, 1)]
    assert "3 letters wait to be printed" in desk.read("drive", drive.pk)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("print-make", drive.pk)
    work_off()
    assert sorted(PrintBatch.objects.values_list("letter_count", flat=True)) == [1, 2]
    assert {the(letter).state for letter in letters} == {"queued"}
    assert "To be printed and posted" in desk.read("print-batches", drive.pk)


def test_home_and_the_drive_say_what_waits_to_be_printed_and_then_to_be_posted(desk, drive):
    queued(drive, 3)
    assert f"“{drive.name}”: 3 letters wait to be printed" in desk.read("console-home")
    batches.make_batches(drive.pk)
    for page in (desk.get("console-home"), desk.get("drive", drive.pk)):
        assert "3 letters are set for printing, and nobody has said yet that they are posted" in words(page)
        assert f'href="{desk.url("print-batches", drive.pk)}">Post them' in page.content.decode()
        assert "wait to be printed" not in words(page)
    desk.post("print-move", the_batch().pk, "posted")
    assert "Nothing. Whatever is under way goes on by itself." in desk.read("console-home")
    assert "set for printing" not in desk.read("drive", drive.pk)


def test_who_may_not_print_is_not_told_that_letters_on_paper_go_by_themselves(desk, drive, client):
    queued(drive, 2)
    staff = Desk(client, desk.organization, role="staff")
    assert "Nothing for you. 2 letters wait to be printed and posted." in staff.read("console-home")


def test_of_a_drive_that_rests_home_names_only_what_is_set_already(desk, drive):
    post = office(("postal", STREET))
    queued(drive, 1, post)
    batches.make_batches(drive.pk)
    queued(drive, 1, post)
    pause_drive(drive=drive, actor=None)
    page = desk.read("console-home")
    assert "1 letter is set for printing" in page and "waits to be printed" not in page


def test_the_board_counts_a_state_once_whatever_the_way_and_tells_posted_from_accepted(desk, drive):
    mailed = letter_to(office(("email", "a@assembly.example")), drive)
    _posted, gone = queued(drive, 2)
    for letter in (mailed, gone):
        withdraw_letter(letter=the(letter))
    batches.make_batches(drive.pk)
    desk.post("print-move", the_batch().pk, "posted")
    page = desk.get("drive", drive.pk)
    assert words(page).count("Withdrawn by the supporter") == 1
    assert "Withdrawn by the supporter: 2" in words(page)
    assert (
        b'class="chart-part-framed"' in page.content and b'legend-framed">Printed and posted' in page.content
    )
    listed = desk.get("letter-list", drive=str(drive.pk), state="withdrawn")
    assert len(listed.context["rows"]) == 2 and [c[1] for c in listed.context["chips"] if c[3]] == ["2"]


def test_who_asked_may_leave_and_reads_how_far_it_is_and_gets_a_mail(desk, drive):
    queued(drive, 2)
    queued(drive, 1)
    desk.post("print-make", drive.pk)
    page = desk.read("print-batches", drive.pk)
    assert "Under way 0 of 3" in page and "You may leave this page" in page
    work_off(seconds=0)  # one portion
    work_off(seconds=0)
    assert PrintBatch.objects.count() == 1 and "of 3" in desk.read("print-batches", drive.pk)
    work_off()
    job = Job.objects.get()
    assert (job.state, job.result) == ("done", {"letters": 3, "files": 2})
    assert "3 letters are set and wait to be posted." in desk.read("job", job.pk)
    assert f"{drive.campaign.title}: {drive.name}" in desk.read("job-list")
    [mail] = OutboxMail.objects.filter(kind="job")
    assert mail.user == desk.user
    entry = AuditEntry.objects.get(verb="start print")
    assert entry.detail == {"letters": 3} and "Letters set for printing" in desk.read("console-home")


def test_the_same_letters_are_not_set_twice_at_once(desk, drive):
    queued(drive, 2)
    desk.post("print-make", drive.pk)
    page = desk.get("print-batches", drive.pk).content.decode()
    assert desk.url("print-make", drive.pk) not in page
    assert "being set already" in told(desk.post("print-make", drive.pk))
    assert Job.objects.count() == 1
    work_off()
    assert PrintBatch.objects.count() == 1


def test_what_can_not_be_set_is_said_and_can_be_tried_again(desk, drive, monkeypatch):
    queued(drive, 2)
    desk.post("print-make", drive.pk)

    def broken(pages):
        raise OSError("the press broke")

    with monkeypatch.context() as patch:
        patch.setattr(batches, "print_each", broken)
        for _try in range(3):
            with pytest.raises(OSError):
                work_off()
    page = desk.read("print-batches", drive.pk)
    assert "Not all letters could be set It broke off." in page and "Set 2 letters for printing" in page
    assert not PrintBatch.objects.exists() and OutboxMail.objects.filter(kind="job").count() == 1
    desk.post("print-make", drive.pk)
    work_off()
    assert the_batch().letter_count == 2
    assert "Not all letters could be set" not in desk.read("print-batches", drive.pk)


def test_of_very_many_offices_whose_letters_could_not_be_set_the_first_are_named(desk, drive, monkeypatch):
    for _office in range(23):
        queued(drive, 1)
    desk.post("print-make", drive.pk)
    pause_drive(drive=drive, actor=desk.user)
    work_off()
    page = desk.read("print-batches", drive.pk)
    assert page.count(": 1 letter") == 20 and "and 3 more" in page


def test_a_drive_that_pauses_while_its_letters_are_set_keeps_the_rest_waiting(desk, drive):
    queued(drive, 1)
    desk.post("print-make", drive.pk)
    pause_drive(drive=drive, actor=desk.user)
    work_off()
    assert Job.objects.get().state == "failed" and not PrintBatch.objects.exists()
    assert "The drive does not run any more." in desk.read("print-batches", drive.pk)


def test_no_row_is_locked_while_a_file_is_set(desk, drive, monkeypatch):
    queued(drive, 1)
    desk.post("print-make", drive.pk)
    depths, real = [], batches.print_each
    outside = len(connection.savepoint_ids)

    def watched(pages):
        depths.append(len(connection.savepoint_ids) - outside)
        return real(pages)

    monkeypatch.setattr(batches, "print_each", watched)
    work_off()
    assert depths == [0]


def test_a_letter_taken_back_while_it_is_set_is_in_no_file(desk, drive, monkeypatch):
    gone, stays = queued(drive, 2)
    desk.post("print-make", drive.pk)
    real = batches.print_each

    def meanwhile(pages):
        if the(gone).state == "queued":
            withdraw_letter(letter=the(gone))
        return real(pages)

    monkeypatch.setattr(batches, "print_each", meanwhile)
    work_off()
    assert the_batch().letter_count == 1 and the(stays).batch == the_batch() and the(gone).batch is None


def test_a_letter_whose_words_changed_while_it_was_set_is_in_no_file(drive):
    [letter] = queued(drive, 1)
    pile = batches.set_singles(drive, letter.post)
    Letter.objects.filter(pk=letter.pk).update(raw=b"other words", content_sha256="0" * 64)
    assert not batches.store(pile) and not PrintBatch.objects.exists()


def test_every_letter_begins_on_its_own_page_and_counts_its_own_pages(drive):
    post = office(("postal", STREET))
    queued(drive, 1, post, body=LONG)
    queued(drive, 1, post, body="Short and clear.")
    batches.make_batches(drive.pk)
    pages = pages_of(the_batch())
    assert len(pages) == the_batch().page_count == 4
    assert [page[-11:] for page in pages] == ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3", "Page 1 of 1"]
    assert "Short and clear." in pages[3] and "Paragraph 39" in pages[2]


def test_a_page_bears_the_office_the_writer_the_date_and_the_letter(drive):
    letter = queued(drive, 1)[0]
    batches.make_batches(drive.pk)
    [page] = pages_of(the_batch())
    for part in (
        "12 Assembly Square, Room 4",
        "Harbour Town 10101",
        letter.pledge.name,
        "Please vote for",
        the(letter).queued_at.strftime("%B %Y"),
    ):
        assert part in page


def test_the_windows_return_line_has_the_writers_place_as_the_post_wants_it_and_no_phone(drive):
    home = {"street": "12 Harbour Lane", "city": "Arlington", "region": "va", "postal_code": "22201"}
    pledge = make.PledgeFactory(campaign=drive.campaign, country="us", phone="703 555 0100", **home)
    queued(drive, 1, pledge=pledge)
    batches.make_batches(drive.pk)
    [page] = pages_of(the_batch())
    assert f"{pledge.name} · 12 Harbour Lane · Arlington, VA 22201" in page
    assert page.count("703 555 0100") == 1  # below the letter, for the office


@pytest.mark.parametrize(
    "country, paper, width, height", [("us", "letter", 612, 792), ("zz", "a4", 595, 842)]
)
def test_paper_and_window_are_those_of_the_offices_country(drive, country, paper, width, height):
    post = office(("postal", STREET))
    post.division.country = country
    post.division.save()
    queued(drive, 1, post)
    batches.make_batches(drive.pk)
    assert the_batch().paper == paper
    with pikepdf.open(io.BytesIO(bytes(the_batch().pdf))) as file:
        box = [round(float(n)) for n in file.pages[0].MediaBox]
    assert box[2:] == [width, height]


def test_the_list_names_every_letter_in_order_and_holds_no_formula(drive):
    post = office(("postal", STREET))
    queued(drive, 1, post, pledge__name="=HYPERLINK(1)", pledge__campaign=drive.campaign)
    queued(drive, 1, post)
    batches.make_batches(drive.pk)
    rows = list(csv.reader(io.StringIO(the_batch().manifest)))
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert rows[1][2] == "'=HYPERLINK(1)"
    assert {row[1] for row in rows[1:]} == {str(letter.pk) for letter in Letter.objects.all()}
    assert [row[5] for row in rows[1:]] == ["1", "2"]


def test_the_list_is_in_the_language_of_the_organisation(drive):
    Organization.objects.update(language="fr")
    queued(drive, 1)
    batches.make_batches(drive.pk)
    assert the_batch().manifest.startswith('"numéro","lettre"')


def test_what_people_typed_is_text_on_paper_and_nothing_else(drive):
    queued(drive, 1, body='<img src="file:///etc/hostname"> <b>bold</b> {{ settings.SECRET_KEY }}')
    batches.make_batches(drive.pk)
    assert "<b>bold</b> {{ settings.SECRET_KEY }}" in pages_of(the_batch())[0]


def test_both_files_are_downloaded_by_people_of_the_organisation(desk, drive):
    queued(drive, 1)
    batches.make_batches(drive.pk)
    letters = desk.get("print-download", the_batch().pk, "letters")
    assert letters["Content-Type"] == "application/pdf" and letters.content.startswith(b"%PDF")
    assert "attachment" in letters["Content-Disposition"]
    assert desk.get("print-download", the_batch().pk, "list").content.startswith(b'"number"')


def test_the_files_of_all_offices_are_one_pdf_and_are_said_to_be_posted_in_one_go(desk, drive):
    letters = [queued(drive, 1)[0] for _office in range(3)]
    batches.make_batches(drive.pk)
    assert "All 3 files as one PDF" in desk.read("print-batches", drive.pk)
    whole = b"".join(desk.get("print-run", drive.pk).streaming_content)
    with pikepdf.open(io.BytesIO(whole)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == sorted(letter.post.label for letter in letters)
        assert len(pdf.pages) == sum(PrintBatch.objects.values_list("page_count", flat=True))
    withdraw_letter(letter=the(letters[0]))
    page = desk.get("print-run-posted", drive.pk)
    assert "2 letters count as posted" in words(page) and "1 letter was stopped meanwhile" in words(page)
    clock.move(timedelta(minutes=1))
    [late] = queued(drive, 1)
    batches.make_batches(drive.pk)
    hidden = page.context["step"].hidden
    assert "2 letters are posted" in told(desk.post("print-run-posted", drive.pk, **hidden))
    assert [the(letter).state for letter in (*letters, late)] == ["withdrawn", "sent", "sent", "queued"]
    assert "0 letters are posted" in told(desk.post("print-run-posted", drive.pk, **hidden))
    assert "when you looked" in told(desk.post("print-run-posted", drive.pk))


def test_a_run_without_files_leads_back(desk, drive):
    assert desk.get("print-run", drive.pk).status_code == 404
    assert "No file waits to be posted." in desk.read("print-run-posted", drive.pk)


def test_marking_a_batch_as_posted_sends_its_letters_once(desk, drive):
    letters = queued(drive, 2)
    batches.make_batches(drive.pk)
    assert "2 letters count as posted" in desk.read("print-move", the_batch().pk, "posted")
    assert {the(letter).state for letter in letters} == {"queued"}
    assert "2 letters are posted" in told(desk.post("print-move", the_batch().pk, "posted"))
    twice(desk, "print-move", the_batch().pk, "posted", says="It is marked as posted already.")
    for letter in letters:
        assert (the(letter).state, the(letter).get_state_display()) == ("sent", "Posted")
        change = letter.history.last()
        assert (change.to_state, change.reason, change.actor) == ("sent", "printed and posted", desk.user)
        assert letter.history.filter(to_state="sent").count() == 1
    numbers = campaign_numbers(drive.campaign)
    assert (numbers.letters_accepted, numbers.letters_posted) == (0, 2)
    assert the_batch().posted_by == desk.user


def test_a_batch_that_was_not_posted_after_all_is_corrected_and_the_correction_listed(desk, drive):
    [letter] = queued(drive, 1)
    batches.make_batches(drive.pk)
    desk.post("print-move", the_batch().pk, "posted")
    clock.move(timedelta(days=3))
    upkeep.settle_letters()
    desk.post("print-move", the_batch().pk, "not-posted")
    assert (the(letter).state, the(letter).sent_at, the(letter).batch) == ("queued", None, the_batch())
    assert "correction: it had not been posted" in desk.read("print-batch", the_batch().pk)
    assert "correction" in letter.history.last().reason
    twice(desk, "print-move", the_batch().pk, "not-posted", says="It waits already, as not posted.")
    desk.post("print-move", the_batch().pk, "posted")
    assert the(letter).state == "sent"


def test_a_letter_taken_back_meanwhile_is_named_and_not_counted_as_posted(desk, drive):
    kept, gone = queued(drive, 2)
    batches.make_batches(drive.pk)
    withdraw_letter(letter=the(gone))
    assert gone.pledge.name in desk.read("print-batch", the_batch().pk)
    assert "Take it out of the pile" in desk.read("print-move", the_batch().pk, "posted")
    desk.post("print-move", the_batch().pk, "posted")
    assert (the(kept).state, the(gone).state) == ("sent", "withdrawn")


def test_a_letter_that_goes_on_without_its_file_stays_named_there_and_is_erased_from_it(desk, drive):
    post = office(("postal", STREET))
    [stays] = queued(drive, 1, post)
    [gone] = queued(drive, 1, post, pledge__name="Grace Hopper", pledge__campaign=drive.campaign)
    batches.make_batches(drive.pk)
    first = the_batch()
    Letter.objects.filter(pk=gone.pk).update(state="ready", **THAWED)
    page = desk.read("print-batch", first.pk)
    assert "Letter no. 2" in page and "Grace Hopper" in page and stays.pledge.name not in page
    dispatcher.prepare()
    batches.make_batches(drive.pk)
    assert PrintBatch.objects.count() == 2 and the(gone).batch != first
    erase_supporter(pledge=gone.pledge)
    assert not any("Grace" in batch.manifest or batch.pdf for batch in PrintBatch.objects.all())


def test_a_letter_released_into_a_discarded_file_waits_for_the_next(desk, drive):
    [letter] = queued(drive, 1)
    batches.make_batches(drive.pk)
    Letter.objects.filter(pk=letter.pk).update(state="held", note="the worker died five times with it")
    desk.post("print-move", the_batch().pk, "discard")
    desk.post("letter-decide", letter.pk, "release")
    assert (the(letter).state, the(letter).batch) == ("queued", None)
    assert "not yet said to be posted" not in desk.read("drive", drive.pk)


def test_who_is_erased_is_told_as_a_sheet_and_the_others_are_set_again_with_one_press(desk, drive):
    post = office(("postal", STREET))
    queued(drive, 1, post, body=LONG)
    [gone] = queued(drive, 1, post, body=LONG, pledge__name="Grace Hopper", pledge__campaign=drive.campaign)
    queued(drive, 1, post)
    batches.make_batches(drive.pk)
    erase_supporter(pledge=gone.pledge)
    batch = the_batch()
    assert (batch.state, batch.pdf) == ("discarded", None) and "Grace" not in batch.manifest
    assert "A letter in it was erased" in desk.read("print-batches", drive.pk)
    page = desk.read("print-batch", batch.pk)
    assert post.label in page and "Do not post what was printed of this file" in page
    assert "Letter no. 2, pages 4 to 6 of the PDF · somebody who erased their data" in page
    assert "Grace" not in page and "Set 2 letters for printing" in page
    assert desk.url("print-make", drive.pk) in desk.get("print-batch", batch.pk).content.decode()
    desk.post("print-make", drive.pk)
    work_off()
    assert PrintBatch.objects.get(state="made").letter_count == 2


def test_a_posted_batch_stays_posted_when_one_in_it_is_erased(desk, drive):
    gone, _kept = queued(drive, 2, pledge__campaign=drive.campaign)
    batches.make_batches(drive.pk)
    desk.post("print-move", the_batch().pk, "posted")
    erase_supporter(pledge=gone.pledge)
    assert (the_batch().state, the_batch().pdf) == ("posted", None)
    assert "Do not post" not in desk.read("print-batch", the_batch().pk)


def test_the_list_says_what_is_in_the_file_when_details_change_before_or_after_it_is_set(desk, drive):
    home = {"city": "Oldtown", "postal_code": "10101", "street": "1 Quay"}
    pledge = make.PledgeFactory(campaign=drive.campaign, name="Ada Before", **home)
    [letter] = queued(drive, 1, pledge=pledge)
    type(pledge).objects.update(name="Ada After", city="Newtown")
    batches.make_batches(drive.pk)
    [row] = list(csv.reader(io.StringIO(the_batch().manifest)))[1:]
    assert row[2] == "Ada Before" and "Oldtown" in row[3] and "Ada Before" in pages_of(the_batch())[0]
    withdraw_letter(letter=the(letter))
    page = desk.read("print-batch", the_batch().pk)
    assert "Letter no. 1, page 1 of the PDF · Ada Before" in page and "Ada After" not in page


def test_a_discarded_batch_leaves_its_letters_for_the_next(desk, drive):
    [letter] = queued(drive, 1)
    batches.make_batches(drive.pk)
    desk.post("print-move", the_batch().pk, "discard")
    assert the_batch().pdf is None and the(letter).batch is None
    twice(desk, "print-move", the_batch().pk, "discard", says="It is discarded already.")
    assert batches.make_batches(drive.pk) == 1


def test_printing_twice_puts_no_letter_into_two_batches(drive):
    queued(drive, 3)
    assert batches.make_batches(drive.pk) == 1
    assert batches.make_batches(drive.pk) == 0


def test_nothing_is_printed_of_a_drive_that_rests(desk, drive):
    queued(drive, 1)
    pause_drive(drive=drive, actor=None)
    assert batches.make_batches(drive.pk) == 0
    desk.post("print-make", drive.pk)
    assert not PrintBatch.objects.exists()


def test_a_letter_in_an_envelope_does_not_run_out_of_time_by_itself(drive):
    [letter] = queued(drive, 1)
    [other] = queued(drive, 1)
    batches.make_batches(drive.pk)
    PrintBatch.objects.filter(letters=other).get().letters.update(batch=None)
    clock.move(timedelta(days=15))
    upkeep.expire_letters()
    upkeep.finish_drives()
    drive.refresh_from_db()
    assert (the(letter).state, the(other).state, drive.state) == ("queued", "expired", "running")


def test_a_cancelled_drive_cancels_what_is_not_posted(drive):
    [letter] = queued(drive, 1)
    batches.make_batches(drive.pk)
    cancel_drive(drive=drive, actor=None)
    assert the(letter).state == "cancelled"


def test_files_go_when_the_words_of_their_letters_do(desk, drive):
    queued(drive, 1)
    batches.make_batches(drive.pk)
    desk.post("print-move", the_batch().pk, "posted")
    clock.move(timedelta(days=57))
    assert upkeep.scrub_batches() == 1
    assert (the_batch().pdf, the_batch().manifest) == (None, "")
    assert desk.get("print-download", the_batch().pk, "letters").status_code == 404


def test_the_list_of_batches_asks_as_much_for_twenty_as_for_one(desk, drive):
    counts = []
    for n in (1, 19):
        for _ in range(n):
            make.PrintBatchFactory(drive=drive)
        with CaptureQueriesContext(connection) as asked:
            desk.get("print-batches", drive.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "address, lines",
    [
        (
            "1236 Example House Office Building Washington DC 20515-4507",
            ["1236 Example House Office Building", "Washington DC 20515-4507"],
        ),
        ("100 Main St, Springfield, VT 05156", ["100 Main St", "Springfield, VT 05156"]),
        ("Room 3;1 Quay;Harbour Town", ["Room 3", "1 Quay", "Harbour Town"]),
        ("1 Quay\nHarbour Town", ["1 Quay", "Harbour Town"]),
    ],
)
def test_a_postal_address_stands_in_lines_that_fit_the_window(address, lines):
    assert address_lines("Kim Legislator", address) == ["Kim Legislator", *lines]
