"""Forms of supervised items: filters, registering by kind, units, named persons, delisting, reports."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import EntryState, ItemKind, ItemOverdue, ItemRole, ItemState, LightCode, Urgency
from programs.domain.supervision.item_reports import LONGEST, missing
from programs.forms.office import Day, text_area
from programs.forms.sheet import EvidenceForm, PlainText, SeveralFiles, SeveralFilesField
from programs.queries.supervision.items import Filters
from qualitycity.files.types import EVIDENCE_TYPES

FIELDS = ("q", "kind", "state", "unit", "light", "overdue", "waiting", "mine")
#: What the files of a kind are called; of other kinds they are annexes.
FILES = {ItemKind.INSTRUCTION: _("Scanned page or annex"), ItemKind.CASE: _("Listing notice")}
WAITING = ((EntryState.SIGNED, _("Report to be reviewed")), (EntryState.SUBMITTED, _("Report to be signed off")))


class ItemFilter(forms.Form):
    """Filters of the list; they stand in the address. A value that is no choice filters nothing and is not shown."""

    q = forms.CharField(label=_("Title or number"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *ItemKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *ItemState.choices])
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    light = forms.ChoiceField(label=_("Light"), required=False, choices=[("", _("All lights")), *LightCode.choices])
    overdue = forms.ChoiceField(
        label=_("Overdue"), required=False, choices=[("", _("Overdue or not")), *ItemOverdue.choices]
    )
    waiting = forms.ChoiceField(label=_("Report under way"), required=False, choices=[("", _("Any report")), *WAITING])
    mine = forms.BooleanField(label=_("Mine alone"), required=False)

    def __init__(self, data: Any, *, units: Iterable[tuple[int, str]]) -> None:
        super().__init__({name: data[name] for name in FIELDS if data.get(name)}, auto_id="filter_%s")
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("All units")), *units]
        self.is_valid()

    @property
    def wanted(self) -> Filters:
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def summary(self) -> list[str]:
        """The filters in force, in words: printed above the list and into exports."""
        words = []
        for name, value in self.cleaned_data.items():
            if value:
                field = self.fields[name]
                shown = value if name == "q" else dict(getattr(field, "choices", ())).get(value)
                words.append(str(field.label) if shown is None else f"{field.label}：{shown}")
        return words


class ItemForm(forms.Form):
    """立项: what every kind asks for, and what only the chosen kind has. Fields of other kinds are not there."""

    title = forms.CharField(label=_("Title of the item"), max_length=200)
    content = PlainText(
        label=_("What the units are to do"), required=False, max_length=2000, widget=text_area(4, maxlength=2000)
    )
    basis = forms.CharField(
        label=_("Basis"), required=False, max_length=300, help_text=_("Document and number, if there is one.")
    )
    given_on = forms.DateField(label=_("Given on"), widget=Day())
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=Urgency, initial=Urgency.NORMAL, widget=forms.RadioSelect,
        help_text=_(
            "Without a time limit of its own an instruction has 5 working days when urgent, 15 otherwise, "
            "30 when difficult."
        ),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Time limit"), required=False, widget=Day())

    def __init__(
        self,
        *args: Any,
        kind: str,
        today: date,
        leaders: Iterable[tuple[int, str]] | None = None,
        people: Iterable[tuple[int, str]] | None = None,
        places: Iterable[tuple[int, str]] = (),
        files: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        self.fields["given_on"].widget.attrs["max"] = today.isoformat()
        if kind != ItemKind.INSTRUCTION:
            self.fields["urgency"].help_text = ""
        usual = {
            ItemKind.MEETING: gettext("Left empty: 20 working days from the day it was given."),
            ItemKind.SUPERIOR: gettext("Left empty: 30 working days from the day it was given."),
            ItemKind.INSTRUCTION: gettext("Left empty: by its urgency."),
        }
        self.fields["due_on"].help_text = usual.get(ItemKind(kind), "")
        self.fields["due_on"].required = kind == ItemKind.CASE
        places = list(places)
        if places:
            place = forms.ChoiceField(label=_("Jurisdiction"), choices=places)
            if len(places) == 1:
                place.widget, place.initial = forms.HiddenInput(), places[0][0]
            self.fields["jurisdiction"] = place
        if kind == ItemKind.INSTRUCTION and leaders is not None:
            self._leader_fields(list(leaders))
        if kind == ItemKind.CASE:
            self._case_fields()
        if people is not None:
            self._people_fields(list(people))
        if files:
            self.fields["files"] = _files(FILES.get(ItemKind(kind), _("Annexes")))

    def _leader_fields(self, leaders: list[tuple[int, str]]) -> None:
        self.fields["leader"] = forms.TypedChoiceField(
            label=_("Leader"), required=False, coerce=int, empty_value=None,
            choices=[("", gettext("No account here: name in the next field")), *leaders],
        )  # fmt: skip
        self.fields["leader_label"] = forms.CharField(
            label=_("or a leader without an account"), required=False, max_length=80, help_text=_("Post and name.")
        )

    def _case_fields(self) -> None:
        self.fields["case_number"] = forms.CharField(
            label=_("Case number"), max_length=60, help_text=_("Only number, units and dates; never files of the case.")
        )
        self.fields["supervising_units"] = forms.CharField(
            label=_("Supervising units"), required=False, max_length=200
        )
        self.fields["to_police"] = forms.BooleanField(label=_("Handed to the police"), required=False)
        self.fields["to_police_on"] = forms.DateField(
            label=_("Handed to the police on"), required=False, widget=Day()
        )

    def _people_fields(self, people: list[tuple[int, str]]) -> None:
        if self.kind != ItemKind.CASE:
            self.fields["restricted"] = forms.BooleanField(
                label=_("For named persons only"), required=False,
                help_text=_("Then nobody but the persons named sees the item, not even colleagues in the office."),
            )  # fmt: skip
        self.fields["named"] = _people(people)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given, due = cleaned.get("given_on"), cleaned.get("due_on")
        if given and given > self.today:
            self.add_error("given_on", gettext("The day on which it was given lies in the future."))
        if given and due and due < given:
            self.add_error("due_on", gettext("The time limit lies before the day on which it was given."))
        if "leader" in self.fields:
            if cleaned.get("leader") and cleaned.get("leader_label"):
                self.add_error("leader_label", gettext("Choose a leader or name one, not both."))
            elif not cleaned.get("leader") and not cleaned.get("leader_label") and "leader" not in self.errors:
                self.add_error("leader", gettext("Please name the leader whose instruction it is."))
        if "to_police" in self.fields:
            if cleaned.get("to_police") and not cleaned.get("to_police_on") and "to_police_on" not in self.errors:
                wrong = gettext("Please give the day on which the case was handed to the police.")
                self.add_error("to_police_on", wrong)
            if cleaned.get("to_police_on") and not cleaned.get("to_police"):
                cleaned["to_police"] = True
        return cleaned


def _files(label: Any) -> forms.Field:
    messages = EvidenceForm.base_fields["evidence"].error_messages
    return SeveralFilesField(
        label=label, required=False, error_messages=messages,
        widget=SeveralFiles(attrs={"accept": ",".join(f".{name}" for name in sorted(EVIDENCE_TYPES))}),
    )  # fmt: skip


def _people(people: list[tuple[int, str]]) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        label=_("Persons named"), required=False, coerce=int, choices=people, widget=forms.CheckboxSelectMultiple,
        help_text=_("You are named yourself. Name an office administrator, and of each unit those who handle it."),
    )  # fmt: skip


class FilesForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = _files(_("Further pages"))

    def clean_files(self) -> list[Any]:
        found = self.cleaned_data["files"]
        if not found:
            raise forms.ValidationError(gettext("Choose the files to be added."))
        return found


class PeopleForm(forms.Form):
    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"] = _people(list(people))


class UnitForm(forms.Form):
    """One unit of an item; an empty line names none."""

    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    role = forms.ChoiceField(label=_("Role"), choices=ItemRole, required=False, initial=ItemRole.LEAD)

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("No unit")), *units]
        for name in ("unit", "role"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unit") and not cleaned.get("role"):
            cleaned["role"] = ItemRole.LEAD
        return cleaned


UnitSet = forms.formset_factory(UnitForm, extra=0, min_num=1, max_num=40, absolute_max=40)


class DelistingForm(forms.Form):
    basis = forms.CharField(label=_("Basis of the delisting"), max_length=300, widget=text_area(3))
    approved_by = forms.CharField(label=_("Delisting approved by"), max_length=80)


class ReportForm(forms.Form):
    """反馈 of a unit. `version` is the draft the person looked at, empty where there was none."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    final = forms.TypedChoiceField(
        label=_("This is"), coerce=lambda value: value == "1", widget=forms.RadioSelect, initial="0",
        choices=[("0", _("an interim report")), ("1", _("the final report"))],
        help_text=_("A final report, once accepted, finishes your unit's part."),
    )  # fmt: skip
    progress = PlainText(
        label=_("How it was handled"), required=False, max_length=LONGEST, widget=text_area(6, maxlength=LONGEST)
    )
    result = PlainText(
        label=_("Result of the handling"), required=False, max_length=LONGEST, widget=text_area(3, maxlength=LONGEST),
        help_text=_("A final report names it."),
    )  # fmt: skip
    problems = PlainText(
        label=_("Open problems"), required=False, max_length=LONGEST, widget=text_area(2, maxlength=LONGEST)
    )

    def __init__(self, *args: Any, handing_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handing_in = handing_in
        self.fields["files"] = _files(_("Evidence"))

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("final", "progress", "result", "problems")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.handing_in:
            for name, sentence in missing(cleaned).items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned


class PaperForm(forms.Form):
    """纸质审签 of a report."""

    scan = forms.FileField(
        label=_("Scan of the signed and stamped page"), widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": _("Please choose the scan."),
            "empty": _("The file is empty."),
            "invalid": _("The file could not be read. Please choose it again."),
        },
    )  # fmt: skip
