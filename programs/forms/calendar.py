"""What the calendar shows: month, kind, programme, unit; all of it stands in the address."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.queries.calendar import ACTIVITY, MATERIAL, MILESTONE, TASK, WINDOW, Filters
from taskforce.models import Department

FIELDS = ("kind", "programme", "unit")
NAMES = {
    MILESTONE: _("Milestones"),
    TASK: _("Due dates of tasks"),
    WINDOW: _("Returns due"),
    MATERIAL: _("Papers due"),
    ACTIVITY: _("Yearly activities"),
}
#: The same in one word, before a date.
SHORT = {
    MILESTONE: _("Milestone"),
    TASK: _("Due"),
    WINDOW: _("Filing"),
    MATERIAL: _("Paper"),
    ACTIVITY: _("Activity"),
}
#: Years a calendar is opened in; other addresses lead to today.
YEARS = range(2000, 2100)


class CalendarFilter(forms.Form):
    """A value that is none of the choices filters nothing and is not shown."""

    kind = forms.ChoiceField(label=_("Kind of date"), required=False, choices=[("", _("All")), *NAMES.items()])
    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, programmes: list[tuple[int, str]], units: Iterable[Department]) -> None:
        super().__init__({name: data[name] for name in FIELDS if data.get(name)}, auto_id="filter_%s")
        self.fields["programme"].choices = [("", _("All programmes")), *programmes]
        self.fields["unit"].choices = [("", _("All units")), *((unit.pk, unit.short_name) for unit in units)]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters in force."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def filters(self) -> Filters:
        values = self.cleaned_data
        return Filters(values.get("programme"), values.get("unit"), values.get("kind", ""))

    @property
    def summary(self) -> list[str]:
        """The filters in force, in words."""
        words = []
        for name, value in self.wanted.items():
            field = self.fields[name]
            words.append(f"{field.label}：{dict(getattr(field, 'choices', ())).get(value, value)}")
        return words


def wanted_month(text: str, today: date) -> tuple[int, int]:
    """2026-11 as (2026, 11); anything else is the month of today."""
    year, _dash, month = text.partition("-")
    if year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) <= 2:
        if int(year) in YEARS and 1 <= int(month) <= 12:
            return int(year), int(month)
    return today.year, today.month


def wanted_day(text: str, first: date, last: date) -> date | None:
    """A day of the month shown; anything else is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if first <= day <= last else None
