"""Forms of the yearly activities."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.domain.supervision.activities import check_result
from programs.forms.office import Day, text_area
from programs.models import Activity, ActivityRun


class ActivityForm(forms.ModelForm):
    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Activity
        fields = ("title", "organiser", "month", "day", "days", "note")
        widgets = {"note": text_area(2)}
        help_texts = {
            "title": _("For instance 质量月 or 3·15国际消费者权益日."),
            "days": _("1 for a single day, 30 for a month."),
        }

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = units
        if self.instance.pk:
            self.fields["row_version"].initial = self.instance.row_version

    def validate_unique(self) -> None:
        """The domain refuses a second activity of the same name, in its own words."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        month, day = cleaned.get("month"), cleaned.get("day")
        if month and day and day > {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31):
            self.add_error("day", gettext("This month has no such day."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ResultForm(forms.Form):
    """开展情况 in at most three lines."""

    result = forms.CharField(
        label=_("Result"), max_length=400, widget=text_area(4),
        help_text=_("At most three lines: what was done, with whom, what came of it."),
    )  # fmt: skip

    def clean_result(self) -> str:
        text = self.cleaned_data["result"]
        wrong = check_result(text)
        if wrong:
            raise forms.ValidationError(str(wrong))
        return text


class DaysForm(forms.ModelForm):
    """Other days for one year."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    row_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ActivityRun
        fields = ("starts_on", "ends_on")
        widgets = {"starts_on": Day(), "ends_on": Day()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day lies before the first."))
        if first and first.year != self.instance.year:
            self.add_error("starts_on", gettext("The activity of a year stays in that year."))
        return cleaned
