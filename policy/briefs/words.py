"""Numbers and prose as a brief prints them, in the active language."""

from django.utils.formats import number_format

NO_BREAK_SPACE = "\u00a0"


def count(number: int) -> str:
    """A whole number with the separators of the language."""
    return str(number_format(number, use_l10n=True, force_grouping=True))


def with_unit(figure: str, unit: str) -> str:
    """A figure and its unit on one line; a percent sign stands close, as in English print."""
    if not unit:
        return figure
    return f"{figure}%" if unit == "%" else f"{figure}{NO_BREAK_SPACE}{unit}"


def as_number(figure: str) -> float | None:
    """The value of a printed figure such as “1,204” or “4.5”; None for anything else."""
    try:
        value = float(figure.replace(",", "").strip())
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None


def parts(markdown: str) -> list[tuple[str, str]]:
    """A text cut at its second-level headings, as (heading, text); the first part has no heading."""
    found: list[tuple[str, str]] = [("", "")]
    for line in markdown.splitlines():
        if line.startswith("## "):
            found.append((line[3:].strip(), ""))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
    return [(heading, text.strip()) for heading, text in found]
