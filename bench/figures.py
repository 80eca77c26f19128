"""From rates of rounds to the figures that are reported: medians, and medians of each round's ratio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Rates = Mapping[str, float]


@dataclass(frozen=True)
class Ratio:
    """One contestant's rate over another's in the same round, and what it has to be at least."""

    key: str
    ours: str
    theirs: str
    required: float | None = None


RATIOS = (
    Ratio("ratio_smtplib_1", "ours_1", "smtplib_1"),
    Ratio("ratio_smtplib_2", "ours_2", "smtplib_2", 1.5),
    Ratio("ratio_post_office", "ours_2", "post_office", 18),
    Ratio("ratio_django_mailer", "ours_2", "django_mailer", 40),
    Ratio("ratio_task_per_mail", "ours_2", "task_per_mail"),
    Ratio("ratio_signed", "ours_signed", "smtplib_1", 0.55),
    Ratio("ratio_5ms_1_connection", "ours_5ms_1_connection", "smtplib_5ms"),
    Ratio("ratio_5ms", "ours_5ms", "smtplib_5ms", 100),
)


def median_rates(rounds: Sequence[Rates]) -> dict[str, float]:
    """Letters a second, by contestant."""
    if not rounds:
        return {}
    return {key: round(median(rates[key] for rates in rounds), 1) for key in rounds[0]}


def median_ratios(rounds: Sequence[Rates]) -> dict[str, float]:
    """Each round is compared with itself only: the machine's bad minutes meet both sides."""
    return {
        ratio.key: round(median(rates[ratio.ours] / rates[ratio.theirs] for rates in rounds), 3)
        for ratio in RATIOS
        if rounds and {ratio.ours, ratio.theirs} <= rounds[0].keys()
    }


def spread(rounds: Sequence[Rates], key: str) -> float:
    """(Largest - smallest) / median of a contestant's rates."""
    rates = [one[key] for one in rounds]
    return (max(rates) - min(rates)) / median(rates)


def table(rounds: Sequence[Rates]) -> str:
    """The figures for a person: rates with their spread, then ratios beside what they have to be."""
    lines = [f"{'':24}{'letters/s':>12}{'±':>8}"]
    for key, rate in median_rates(rounds).items():
        lines.append(f"{key:24}{rate:12,.0f}{spread(rounds, key):8.0%}")
    lines.append(f"\n{'':24}{'ratio':>12}{'wanted':>12}")
    measured = median_ratios(rounds)
    for ratio in RATIOS:
        found = f"{measured[ratio.key]:.2f}" if ratio.key in measured else "-"
        least = f"≥ {ratio.required:g}" if ratio.required else ""
        lines.append(f"{ratio.key:24}{found:>12}{least:>12}")
    return "\n".join(lines)
