"""The one rule by which numbers are rounded wherever they are printed: halves upwards, so 4.25 reads 4.3."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def rounded(value: float | Fraction | Decimal, decimals: int) -> Decimal:
    """Round to so many decimals, halves away from zero; there is no negative zero.

    A floating point number stands for the shortest decimal that reads back as it: 4.35 is 87/20 although the nearest
    binary number is a little less, because a mean is computed as a fraction and is a float only on its way to print.
    """
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals + Fraction(1, 2)
        whole = Decimal(scaled.numerator // scaled.denominator).scaleb(-decimals)
        return (whole if value >= 0 else -whole) + 0
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def hundredths(shares: Sequence[float]) -> list[int]:
    """Write shares that are 1 together as whole numbers that are 100 together.

    What rounding down leaves goes to the largest remainders (Hamilton's method), the first ones of equal ones.
    """
    parts = [rounded(100 * share, 6) for share in shares]
    whole = [int(part) for part in parts]
    left = 100 - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda index: whole[index] - parts[index])
    for index in by_remainder[:left]:
        whole[index] += 1
    return whole
