"""What a console has on drives: their letters, how they go, and what stops them."""

from django.urls import path

from campaigns.views.console import (
    batch_moves,
    batches,
    departures,
    drive_moves,
    drive_office,
    drives,
    letter_moves,
    letters,
    print_run,
)
from campaigns.views.console.policy_urls import CONSOLE

BATCH = f"{CONSOLE}batches/<uuid:batch_id>/"
DRIVE, LETTER = f"{CONSOLE}drives/<uuid:drive_id>/", f"{CONSOLE}letters/<uuid:letter_id>/"
delivery_urls = [
    path(DRIVE, drives.drive_detail, name="drive"),
    path(f"{DRIVE}board/", drives.drive_board, name="drive-board"),
    path(f"{DRIVE}offices/", drives.office_list, name="drive-offices"),
    path(f"{DRIVE}offices/<uuid:post_id>/", drive_office.drive_office, name="drive-office"),
    path(f"{DRIVE}edit/", drives.drive_form, name="drive-edit"),
    path(f"{DRIVE}rehearsal/", drives.rehearsal, name="rehearsal"),
    path(f"{DRIVE}do/<slug:verb>/", drive_moves.drive_move, name="drive-move"),
    path(f"{DRIVE}print/", batches.batch_list, name="print-batches"),
    path(f"{DRIVE}print/make/", batches.batch_make, name="print-make"),
    path(f"{DRIVE}print/all.pdf", print_run.run_download, name="print-run"),
    path(f"{DRIVE}print/all-posted/", print_run.run_posted, name="print-run-posted"),
    path(BATCH, batches.batch_detail, name="print-batch"),
    path(f"{BATCH}file/<slug:part>/", batches.batch_download, name="print-download"),
    path(f"{BATCH}do/<slug:verb>/", batch_moves.batch_move, name="print-move"),
    path(f"{CONSOLE}letters/", letters.letter_list, name="letter-list"),
    path(LETTER, letters.letter_detail, name="letter"),
    path(f"{CONSOLE}letters/do/<slug:decision>/", letter_moves.letters_move, name="letters-move"),
    path(f"{LETTER}cancel/", letters.letter_cancel, name="letter-cancel"),
    path(f"{LETTER}do/<slug:verb>/", letters.letter_decide, name="letter-decide"),
    path(f"{CONSOLE}departures/", departures.departure_list, name="departures"),
    path(
        f"{DRIVE}departures/<uuid:post_id>/<uuid:legislator_id>/<slug:verb>/",
        departures.departure_move,
        name="departure-move",
    ),
]
