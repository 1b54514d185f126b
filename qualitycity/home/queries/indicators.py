"""指标 of a programme: target, newest signed figure, 序时进度 and gap. Figures come from readings the actor may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from kpis.domain.evaluation import Standing, evaluate
from kpis.domain.readings import target_text
from kpis.models import Indicator, IndicatorReading
from programs.choices import EntryState
from programs.models import Programme
from qualitycity.access import ActorContext
from qualitycity.periods import Period

#: Worst first; what cannot be judged stands before what is reached, as everywhere.
ORDER = {"red": 0, "amber": 1, "grey": 2, "green": 3}
SIGNED = (EntryState.SIGNED, EntryState.ACCEPTED)


@dataclass(frozen=True)
class Figure:
    """One reported value, or words where there is none."""

    period: str
    text: str
    accepted: bool


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator in words; `history` the newest period first."""

    indicator: Indicator
    standing: Standing
    target: str
    value: str
    period: str
    planned: str
    gap: str
    why: str
    word: str
    history: tuple[Figure, ...]


def elapsed_share(programme: Programme, today: date) -> Decimal:
    """Share of the programme's time that has passed; above 1 when it is over."""
    whole = (programme.ends_on - programme.starts_on).days + 1
    return max(Decimal(0), Decimal((today - programme.starts_on).days + 1) / Decimal(whole))


def indicator_rows(programme: Programme, actor: ActorContext, *, today: date) -> list[IndicatorRow]:
    """Every indicator of the programme, the worst first; one query."""
    readings = (
        IndicatorReading.objects.visible_to(actor)
        .filter(indicator=OuterRef("pk"), state__in=SIGNED)
        .order_by("-window__starts_on", "-version")
    )
    found = (
        Indicator.objects.visible_to(actor)
        .filter(programme=programme)
        .select_related("reporter")
        .annotate(
            newest=ArraySubquery(
                readings.values(
                    json=JSONObject(
                        value="value", note="note", state="state", kind="window__kind", start="window__starts_on",
                        end="window__ends_on",
                    )
                )[:12]
            )
        )
        .order_by("pk")
    )  # fmt: skip
    share = elapsed_share(programme, today)
    rows = [_row(indicator, share) for indicator in found]
    return sorted(rows, key=lambda row: ORDER[row.standing.code])


def _row(indicator: Indicator, share: Decimal) -> IndicatorRow:
    history = tuple(_figure(reading, indicator.unit) for reading in indicator.newest)
    valued = next((reading for reading in indicator.newest if reading["value"] is not None), None)
    value = Decimal(str(valued["value"])) if valued else None
    standing = evaluate(
        indicator.comparator, indicator.value, value, elapsed=share, doubtful=indicator.doubtful
    )
    said = history[0] if history and value is None else None
    return IndicatorRow(
        indicator=indicator,
        standing=standing,
        target=target_text(indicator),
        value=amount(value, indicator.unit) if value is not None else (said.text if said else ""),
        period=_period(valued) if valued else (said.period if said else ""),
        planned=amount(standing.planned, indicator.unit) if standing.planned is not None else "",
        gap=_gap(standing, indicator.unit),
        why=_why(indicator, standing, value),
        word=words()[standing.code],
        history=history,
    )


def amount(value: Decimal, unit: str) -> str:
    """96.5%, 120 家."""
    text = f"{value.normalize():f}"
    return f"{text}{unit}" if unit in ("%", "‰", "") else f"{text} {unit}"


def _figure(reading: dict, unit: str) -> Figure:
    text = amount(Decimal(str(reading["value"])), unit) if reading["value"] is not None else reading["note"]
    return Figure(_period(reading), text, reading["state"] == EntryState.ACCEPTED)


def _period(reading: dict) -> str:
    start, end = (date.fromisoformat(reading[name]) for name in ("start", "end"))
    return Period(reading["kind"], start, end).label


def _gap(standing: Standing, unit: str) -> str:
    """低 12 个百分点, 高 3 家; empty where nothing can be compared."""
    if standing.gap is None:
        return ""
    measure = _("percentage points") if unit == "%" else unit
    size = f"{abs(standing.gap).normalize():f} {measure}".strip()
    if standing.gap == 0:
        return _("just reached")
    return (_("%(size)s better") if standing.gap > 0 else _("%(size)s short")) % {"size": size}


def _why(indicator: Indicator, standing: Standing, value: Decimal | None) -> str:
    if standing.code == "grey":
        if indicator.doubtful:
            return _("The printed figure is doubtful and waits for the office.")
        if indicator.comparator == "reach":
            return _("A target in words; it is not judged by figures.")
        return _("No signed figure yet.") if indicator.reporter_id else _("No unit is named to report it.")
    if standing.planned is not None:
        return _("Compared with the plan for the time passed.")
    return _("Compared with the target.")


def words() -> dict[str, str]:
    """What the colours say of an indicator."""
    return {
        "red": _("Not reached in time"),
        "amber": _("Below target or plan"),
        "grey": _("Not judged"),
        "green": _("On target"),
    }
