"""节假日和调休日 in the settings: one announced holiday at a time, with all its days off and the days worked for it."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualitycity.access.http import actor_of
from qualitycity.audit.journal import build_entry, write_entries
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workdays.loading import belongs_to, enter_days
from qualitycity.workdays.models import DayKind, Holiday
from qualitycity.workflow.admin import PortalAdmin, RegisterForm
from taskforce.choices import Role

#: Days in a row; the longest 春节 has nine.
LONGEST = 20
_APART = re.compile(r"[,，、;；\s]+")
_DAY = re.compile(r"(?:(?P<year>\d{4})(?:年|[-./]))?(?P<month>\d{1,2})(?:月|[-./])(?P<day>\d{1,2})日?")


class SpanForm(RegisterForm):
    """A date as the register keeps it, and beside it the rest of the holiday: days off up to `until`, make-up days."""

    until = forms.DateField(
        label=gettext_lazy("last day off"), required=False, widget=AdminDateWidget,
        help_text=gettext_lazy("For several days in a row; each is entered."),
    )  # fmt: skip
    make_up = forms.CharField(
        label=gettext_lazy("days worked for it"), required=False, max_length=120,
        help_text=gettext_lazy("As announced, e.g. 2026-09-27、10月10日."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.others: list[tuple[date, str]] = []
        first, until = cleaned.get("date"), cleaned.get("until")
        if first is None or self.errors:
            return cleaned
        if (until or cleaned.get("make_up")) and cleaned.get("kind") != DayKind.REST:
            self.add_error("kind", _("A holiday is entered as days off; the days worked for it stand beside."))
            return cleaned
        if until and not first <= until < first + timedelta(days=LONGEST):
            said = _("The last day lies on or after the first, at most %(count)s days.") % {"count": LONGEST}
            self.add_error("until", said)
            return cleaned
        worked = self._worked(cleaned.get("make_up", ""), first.year)
        off = [first + timedelta(days=number) for number in range(1, (until - first).days + 1 if until else 1)]
        self.others = [*((day, DayKind.REST) for day in off), *((day, DayKind.WORK) for day in worked)]
        days = [first, *(day for day, _kind in self.others)]
        strayed = [day for day in worked if not belongs_to(first.year, day)]
        if strayed:
            said = _("%(day)s does not belong to the holidays of %(year)s.")
            self.add_error("make_up", said % {"day": strayed[0].isoformat(), "year": first.year})
        twice = sorted({day for day in days if days.count(day) > 1})
        if twice:
            self.add_error("make_up", _("%(day)s is named twice.") % {"day": twice[0].isoformat()})
        known = Holiday.objects.filter(date__in=days).exclude(date=first).order_by("date")
        if known:
            listed = "、".join(row.date.isoformat() for row in known[:5])
            self.add_error(None, _("On record already: %(days)s. Change these in the list.") % {"days": listed})
        return cleaned

    def _worked(self, words: str, year: int) -> list[date]:
        found = []
        for word in filter(None, _APART.split(words.strip())):
            match = _DAY.fullmatch(word)
            try:
                if match is None:
                    raise ValueError
                found.append(date(int(match["year"] or year), int(match["month"]), int(match["day"])))
            except ValueError:
                self.add_error("make_up", _("“%(word)s” is no date; it reads like 2026-09-27.") % {"word": word[:20]})
        return found


class HolidayYear(admin.SimpleListFilter):
    """One year of the table, as one notice announces it."""

    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Holiday.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> QuerySet[Holiday]:
        year = self.value()
        return queryset.filter(date__year=int(year)) if year and year.isdigit() else queryset


@admin.register(Holiday)
class HolidayAdmin(PortalAdmin):
    readers = frozenset({Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.AUDITOR})
    editors = frozenset({Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN})
    list_display = ("date", "weekday", "kind", "name", "source")
    list_filter = (HolidayYear, "kind")
    list_per_page = 60
    search_fields = ("name", "source")
    date_hierarchy = "date"
    ordering = ("-date",)
    fixed = ("date",)

    @admin.display(description=gettext_lazy("day of the week"), ordering="date")
    def weekday(self, obj: Holiday) -> str:
        return date_format(obj.date, "l")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Says of this year and the next whether their notice is in."""
        year = timezone.localdate().year
        for sentence in load_calendar().warnings([year, year + 1]):
            messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs.setdefault("form", SpanForm)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = ["date", "kind", "name", "source"]
        return fields if obj is not None else ["date", "until", "make_up", *fields[1:]]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"kind": DayKind.REST, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The other days of the holiday are entered with the first, each with its line in the journal."""
        super().save_model(request, obj, form, change)
        if change:
            return
        rows = enter_days(form.others, name=obj.name, source=obj.source)
        write_entries(
            build_entry(
                subject=row, action="register_add", actor=actor_of(request), audience="office",
                after={"date": row.date.isoformat(), "kind": str(row.kind), "name": row.name, "source": row.source},
            )
            for row in rows
        )  # fmt: skip
