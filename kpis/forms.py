"""Forms of the office about indicators."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PRINTED, OTHER = "printed", "other"


class DoubtForm(forms.Form):
    """存疑核实: the printed figure is right, or another one is."""

    answer = forms.ChoiceField(
        label=_("What the figure is"),
        choices=[(PRINTED, _("The printed figure is right")), (OTHER, _("Another figure is right"))],
        widget=forms.RadioSelect,
    )
    value = forms.DecimalField(
        label=_("Right figure"), required=False, max_digits=14, decimal_places=4, min_value=0,
        help_text=_("Only if another figure is right; the lower end where it is a span."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Target in words"), required=False, max_length=80, help_text=_("For instance 2—3次.")
    )
    basis = forms.CharField(
        label=_("How the office knows"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance the issuing office was asked, with day and name; it stays with the indicator."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = cleaned.get("value") is not None
        if cleaned.get("answer") == OTHER and not given and "value" not in self.errors:
            self.add_error("value", gettext("Please enter the right figure."))
        if cleaned.get("answer") == PRINTED and (given or cleaned.get("words")):
            self.add_error("answer", gettext("A figure is entered below; then it is not the printed one."))
        return cleaned
