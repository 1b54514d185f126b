"""上线前: the state of one part, or day and basis for many at once."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from programs.choices import TaskNature
from programs.domain.opening import Typed
from programs.models import Responsibility

from .office import Day
from .sheet import PercentField, PlainText, half_width


class GroundForm(forms.Form):
    """As of which day, and how that is known."""

    as_of = forms.DateField(
        label=_("State as of"), widget=Day(), help_text=_("The last day before the portal was used.")
    )
    basis = forms.CharField(
        label=_("Basis"),
        max_length=200,
        help_text=_(
            "A document with its number, or how the office knows: for instance “report of the unit of 31 March”."
        ),
    )


class OpeningForm(GroundForm):
    """`percent` is asked of definite outcomes only."""

    percent = PercentField(
        label=_("Percentage reached"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8, "autocomplete": "off"}),
        error_messages={"invalid": _("Please enter a whole number from 0 to 100, such as 40.")},
    )
    result = PlainText(
        label=_("What had been done"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    field_order = ("as_of", "percent", "result", "basis")

    def __init__(self, *args: Any, nature: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if nature != TaskNature.OUTCOME:
            del self.fields["percent"]

    def typed(self) -> Typed:
        return Typed(self.cleaned_data.get("percent"), self.cleaned_data["result"])


def typed_rows(data: QueryDict, parts: list[Responsibility]) -> tuple[dict[int, Typed], dict[int, str]]:
    """What was typed into the rows of the sheet, by part, and what is no percentage as it was typed."""
    typed: dict[int, Typed] = {}
    wrong: dict[int, str] = {}
    for part in parts:
        percent = half_width(data.get(f"percent-{part.pk}", "")).removesuffix("%").strip()
        result = data.get(f"result-{part.pk}", "").replace("\r\n", "\n").strip()
        if not percent and not result:
            continue
        if percent and not (percent.isascii() and percent.isdigit() and len(percent) < 4):
            wrong[part.pk] = percent
            continue
        typed[part.pk] = Typed(int(percent) if percent else None, result[:2000])
    return typed, wrong
