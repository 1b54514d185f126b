"""Forms of 需协调事项: the filter of the list, answer, 呈报, decision."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Meeting
from programs.queries.supervision.matters import TABS
from taskforce.models import User

from ..office import text_area

FIELDS = ("state", "unit", "programme", "q", "mine")


class MatterFilter(forms.Form):
    """Narrowing of the list, in the address; a value that is no choice narrows nothing."""

    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=int, empty_value=None)
    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    mine = forms.BooleanField(label=_("Of our own office alone"), required=False)
    state = forms.ChoiceField(required=False, choices=[(tab, tab) for tab in TABS], widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        units: Iterable[tuple[int, str]],
        programmes: Iterable[tuple[int, str]],
        in_office: bool,
    ) -> None:
        super().__init__({name: data[name] for name in FIELDS if data.get(name)}, auto_id="filter_%s")
        for name, label, rows in (("unit", _("All units"), units), ("programme", _("All programmes"), programmes)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", label), *rows]
        if not in_office:
            del self.fields["mine"]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer to the unit"), max_length=1000, widget=text_area(4),
        help_text=_("For what the office can settle itself. The unit sees it with the date, beside its report."),
    )  # fmt: skip


class PutBeforeForm(forms.Form):
    """呈报: one leader, or one meeting."""

    leader = forms.TypedChoiceField(label=_("Leader"), required=False, coerce=int, empty_value=None)
    meeting = forms.TypedChoiceField(label=_("or meeting"), required=False, coerce=int, empty_value=None)
    proposal = forms.CharField(
        label=_("What the office proposes"), required=False, max_length=1000, widget=text_area(3)
    )

    def __init__(self, *args: Any, leaders: Iterable[User], meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("leader", leaders), ("meeting", meetings)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *((row.pk, str(row)) for row in rows)]


class DecideForm(forms.Form):
    text = forms.CharField(label=_("What is decided"), max_length=1000, widget=text_area(3))
    basis = forms.CharField(
        label=_("Basis"), max_length=200,
        help_text=_("The minutes or the paper in which it was decided, with its number."),
    )

    def __init__(self, *args: Any, by_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_office:
            del self.fields["basis"]
