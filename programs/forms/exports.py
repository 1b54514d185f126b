"""What of all tasks is taken out of the portal; stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.choices import TaskNature, TaskState


class TaskExportFilter(forms.Form):
    """Every field may be empty. A value that is none of the choices narrows nothing."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=1990, max_value=2100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *TaskState.choices])
    nature = forms.ChoiceField(
        label=_("Nature"), required=False, choices=[("", _("All natures")), *TaskNature.choices]
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="export_%s")
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}

    @property
    def summary(self) -> list[str]:
        """The filters in force, in words."""
        words = []
        for name, value in self.wanted.items():
            field = self.fields[name]
            words.append(f"{field.label}：{dict(getattr(field, 'choices', ())).get(value, value)}")
        return words
