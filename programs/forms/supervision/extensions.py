"""Forms of 延期: what a unit asks, what the office decides."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.choices import ExtensionState

from ..office import Day, text_area


class AskForm(forms.Form):
    """延期申请: the reason, how far the work is, the wanted date; the unit where the person acts for several."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=text_area(3),
        help_text=_("What happened, and why it could not be foreseen."),
    )  # fmt: skip
    progress = forms.CharField(
        label=_("Present progress"), max_length=500, widget=text_area(3),
        help_text=_("What is done, and what is still to be done."),
    )  # fmt: skip
    wanted_on = forms.DateField(label=_("Wanted date"), widget=Day())

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(units)
        field = self.fields["unit"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]
            field.widget = forms.HiddenInput()


class DecideForm(forms.Form):
    """The office states the new date itself; the wanted one is proposed."""

    granted_on = forms.DateField(
        label=_("New date"), widget=Day(), help_text=_("It may differ from the date that is wanted.")
    )
    answer = forms.CharField(
        label=_("Remark to the unit"), required=False, max_length=400, widget=text_area(2), empty_value=""
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput())


class ExtensionFilter(forms.Form):
    """Narrowing of the list, in the address. A value that is none of the choices filters nothing."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *ExtensionState.choices]
    )

    @property
    def chosen(self) -> str:
        return self.cleaned_data.get("state", "") if self.is_valid() else ""
