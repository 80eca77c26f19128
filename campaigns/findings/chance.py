"""What chance may do to a share: intervals that hold the true one in 95 of a hundred such samples."""

from math import sqrt

Z = 1.959964  # the normal distribution's 97.5 % point


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Lower and upper bound of a share, from 0 to 1 (Wilson 1927, the score interval); everything of nothing."""
    if not n:
        return 0.0, 1.0
    share, square = hits / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def difference(hits: int, n: int, other_hits: int, other_n: int) -> tuple[float, float]:
    """Bounds of the first share less the other, from −1 to 1 (Newcombe 1998, method 10: from both Wilson intervals)."""
    share, other = hits / n, other_hits / other_n
    (low, high), (other_low, other_high) = wilson(hits, n), wilson(other_hits, other_n)
    apart = share - other
    below = sqrt((share - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return apart - below, apart + above
