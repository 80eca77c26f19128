"""Countries that this installation knows legislators' chambers of."""

from contacts.models import Chamber


def countries_with_chambers() -> list[str]:
    """Their codes of two letters, in order; those whose chambers have all ended are not among them."""
    chambers = Chamber.objects.filter(ended_on__isnull=True).exclude(jurisdiction__division__country="")
    codes = chambers.order_by("jurisdiction__division__country").distinct()
    return list(codes.values_list("jurisdiction__division__country", flat=True))
