"""Forms of the breakdown page (办公室分解). Each has its own prefix: many stand on one page, one is posted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import DeliverableKind, MilestoneState, ResponsibilityRole, TaskNature, TaskState
from programs.models import Programme, Task

from .office import Day, limit_to_programme, text_area, within_programme

Choices = list[tuple[str, str]]


def _fill(form: forms.Form, name: str, choices: Choices, empty: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", str(empty)), *choices]


class InProgramme(forms.Form):
    """A form with a due date inside the programme."""

    def __init__(self, data: Any = None, *, programme: Programme, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.programme = programme
        limit_to_programme(self.fields["due_on"], programme)

    def clean_due_on(self) -> date | None:
        return within_programme(self.programme, self.cleaned_data["due_on"])


class EditForm(InProgramme):
    """Date, nature, phase, 责任领导. `row_version` is what the person looked at."""

    due_on = forms.DateField(label=_("Time limit"), required=False, widget=Day())
    reason = forms.CharField(
        label=_("Reason of the new date"), required=False, max_length=200,
        help_text=_("Only for a task that is assigned already; the first date stays in the history."),
    )  # fmt: skip
    nature = forms.ChoiceField(label=_("Nature"), choices=TaskNature, widget=forms.RadioSelect)
    phase = forms.ChoiceField(label=_("Phase"), required=False)
    responsible_leader = forms.ChoiceField(label=_("Responsible leader"), required=False)
    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, task: Task, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        initial = {
            "due_on": task.due_on,
            "nature": task.nature,
            "phase": task.phase_id,
            "responsible_leader": task.responsible_leader_id,
            "row_version": task.row_version,
        }
        super().__init__(data, programme=task.programme, prefix="edit", initial=initial, **kwargs)
        self.task = task
        _fill(self, "phase", choices.get("phase", []), _("None"))
        _fill(self, "responsible_leader", choices.get("leader", []), _("None"))
        if task.state != TaskState.ACTIVE:
            del self.fields["reason"]
        if not choices.get("phase"):
            del self.fields["phase"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        moved = "due_on" in cleaned and cleaned["due_on"] != self.task.due_on
        if moved and "reason" in self.fields and not cleaned.get("reason", "").strip():
            self.add_error("reason", gettext("The task is assigned already: a new date needs a reason."))
        return cleaned

    def read_again(self) -> None:
        """After a conflict: what was typed stays, and the next press is made in knowledge of the present values."""
        self.data = self.data.copy()
        self.data[self.add_prefix("row_version")] = str(self.task.row_version)


class PartForm(forms.Form):
    """A unit named by the office beside the printed ones."""

    department = forms.ChoiceField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Role"), choices=ResponsibilityRole)

    def __init__(self, data: Any = None, *, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(data, prefix="part", **kwargs)
        _fill(self, "department", choices.get("department", []), _("Choose a unit"))


class PeopleForm(forms.Form):
    """责任人 and 联络员 of one part."""

    responsible = forms.CharField(
        label=_("Responsible person"), required=False, max_length=60, help_text=_("Name and post, as the unit gives it.")
    )
    contact = forms.ChoiceField(label=_("Liaison"), required=False)
    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(data, prefix="people", **kwargs)
        _fill(self, "contact", accounts, _("The unit's liaisons"))


class MilestoneForm(InProgramme):
    title = forms.CharField(label=_("Milestone"), max_length=120)
    due_on = forms.DateField(label=_("Time limit"), widget=Day())


class DeliverableForm(InProgramme):
    name = forms.CharField(label=_("Deliverable"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=DeliverableKind)
    due_on = forms.DateField(label=_("Time limit"), required=False, widget=Day())


class ItemForm(InProgramme):
    """子项: a step of the task with units of its own."""

    title = forms.CharField(label=_("Sub-item"), max_length=200)
    requirement = forms.CharField(
        label=_("Requirement in one sentence"), required=False, max_length=400, widget=text_area(2)
    )
    due_on = forms.DateField(label=_("Time limit"), required=False, widget=Day())


class SettleForm(forms.Form):
    """A milestone is reached, or dropped with a reason."""

    state = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect,
        choices=[(MilestoneState.DONE, _("Reached")), (MilestoneState.DROPPED, _("Dropped"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, help_text=_("Needed when the milestone is dropped.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == MilestoneState.DROPPED and not cleaned.get("reason", "").strip():
            self.add_error("reason", gettext("Please give a reason."))
        return cleaned


class DeliverForm(forms.Form):
    note = forms.CharField(
        label=_("Shown by"), max_length=200,
        help_text=_("Number of the paper, link or file by which one sees that it is there."),
    )  # fmt: skip


class ConvenorForm(forms.Form):
    reason = forms.CharField(
        label=_("Ground"), required=False, max_length=200,
        help_text=_("The document names no lead; naming a convening unit is the office's own act."),
    )  # fmt: skip
