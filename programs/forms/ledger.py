"""Filters of the 任务分解表. They stand in the address, so that a view can be copied, kept and linked to."""

from typing import Any
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.choices import Concern, LightCode, OutlookCode, ResponsibilityRole, TaskNature, TaskState
from programs.queries.standing import ANSWERS, NONE, Picture

#: Columns that may be left out or added, in the order of the table; number and task always stand.
COLUMNS = {
    "clause": _("Clause"),
    "lead": _("Lead unit"),
    "support": _("Supporting units"),
    "leader": _("Responsible leader"),
    "due": _("To be done by"),
    "nature": _("Nature"),
    "state": _("State"),
    "progress": _("Percentage"),
    "light": _("Light"),
    "latest": _("Newest progress"),
}
USUAL = ("lead", "support", "leader", "due", "progress", "light", "latest")
#: Lines on one page.
SIZES = (100, 500)
FIELDS = ("section", "phase", "department", "role", "nature", "state", "light", "concern", "outlook", "q")


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
    outlook = forms.ChoiceField(
        label=_("Outlook"), required=False, choices=[("", _("All outlooks")), *OutlookCode.choices]
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
            del self.fields["state"], self.fields["light"], self.fields["concern"], self.fields["outlook"]
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


class LedgerLayout(forms.Form):
    """Columns and length of the page, in the address like the filters. None of the columns chosen means the usual."""

    col = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple)
    rows = forms.TypedChoiceField(
        label=_("Lines per page"), required=False, coerce=int, empty_value=SIZES[0], choices=[(n, n) for n in SIZES]
    )

    def __init__(self, data: Any, *, bare: bool, historical: bool) -> None:
        """`data` is an address (QueryDict). `bare`: nothing was ever reported; a historical record has no lights."""
        gone = {"progress", "latest"} if bare else set()
        gone |= {"light", "state"} if historical else set()
        there = {name: label for name, label in COLUMNS.items() if name not in gone}
        self.usual = [name for name in USUAL if name in there]
        asked = [name for name in data.getlist("col") if name in there]
        chosen = [name for name in there if name in asked] or self.usual
        size = data.get("rows") if data.get("rows") in map(str, SIZES) else str(SIZES[0])
        super().__init__({"col": chosen, "rows": size}, auto_id="layout_%s")
        self.fields["col"].choices = list(there.items())
        self.is_valid()

    @property
    def columns(self) -> list[str]:
        return self.cleaned_data["col"]

    @property
    def size(self) -> int:
        return self.cleaned_data["rows"]

    @property
    def wanted(self) -> dict[str, Any]:
        """What differs from the usual, as the address has it."""
        found: dict[str, Any] = {} if self.columns == self.usual else {"col": self.columns}
        return found | ({} if self.size == SIZES[0] else {"rows": self.size})

    @property
    def summary(self) -> list[str]:
        return ["、".join(str(COLUMNS[name]) for name in self.columns)] if "col" in self.wanted else []


class SaveViewForm(forms.Form):
    """The name of a view; sharing is offered to the office alone."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    shared = forms.BooleanField(
        label=_("For everybody who reads this programme"), required=False,
        help_text=_("Otherwise you alone see it. Everybody sees his own tasks in it."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="view_%s", **kwargs)
        if not may_share:
            del self.fields["shared"]
