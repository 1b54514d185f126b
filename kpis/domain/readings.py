"""指标填报: indicators as lines of a unit's sheet, through the same machine as progress."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import BooleanField, F, QuerySet, Value
from django.utils.translation import gettext as _

from kpis.models import Indicator, IndicatorReading
from programs.choices import EntryState
from programs.domain import notices
from programs.domain.filing import filing_machine
from programs.domain.sources import Line, LineState, Reach, counted, filed_rows, last_report
from programs.models import Programme, ReportingWindow
from qualitycity.access import SYSTEM, ActorContext
from qualitycity.workflow import Change, advance_many

LONGEST = 200


def complete(reading: IndicatorReading, actor: ActorContext) -> str:
    """Guard of `submit`: a figure, or for words a statement."""
    values = {"value": reading.value, "note": reading.note}
    return next(iter(missing(reading.indicator, values).values()), "")


def missing(indicator: Indicator, values: Mapping[str, Any]) -> dict[str, Any]:
    in_words = indicator.comparator == "reach"
    if in_words and not (values.get("note") or "").strip():
        return {"note": _("Please say how far it has come.")}
    if not in_words and values.get("value") is None and not (values.get("note") or "").strip():
        return {"value": _("Please enter the figure, or say why there is none yet.")}
    return {}


class IndicatorSource:
    """Indicators for which the office has named the reporting unit."""

    name: ClassVar[str] = "indicator"
    fields: ClassVar[tuple[str, ...]] = ("value", "note")
    reach: ClassVar[Reach] = Reach(
        owner="indicator",
        programme="indicator__programme",
        department="indicator__reporter",
        number="indicator__clause_path",
        title="indicator__name",
        sort="indicator_id",
        figure="value",
        unit="indicator__unit",
    )

    def __init__(self) -> None:
        self.machine = filing_machine(
            "kpis.IndicatorReading",
            related=("indicator__programme__jurisdiction", "indicator__reporter", "window"),
            snapshot=("value", "note"),
            complete=complete,
            on_move=(notices.tell_next,),
            on_accept=(supersede_corrected,),
        )

    def lines(
        self, window: ReportingWindow, departments: Collection[int], *, lock: bool = False
    ) -> list[Line]:
        readings = IndicatorReading.objects.alias(unchanged=Value(False))
        indicators = list(
            Indicator.objects.filter(programme_id=window.programme_id, reporter_id__in=departments)
            .select_related("programme__jurisdiction", "reporter")
            .annotate(last_report=last_report(readings, owner="indicator", window=window))
            .order_by("pk")
        )
        rows, before = filed_rows(
            IndicatorReading.objects.all(),
            owner="indicator",
            window=window,
            before={indicator.pk: indicator.last_report for indicator in indicators},
            lock=lock,
        )
        return [
            self._line(window, indicator, rows.get(indicator.pk), before.get(indicator.pk))
            for indicator in indicators
        ]

    def states(self, windows: Collection[ReportingWindow], departments: Collection[int]) -> list[LineState]:
        by_id = {window.pk: window for window in windows}
        indicators = Indicator.objects.filter(
            programme_id__in={window.programme_id for window in windows}, reporter_id__in=departments
        ).values_list("pk", "reporter_id", "programme_id")
        newest = {
            (indicator, window): state
            for indicator, window, state in IndicatorReading.objects.valid()
            .filter(window_id__in=by_id, indicator__reporter_id__in=departments)
            .order_by("version")
            .values_list("indicator_id", "window_id", "state")
        }
        return [
            LineState(window.pk, department, newest.get((indicator, window.pk), EntryState.DRAFT))
            for indicator, department, programme in indicators
            for window in by_id.values()
            if window.programme_id == programme
        ]

    def _line(
        self,
        window: ReportingWindow,
        indicator: Indicator,
        row: IndicatorReading | None,
        previous: IndicatorReading | None,
    ) -> Line:
        row = row or IndicatorReading(indicator=indicator, window=window)
        row.indicator, row.window = indicator, window
        return Line(
            source=self,
            ident=indicator.pk,
            department_id=indicator.reporter_id or 0,
            number=indicator.clause_path,
            title=indicator.name,
            requirement=target_text(indicator),
            role=_("Indicator"),
            nature="figure",
            row=row,
            previous=previous,
            section=_("Indicators"),
            unit=indicator.unit,
        )

    def stored(self, line: Line, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: values[name] for name in self.fields if name in values}

    def check(self, line: Line, values: Mapping[str, Any], *, final: bool) -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        if len(values.get("note") or "") > LONGEST:
            wrong["note"] = _("At most %(count)s characters.") % {"count": LONGEST}
        value = values.get("value")
        if value is not None and line.row.indicator.unit == "%" and not 0 <= value <= 100:
            wrong["value"] = _("Between 0 and 100 per cent.")
        if final:
            wrong = {**missing(line.row.indicator, values), **wrong}
        return wrong

    def owed_lines(self, windows: Collection[int] | QuerySet) -> QuerySet:
        return Indicator.objects.annotate(in_window=F("programme__windows")).filter(
            in_window__in=windows, reporter__isnull=False
        )

    def named_units(self, programme: Programme) -> QuerySet:
        named = Indicator.objects.filter(programme=programme, reporter__isnull=False)
        return named.values_list("reporter_id", Value(True, BooleanField())).distinct()

    def owed(self, windows: Collection[int], departments: Collection[int] | None = None) -> QuerySet:
        indicators = self.owed_lines(windows)
        if departments is not None:
            indicators = indicators.filter(reporter_id__in=departments)
        return counted(
            indicators, IndicatorReading.objects.all(), owner="indicator", department="reporter_id"
        )

    def requirement(self, row: IndicatorReading) -> str:
        return target_text(row.indicator)


def target_text(indicator: Indicator) -> str:
    """The target as a person says it: 目标 ≥ 96 %."""
    if indicator.comparator == "reach":
        return indicator.value_text
    signs = {">=": "≥", "count>=": "≥", "<=": "≤", "=": "=", "zero": "="}
    value = indicator.value or Decimal(0)
    return f"{signs[indicator.comparator]} {value.normalize():f} {indicator.unit}".strip()


def supersede_corrected(changes: list[Change]) -> None:
    """Effect of `accept`: the version that was corrected steps back."""
    corrected = [change.obj.supersedes_id for change in changes if change.obj.supersedes_id]
    if corrected:
        rows = list(IndicatorReading.objects.filter(pk__in=corrected))
        advance_many(INDICATORS.machine, rows, "supersede", actor=SYSTEM)


INDICATORS = IndicatorSource()
