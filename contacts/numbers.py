"""Numbers as people read them, in the language of whoever looks."""

from decimal import Decimal

from django.utils.formats import number_format


def grouped(number: float | Decimal) -> str:
    """A number with its thousands apart and all its decimals: 12,345 in English, 12 345 in French."""
    return str(number_format(number, force_grouping=True))
