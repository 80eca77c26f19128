"""The bench's arithmetic; the bench itself is `make bench-delivery`."""

from bench.figures import median_rates, median_ratios, spread, table
from bench.letter import letter_bytes, prebuilt

ROUNDS = [
    {"ours_2": 100.0, "smtplib_2": 50.0},
    {"ours_2": 300.0, "smtplib_2": 600.0},
    {"ours_2": 200.0, "smtplib_2": 50.0},
]


def test_a_ratio_is_the_median_of_each_rounds_ratio_and_not_the_ratio_of_medians():
    assert median_rates(ROUNDS) == {"ours_2": 200.0, "smtplib_2": 50.0}
    assert median_ratios(ROUNDS) == {"ratio_smtplib_2": 2.0}
    assert spread(ROUNDS, "ours_2") == 1.0


def test_what_was_not_measured_is_no_number():
    shown = {line.split()[0]: line.split()[1] for line in table(ROUNDS).splitlines() if "≥" in line}
    assert shown["ratio_smtplib_2"] == "2.00"
    assert shown["ratio_signed"] == shown["ratio_5ms"] == shown["ratio_post_office"] == "-"


def test_every_contestant_sends_the_same_seven_kilobytes():
    (to, raw), (_other, second) = prebuilt(2)
    assert 7000 < len(raw) < 7400
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert f"To: {to}\r\n".encode() in raw
    assert raw != second
    assert len(letter_bytes(to, "<a@b.example>", plain=True)) < 2500
