"""Filters of 谁还没报; they stand in the address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import ReportingWindow
from programs.queries.missing import Filters, Missing

HOLDERS = (("liaison", _("Liaison")), ("head", _("Head of the unit")), ("office", _("Office")))
FIELDS = ("programme", "window", "unit", "holder", "late", "by")


class MissingFilter(forms.Form):
    """Choices are what is open and missing. A value that is none of them filters nothing and is not shown."""

    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=int, empty_value=None)
    window = forms.TypedChoiceField(label=_("Period"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    holder = forms.ChoiceField(label=_("Lies with"), required=False, choices=[("", _("Everybody")), *HOLDERS])
    by = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("By period")), ("unit", _("By unit"))]
    )
    late = forms.BooleanField(label=_("Late alone"), required=False)

    def __init__(self, data: Any, *, windows: Iterable[ReportingWindow], rows: Iterable[Missing]) -> None:
        super().__init__({name: data[name] for name in FIELDS if data.get(name)}, auto_id="filter_%s")
        windows = list(windows)
        programmes = {row.programme_id: str(row.programme) for row in windows}
        units = {row.unit.pk: row.unit for row in rows}
        named = sorted(units.values(), key=lambda unit: (unit.sort, unit.pk))
        self.fields["programme"].choices = [("", _("All programmes")), *programmes.items()]
        self.fields["unit"].choices = [("", _("All units")), *((unit.pk, unit.short_name) for unit in named)]
        chosen = str(data.get("programme", ""))
        shown = [row for row in windows if chosen in ("", str(row.programme_id))]
        periods = [(row.pk, f"{row.label} · {row.programme}") for row in shown]
        self.fields["window"].choices = [("", _("All open periods")), *reversed(periods)]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters in force, as the address has them."""
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return found | ({"late": "1"} if "late" in found else {})

    @property
    def filters(self) -> Filters:
        values = self.cleaned_data
        return Filters(
            values.get("programme"), values.get("window"), values.get("unit"), values.get("holder", ""),
            bool(values.get("late")),
        )  # fmt: skip

    @property
    def summary(self) -> list[str]:
        """The filters in force, in words: printed above the list and into exports."""
        words = []
        for name, value in self.wanted.items():
            field = self.fields[name]
            shown = dict(getattr(field, "choices", ())).get(value)
            words.append(str(field.label) if shown is None else f"{field.label}：{shown}")
        return words
