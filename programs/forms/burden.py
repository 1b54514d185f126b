"""填报负担: which year is looked at, and the limit."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class BurdenFilter(forms.Form):
    """Read from the address: what cannot be read counts as not given."""

    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)
    unit = forms.IntegerField(required=False, min_value=1)
    quarter = forms.IntegerField(required=False, min_value=1, max_value=4)

    def wanted(self, today: date) -> dict[str, Any]:
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        return {"year": data.get("year") or today.year, "unit": data.get("unit"), "quarter": data.get("quarter")}


class CapForm(forms.Form):
    per_quarter = forms.IntegerField(
        label=_("Reports per unit and quarter at most"),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Empty: asks are counted, nothing is refused."),
        error_messages={
            "invalid": _("Please enter a whole number from 1 to 99, or leave it empty."),
            "min_value": _("Please enter a whole number from 1 to 99, or leave it empty."),
            "max_value": _("Please enter a whole number from 1 to 99, or leave it empty."),
        },
    )
