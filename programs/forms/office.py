"""Forms of the office: reviewing, reasons, periods, carrying over, remarks, lists, new programmes and tasks."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import PeriodKind, TaskNature
from programs.domain.breakdown import check_due
from programs.domain.rollforward import shifted
from programs.models import Programme

#: What reports are returned for most often; a code in the form, the words in the page's language to the unit.
RETURN_REASONS = {
    "figures": _("Please give figures: how many, how much, up to which day."),
    "thin": _("Only says that work is under way; please write what was done and what came of it."),
    "copied": _("Same text as last period; please write what is new."),
    "percent": _("The percentage does not fit the text; please check it."),
    "evidence": _("Evidence is missing or does not belong to this task."),
    "deadline": _("The task is late; please say why and by when it will be made up."),
    "coordination": _("Please say precisely what has to be coordinated, and with whom."),
    "source": _("Please name the source of the figure and its day."),
}
#: What a report about something else than a task cannot mend: a reading of an indicator has no files, for example.
OTHERS = {
    "task": {"source"},
    "indicator": {"thin", "percent", "evidence", "coordination"},
    "item": {"percent", "coordination", "source"},
}


class Day(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def text_area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class ReviewFilter(forms.Form):
    """Narrowing of the queue, in the address. Choices are what is under way, plus what the address names."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, choices: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", gettext("All")), *rows]


class ReturnForm(forms.Form):
    """退回: ready-made reasons, own words, or both; never neither. Offered are those that fit what the report is about."""

    reasons = forms.MultipleChoiceField(
        label=_("Ready-made reasons"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=300, widget=text_area(3, **{"data-key-return": ""})
    )

    def __init__(self, *args: Any, about: str = "task", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, words) for code, words in RETURN_REASONS.items() if code not in OTHERS[about]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("reasons") and not (cleaned.get("words") or "").strip() and "words" not in self.errors:
            self.add_error("words", gettext("Choose a reason or write one: the unit must know what to mend."))
        return cleaned

    @property
    def reason(self) -> str:
        chosen = [str(RETURN_REASONS[code]) for code in self.cleaned_data["reasons"]]
        return "\n".join([*chosen, *filter(None, [self.cleaned_data["words"].strip()])])[:400]


class AcceptForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark to the unit"), required=False, max_length=400, widget=text_area(2), empty_value=""
    )


class ReasonForm(forms.Form):
    """`basis`: the act rests on a document, minutes or an instruction, which is named (依据)."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=text_area(3))
    basis = forms.CharField(
        label=_("Basis"), max_length=200,
        help_text=_("The document, minutes or instruction it rests on, with its date."),
    )  # fmt: skip

    def __init__(self, *args: Any, required: bool = True, basis: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        if not basis:
            del self.fields["basis"]


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("Leader's remark"), max_length=500, widget=text_area(5),
        help_text=_("The office sees it at once; on a task its units see it too. It cannot be changed afterwards."),
    )  # fmt: skip


class ConsultationForm(forms.Form):
    due_on = forms.DateField(label=_("Answers due on"), widget=Day())
    note = forms.CharField(
        label=_("Note to the units"), required=False, max_length=300, widget=text_area(3),
        help_text=_("For example what they should look at above all."),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()

    def clean_due_on(self) -> date:
        due_on = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(gettext("The answers cannot be due in the past."))
        return due_on


class GroupListForm(forms.Form):
    """名单: who belongs to a group, and on what ground the office says so."""

    departments = forms.MultipleChoiceField(
        label=_("Units on the list"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one unit.")},
    )  # fmt: skip
    basis = forms.CharField(
        label=_("Basis"), max_length=200,
        help_text=_("Number and date of the paper that names the units, or how the office came by the list."),
    )  # fmt: skip

    def __init__(self, *args: Any, departments: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["departments"]
        assert isinstance(units, forms.MultipleChoiceField)
        units.choices = [(str(pk), label) for pk, label in departments]


class RollForwardForm(forms.Form):
    """转入新年度. `clean_…` says at the field what the domain would refuse for the whole form."""

    title = forms.CharField(label=_("Title"), max_length=200)
    short_title = forms.CharField(label=_("Short title"), max_length=60, help_text=_("As it stands in lists."))
    starts_on = forms.DateField(label=_("Starts on"), widget=Day())
    ends_on = forms.DateField(label=_("Ends on"), widget=Day())
    key = forms.SlugField(
        label=_("Key"), max_length=60,
        help_text=_("Letters, digits and hyphens; by it files and other systems find the programme. It never changes."),
    )  # fmt: skip

    def __init__(self, *args: Any, source: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        if Programme.objects.filter(key=key).exists():
            raise forms.ValidationError(gettext("A programme with this key exists already."))
        return key

    def clean_starts_on(self) -> date:
        starts_on = self.cleaned_data["starts_on"]
        if starts_on <= self.source.starts_on:
            raise forms.ValidationError(gettext("The new programme must start after the one it is copied from."))
        return starts_on

    def clean(self) -> dict[str, Any]:
        return _dates_in_order(self, super().clean())


def proposed(source: Programme, today: date) -> dict[str, Any]:
    """First values for 转入新年度: next year, or this one for a programme of long ago, with the year put anew into
    key and titles where they carry it."""
    year = max(source.starts_on.year + 1, today.year)

    years = year - source.starts_on.year

    def renewed(text: str) -> str:
        return text.replace(str(source.year), str(year))

    key = renewed(source.key)
    return {
        "title": renewed(source.title),
        "short_title": renewed(source.short_title),
        "starts_on": shifted(source.starts_on, years),
        "ends_on": shifted(source.ends_on, years),
        "key": key if key != source.key else f"{source.key[:55]}-{year}",
    }


class ProgrammeForm(forms.Form):
    """A programme by hand, for an office without an imported document."""

    title = forms.CharField(label=_("Title"), max_length=200)
    short_title = forms.CharField(label=_("Short title"), max_length=60, help_text=_("As it stands in lists."))
    jurisdiction = forms.ChoiceField(label=_("Jurisdiction"))
    document = forms.ChoiceField(
        label=_("Policy document"), required=False, help_text=_("Only if the document is in the portal already.")
    )
    starts_on = forms.DateField(label=_("Starts on"), widget=Day())
    ends_on = forms.DateField(label=_("Ends on"), widget=Day())
    report_every = forms.ChoiceField(label=_("Units report"), choices=PeriodKind, initial=PeriodKind.QUARTER)
    contact = forms.CharField(
        label=_("Office contact"), required=False, max_length=120, help_text=_("Name and telephone, shown to the units.")
    )

    def __init__(
        self, *args: Any, jurisdictions: list[tuple[str, str]], documents: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        place, document = self.fields["jurisdiction"], self.fields["document"]
        assert isinstance(place, forms.ChoiceField) and isinstance(document, forms.ChoiceField)
        place.choices = jurisdictions
        document.choices = [("", gettext("None")), *documents]
        if len(jurisdictions) == 1:
            place.widget, place.initial = forms.HiddenInput(), jurisdictions[0][0]

    def clean(self) -> dict[str, Any]:
        return _dates_in_order(self, super().clean())


class TaskForm(forms.Form):
    """A task by hand. It is marked as the office's own, so that nobody takes it for print."""

    title = forms.CharField(label=_("Task"), max_length=200)
    requirement = forms.CharField(
        label=_("Requirement in one sentence"), required=False, max_length=400, widget=text_area(2)
    )
    nature = forms.ChoiceField(
        label=_("Nature"), choices=TaskNature, initial=TaskNature.OUTCOME, widget=forms.RadioSelect,
        help_text=_("A definite outcome is reported in per cent; ongoing work is reported each period with its result."),
    )  # fmt: skip
    section = forms.ChoiceField(label=_("Section"), required=False)
    new_section = forms.CharField(
        label=_("or a new section"), required=False, max_length=120, help_text=_("Only the heading, without number.")
    )
    due_on = forms.DateField(label=_("Time limit"), required=False, widget=Day())

    def __init__(self, *args: Any, programme: Programme, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        section = self.fields["section"]
        assert isinstance(section, forms.ChoiceField)
        section.choices = [("", gettext("No section")), *sections]
        limit_to_programme(self.fields["due_on"], programme)

    def clean_due_on(self) -> date | None:
        return within_programme(self.programme, self.cleaned_data["due_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("section") and cleaned.get("new_section"):
            self.add_error("new_section", gettext("Choose a section or name a new one, not both."))
        return cleaned


def limit_to_programme(field: forms.Field, programme: Programme) -> None:
    """The date picker offers only days of the programme; the server asks again."""
    field.widget.attrs |= {"min": programme.starts_on.isoformat(), "max": programme.ends_on.isoformat()}


def within_programme(programme: Programme, day: date | None) -> date | None:
    wrong = check_due(programme, day)
    if wrong:
        raise forms.ValidationError(wrong)
    return day


def _dates_in_order(form: forms.Form, cleaned: dict[str, Any] | None) -> dict[str, Any]:
    cleaned = cleaned or {}
    if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["starts_on"] > cleaned["ends_on"]:
        form.add_error("ends_on", gettext("The programme ends before it starts."))
    return cleaned

