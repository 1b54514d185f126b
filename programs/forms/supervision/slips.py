"""Forms of 督办单: filters, drawing up, answering, the log of calls."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.choices import SlipColour, SlipKind, SlipLevel
from programs.forms.office import Day, text_area
from programs.forms.sheet import EvidenceForm, PlainText
from programs.queries.supervision.slips import TABS, Filters

FIELDS = ("tab", "colour", "kind", "unit", "waits")
WAITS = (
    ("late", _("Unanswered after its date")),
    ("unit", _("With the unit")),
    ("office", _("With the office")),
)


class SlipFilter(forms.Form):
    """Narrowing of the list, in the address. A value that is none of the choices filters nothing."""

    colour = forms.ChoiceField(
        label=_("Colour"),
        required=False,
        choices=[("", _("All colours")), *SlipColour.choices, ("none", _("No colour"))],
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *SlipKind.choices]
    )
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    waits = forms.ChoiceField(label=_("Whose turn"), required=False, choices=[("", _("Everybody's")), *WAITS])
    tab = forms.ChoiceField(required=False, widget=forms.HiddenInput, choices=[(name, name) for name in TABS])

    def __init__(self, data: Any, *, units: Iterable[tuple[int, str]], tab: str) -> None:
        super().__init__(
            {"tab": tab, **{name: data[name] for name in FIELDS if data.get(name)}}, auto_id="filter_%s"
        )
        self.fields["unit"].choices = [("", _("All units")), *units]
        self.tab = tab
        self.is_valid()

    @property
    def filters(self) -> Filters:
        values = self.cleaned_data
        return Filters(
            values.get("tab") or self.tab, values.get("colour", ""), values.get("kind", ""), values.get("unit"),
            values.get("waits", ""),
        )  # fmt: skip


class SlipForm(forms.Form):
    """拟稿: what the slip says. Leaders are offered to be named by a person; nobody is preset."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SlipKind.choices)
    colour = forms.ChoiceField(
        label=_("Colour"),
        required=False,
        choices=[("", _("No colour (assignment slip)")), *SlipColour.choices],
        help_text=_("Blue reminds; orange warns after the blue one's date; red follows the orange one."),
    )
    level = forms.ChoiceField(label=_("Addressed to"), choices=SlipLevel.choices)
    to_leader = forms.TypedChoiceField(
        label=_("Leader in charge"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Only where the slip goes above the unit. He is told when the slip is issued."),
    )
    matter = forms.CharField(label=_("Matter"), max_length=200)
    situation = PlainText(label=_("How it stands"), required=False, max_length=1000, widget=text_area(3))
    demands = PlainText(label=_("What is demanded"), max_length=1000, widget=text_area(4))
    due_on = forms.DateField(label=_("To be answered by"), widget=Day())
    responsible = forms.CharField(label=_("Responsible person"), required=False, max_length=60)
    contact = forms.CharField(
        label=_("Contact of the office"),
        required=False,
        max_length=80,
        help_text=_("Name and telephone, printed at the foot."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, leaders: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_leader"].choices = [("", _("Nobody")), *leaders.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, colour, level = cleaned.get("kind"), cleaned.get("colour"), cleaned.get("level")
        if kind == SlipKind.ASSIGNMENT and colour:
            self.add_error("colour", _("An assignment slip has no colour."))
        if kind in (SlipKind.URGE, SlipKind.NOTICE) and not colour and "colour" not in self.errors:
            self.add_error("colour", _("Choose the colour."))
        if level and level != SlipLevel.LEADER and cleaned.get("to_leader"):
            self.add_error("to_leader", _("A leader is named only where the slip goes above the unit."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in ("version", "to_leader")
        }
        return values | {"to_leader_id": self.cleaned_data["to_leader"]}


class AnswerForm(EvidenceForm):
    """回复: how it stands, what is done, until when; files beside it."""

    text = PlainText(
        label=_("How it stands now"),
        required=False,
        max_length=2000,
        widget=text_area(5),
        help_text=_("What has been done since, and why it was late."),
    )
    measures = PlainText(
        label=_("Measures and next steps"), required=False, max_length=2000, widget=text_area(4)
    )
    promised_on = forms.DateField(label=_("Will be done by"), required=False, widget=Day())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "measures", "promised_on")}


class CallForm(forms.Form):
    """电话催办: two fields and done; whom and which number are filled in from the contact book."""

    said = forms.CharField(
        label=_("What was said"),
        max_length=300,
        widget=text_area(3),
        error_messages={"required": _("Write down in a few words what was said.")},
    )
    promised_on = forms.DateField(label=_("Promised until"), required=False, widget=Day())
    reached = forms.CharField(label=_("Whom you reached"), required=False, max_length=60)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
