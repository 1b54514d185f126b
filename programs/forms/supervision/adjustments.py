"""The form by which the office drafts a 调整单: only the fields that the chosen kind needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.choices import AdjustmentKind, ResponsibilityRole

from ..office import Day, text_area

#: Fields of each kind beside basis and approval.
FIELDS = {
    AdjustmentKind.ADD_UNIT: ("department", "role"),
    AdjustmentKind.REPLACE_UNIT: ("part", "department"),
    AdjustmentKind.REMOVE_UNIT: ("part",),
    AdjustmentKind.CHANGE_ROLE: ("part", "role"),
    AdjustmentKind.WORDING: ("title", "requirement"),
    AdjustmentKind.TARGET: ("target", "value", "value_text"),
}
ALWAYS = ("basis", "basis_file", "approver", "approved_on")


class AdjustmentForm(forms.Form):
    part = forms.TypedChoiceField(label=_("Unit concerned"), coerce=int)
    department = forms.TypedChoiceField(label=_("New unit"), coerce=int)
    role = forms.ChoiceField(label=_("Role"), choices=ResponsibilityRole)
    title = forms.CharField(label=_("New title"), max_length=200, widget=text_area(2))
    requirement = forms.CharField(
        label=_("New requirement"), max_length=400, required=False, widget=text_area(3), empty_value=""
    )
    target = forms.ChoiceField(label=_("Indicator"))
    value = forms.DecimalField(label=_("New target"), required=False, max_digits=14, decimal_places=4, min_value=0)
    value_text = forms.CharField(
        label=_("Target in words"), required=False, max_length=80, help_text=_("For instance 2—3次.")
    )
    basis = forms.CharField(
        label=_("Basis"), max_length=300, widget=text_area(2),
        help_text=_("The document, minutes or instruction it rests on, with its date."),
    )  # fmt: skip
    basis_file = forms.FileField(label=_("File of the basis"), required=False)
    approver = forms.CharField(
        label=_("Approver"), max_length=80, help_text=_("Post and name, as they shall be printed.")
    )
    approved_on = forms.DateField(label=_("Approved on"), widget=Day())

    def __init__(
        self, *args: Any, kind: str, choices: Mapping[str, Sequence[tuple[Any, str]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wanted = (*FIELDS[AdjustmentKind(kind)], *ALWAYS)
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]
        for name, rows in choices.items():
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = [("", "—"), *rows]
