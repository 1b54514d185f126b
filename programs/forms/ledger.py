"""Filters of the 任务分解表. They stand in the address, so that a view can be copied, kept and linked to."""

from typing import Any
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.choices import Concern, LightCode, ResponsibilityRole, TaskNature, TaskState
from programs.queries.standing import ANSWERS, NONE, Picture

FIELDS = ("section", "phase", "department", "role", "nature", "state", "light", "concern", "q")


class LedgerFilter(forms.Form):
    """Choices are what the programme holds. A value that is none of them filters nothing and is not shown."""

    section = forms.TypedChoiceField(label=_("Section"), required=False, coerce=int, empty_value=None)
    phase = forms.TypedChoiceField(label=_("Phase"), required=False, coerce=int, empty_value=None)
    department = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("All roles")), (ANSWERS, _("Answers for it (without support)")), *ResponsibilityRole.choices],
    )
    nature = forms.ChoiceField(
        label=_("Nature"), required=False, choices=[("", _("All natures")), *TaskNature.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *TaskState.choices])
    light = forms.ChoiceField(label=_("Light"), required=False, choices=[("", _("All lights")), *LightCode.choices])
    concern = forms.ChoiceField(
        label=_("What is wrong"), required=False, choices=[("", _("Whatever it is")), *Concern.choices]
    )
    q = forms.CharField(
        label=_("Task or unit"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )

    def __init__(self, data: Any, *, picture: Picture, historical: bool) -> None:
        super().__init__({name: data[name] for name in FIELDS if data.get(name)}, auto_id="filter_%s")
        rest = [(NONE, _("Without a section"))] if picture.sections and picture.unplaced else []
        self.fields["section"].choices = [("", _("All sections")), *picture.sections, *rest]
        rest = [(NONE, _("Without a phase"))] if picture.phases and picture.unphased else []
        self.fields["phase"].choices = [("", _("All phases")), *picture.phases, *rest]
        if not picture.phases:
            del self.fields["phase"]
        self.fields["department"].choices = [("", _("All units")), *((unit.pk, unit.label) for unit in picture.units)]
        if historical:
            del self.fields["state"], self.fields["light"], self.fields["concern"]
        self.is_valid()

    def clean_q(self) -> str:
        """Full-width letters and digits are typed by habit and mean the same."""
        return normalize("NFKC", self.cleaned_data["q"]).strip()

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters in force."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def summary(self) -> list[str]:
        """The filters in force, in words: printed above the ledger and into exports."""
        words = []
        for name, value in self.wanted.items():
            field = self.fields[name]
            shown = dict(getattr(field, "choices", ())).get(value, value)
            words.append(f"{field.label}：{shown}")
        return words
