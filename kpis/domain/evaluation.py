"""How an indicator stands: value against target, and for counts against 序时进度. Pure: figures in, code and gap out.

Codes are those of the lights; grey is "cannot be judged" and is never passed off as reached. A rate does not grow with
the calendar, so it is compared with its target; a count of things to be done is compared with its share of the time
passed. Missing the target is amber while there is time and red when the time is over.
"""

from dataclasses import dataclass
from decimal import Decimal

from kpis.choices import Comparator

#: Not comparable with a figure.
IN_WORDS = (Comparator.REACH,)
AT_MOST = (Comparator.AT_MOST, Comparator.ZERO)


@dataclass(frozen=True)
class Standing:
    """`code` green, amber, red or grey. `planned` is what the time passed asks for by now (counts alone). `gap` is how
    much better (positive) or worse the value is than `planned`, or than the target where nothing is planned."""

    code: str
    planned: Decimal | None = None
    gap: Decimal | None = None


def evaluate(
    comparator: str, target: Decimal | None, value: Decimal | None, *, elapsed: Decimal, doubtful: bool = False
) -> Standing:
    """`elapsed` is the share of the programme's time that has passed, 0 to 1; from 1 on the time is over."""
    if comparator == Comparator.ZERO:
        target = Decimal(0)
    planned = None
    if comparator == Comparator.COUNT_AT_LEAST and target is not None:
        planned = (target * min(elapsed, Decimal(1))).quantize(Decimal("0.1"))
    if comparator in IN_WORDS or target is None or value is None or doubtful:
        return Standing("grey", planned)
    aim = target if planned is None else planned
    if comparator == Comparator.EQUAL:
        gap = -abs(value - target)
    else:
        gap = aim - value if comparator in AT_MOST else value - aim
    if gap >= 0:
        return Standing("green", planned, gap)
    return Standing("red" if elapsed >= 1 else "amber", planned, gap)
