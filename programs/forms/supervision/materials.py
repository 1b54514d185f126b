"""Forms of 应报材料: filters, the register, handing in, deciding."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.choices import Recurrence
from programs.forms.office import Day, text_area
from programs.forms.sheet import SeveralFiles, SeveralFilesField
from programs.models import Material, PolicyDocument, Programme
from programs.queries.supervision.materials import Filters
from qualitycity.files.types import EVIDENCE_TYPES
from taskforce.models import Department

SHOWN = (
    ("", _("Open")),
    ("overdue", _("Overdue")),
    ("soon", _("Due soon or returned")),
    ("filed", _("Handed in, to be accepted")),
    ("accepted", pgettext_lazy("paper", "Accepted")),
    ("waived", _("Waived")),
    ("all", _("All")),
)
NAMES = ("show", "material", "unit", "mine")


class MaterialFilter(forms.Form):
    """A value that is none of the choices filters nothing and is not shown."""

    show = forms.ChoiceField(label=_("Situation"), required=False, choices=SHOWN)
    material = forms.TypedChoiceField(label=_("Paper"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    mine = forms.BooleanField(label=_("My units alone"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        materials: Iterable[tuple[int, str]],
        units: Iterable[tuple[int, str]],
        in_unit: bool,
    ) -> None:
        super().__init__({name: data[name] for name in NAMES if data.get(name)}, auto_id="filter_%s")
        self.fields["material"].choices = [("", _("All papers")), *materials]
        self.fields["unit"].choices = [("", _("All units")), *units]
        if not in_unit:
            del self.fields["mine"]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: ("1" if value is True else value) for name, value in self.cleaned_data.items() if value}

    @property
    def filters(self) -> Filters:
        given = self.cleaned_data
        return Filters(
            given.get("show") or "open", given.get("material"), given.get("unit"), bool(given.get("mine"))
        )

    @property
    def summary(self) -> list[str]:
        words = []
        for name, value in self.wanted.items():
            field = self.fields[name]
            shown = dict(getattr(field, "choices", ())).get(value)
            words.append(str(field.label) if shown is None else f"{field.label}：{shown}")
        return words


class MaterialForm(forms.ModelForm):
    """A line of the register. Once dates are laid out, how often and from when do not change any more.

    `reason` is asked for only after the paper was refused as more than the limit (填报负担).
    """

    units = forms.ModelMultipleChoiceField(
        label=_("Units that hand it in"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Name at least one unit from which the paper is due.")},
    )
    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason for asking more than the limit"), required=False, max_length=400, widget=text_area(3),
        help_text=_("It is journalled and stands on the page of the burden of reports."),
    )  # fmt: skip

    class Meta:
        model = Material
        fields = (
            "title", "recipient", "recurrence", "first_due", "about_previous", "basis", "document", "programme", "hint",
        )  # fmt: skip
        widgets = {"first_due": Day(), "hint": text_area(2)}
        help_texts = {
            "title": _("As the paper is called, for instance 年度质量工作计划."),
            "recipient": _("Who gets it, for instance 市质量强市办."),
            "first_due": _("Later dates follow from it: the same day of the month."),
            "about_previous": _("For instance: what is due in April is about the first quarter."),
            "basis": _("Clause or paper that asks for it."),
        }

    def __init__(self, *args: Any, units: Any, documents: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units
        self.fields["document"].queryset = documents
        self.fields["programme"].queryset = programmes
        self.fields["recurrence"].choices = Recurrence.choices
        if self.instance.pk:
            for name in ("title", "recurrence", "first_due", "about_previous"):
                self.fields[name].disabled = True
            if not self.is_bound:
                self.fields["units"].initial = list(self.instance.units.values_list("pk", flat=True))
            self.fields["row_version"].initial = self.instance.row_version

    def ask_reason(self, sentence: str) -> None:
        self.add_error("reason", sentence)

    @property
    def asks_reason(self) -> bool:
        """Also when a reason was typed and something else is wrong: it is kept."""
        return bool(self.errors.get("reason") or (self.is_bound and self["reason"].value()))

    def validate_unique(self) -> None:
        """The domain refuses a second line of the same paper, in its own words."""

    def _get_validation_exclusions(self) -> set[str]:
        """The constraints of these columns say what their fields have said already: no statements are spent on them."""
        return super()._get_validation_exclusions() | {"title", "recurrence"}  # type: ignore[misc]

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}


def form_choices(actor: Any, jurisdiction: Any) -> dict[str, Any]:
    """What the register's form can choose from in a territory."""
    return {
        "units": Department.objects.filter(jurisdiction__path__startswith=jurisdiction.path, successor__isnull=True)
        .select_related("jurisdiction")
        .order_by("jurisdiction__path", "sort", "pk"),
        "documents": PolicyDocument.objects.visible_to(actor).filter(jurisdiction=jurisdiction).order_by("-dated"),
        "programmes": Programme.objects.visible_to(actor).filter(jurisdiction=jurisdiction, state="running"),
    }


class HandInForm(forms.Form):
    """报送: files and a note, both optional in themselves; the domain asks that a paper is there in the end."""

    paper = SeveralFilesField(
        label=_("The paper"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ",".join(f".{name}" for name in sorted(EVIDENCE_TYPES))}),
        error_messages={
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
            "invalid": _("The file could not be read. Please choose it again."),
        },
    )
    note = forms.CharField(
        label=_("Note to the office"), required=False, max_length=300, widget=text_area(2), empty_value=""
    )
