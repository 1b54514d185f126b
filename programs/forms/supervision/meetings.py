"""Forms of 领导小组会议: the meeting, topics, papers, invitations, 回执, minutes and decisions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import InvitationReply, MeetingState
from programs.models import AgendaItem, Meeting
from taskforce.models import Body, Seat

from ..office import Day, text_area
from ..sheet import SeveralFiles, SeveralFilesField
from .units import Register, UnitsField

CAME = (
    (InvitationReply.ATTENDING, _("Attends")),
    (InvitationReply.SUBSTITUTE, _("Sends somebody else")),
    (InvitationReply.LEAVE, _("Asks for leave")),
)


def _pick(field: forms.Field, rows: Iterable[tuple[Any, Any]], empty: Any = "—") -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", empty), *rows]


class MeetingFilter(forms.Form):
    """Narrowing of the list, in the address."""

    body = forms.TypedChoiceField(label=_("Body"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *MeetingState.choices]
    )

    def __init__(self, data: Any, *, bodies: Iterable[tuple[int, str]]) -> None:
        super().__init__({name: data[name] for name in ("body", "state") if data.get(name)}, auto_id="filter_%s")
        _pick(self.fields["body"], bodies, _("All bodies"))
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class MeetingForm(forms.Form):
    body = forms.TypedChoiceField(label=_("Body"), coerce=int)
    session = forms.IntegerField(label=_("Which meeting"), required=False, min_value=1, max_value=999)
    title = forms.CharField(label=_("Title"), max_length=120)
    day = forms.DateField(label=_("Day"), widget=Day())
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), initial="09:00"
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    chair = forms.TypedChoiceField(label=_("Chaired by (seat)"), required=False, coerce=int, empty_value=None)
    chair_label = forms.CharField(
        label=_("or, as it is to be printed"), max_length=80, required=False,
        help_text=_("Post and name, for example 副市长 张某. It takes the place of the seat in papers."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note to the invited"), max_length=400, required=False, widget=text_area(2),
        help_text=_("For example what to bring, or by when to answer."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: list[Body], seats: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies, self.seats = bodies, seats
        field = self.fields["body"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(body.pk, body.name) for body in bodies]
        if len(bodies) == 1:
            self.initial.setdefault("body", bodies[0].pk)
            if not self.is_bound:
                field.widget = forms.HiddenInput()
        many = len(bodies) > 1
        _pick(
            self.fields["chair"], [(seat.pk, f"{seat}（{seat.body}）" if many else str(seat)) for seat in seats]
        )

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        starts_at = timezone.make_aware(datetime.combine(data["day"], data["time"]))
        return {
            "title": data["title"].strip(), "session": data["session"], "starts_at": starts_at,
            "place": data["place"].strip(), "chair": next((s for s in self.seats if s.pk == data["chair"]), None),
            "chair_label": data["chair_label"].strip(), "note": data["note"].strip(),
        }  # fmt: skip

    @property
    def chosen_body(self) -> Body:
        return next(body for body in self.bodies if body.pk == self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seat = next((seat for seat in self.seats if seat.pk == data.get("chair")), None)
        if seat and data.get("body") and seat.body_id != data["body"]:
            self.add_error("chair", gettext("This seat belongs to another body."))
        return data


def initial_of(meeting: Meeting) -> dict[str, Any]:
    local = timezone.localtime(meeting.starts_at)
    return {
        "body": meeting.body_id, "session": meeting.session, "title": meeting.title, "day": local.date(),
        "time": local.time(), "place": meeting.place, "chair": meeting.chair_id, "chair_label": meeting.chair_label,
        "note": meeting.note, "version": meeting.row_version,
    }  # fmt: skip


class TopicForm(forms.Form):
    title = forms.CharField(label=_("Topic"), max_length=200, widget=text_area(2))
    department = forms.TypedChoiceField(label=_("Reported by"), required=False, coerce=int, empty_value=None)
    planned = forms.IntegerField(label=_("Minutes planned"), required=False, min_value=1, max_value=600)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        _pick(self.fields["department"], register.choices())

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "department": self.register.find(data["department"])}


class PaperForm(forms.Form):
    papers = SeveralFilesField(
        label=_("Papers"),
        widget=SeveralFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
            "invalid": _("The file could not be read. Please choose it again."),
        },
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False,
        help_text=_("As it stands in the bookmarks; empty: the name of the file."),
    )  # fmt: skip

    def clean_papers(self) -> list[Any]:
        if not self.cleaned_data["papers"]:
            raise forms.ValidationError(gettext("Please choose a file."))
        return self.cleaned_data["papers"]


class InviteForm(forms.Form):
    seats = forms.MultipleChoiceField(label=_("Seats"), required=False, widget=forms.CheckboxSelectMultiple)
    names = forms.CharField(
        label=_("Persons by name"), required=False, max_length=1000, widget=text_area(2),
        help_text=_("One to a line, with unit and post; for people without a seat or account."),
    )  # fmt: skip
    observer = forms.BooleanField(label=_("They sit in (列席)"), required=False)

    def __init__(self, *args: Any, seats: list[Seat], register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        field = self.fields["seats"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(seat.pk), _seat_label(seat)) for seat in seats]
        if not seats:
            del self.fields["seats"]
        units = UnitsField(register=register, label=_("Further units"), required=False)
        self.fields = {
            **{name: self.fields[name] for name in ("seats",) if name in self.fields},
            "units": units,
            **{name: self.fields[name] for name in ("names", "observer")},
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("seats") or data.get("units") or (data.get("names") or "").strip()):
            raise forms.ValidationError(gettext("Please say whom to invite."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        ticked = set(data.get("seats") or [])
        return {
            "seats": [seat for seat in self.seats if str(seat.pk) in ticked],
            "departments": data["units"],
            "names": data["names"].splitlines(),
            "observer": data["observer"],
        }


def _seat_label(seat: Seat) -> str:
    unit = f" · {seat.department}" if seat.department and str(seat) != str(seat.department) else ""
    return f"{seat.printed_role or seat.get_role_display()}　{seat}{unit}"


class ReplyForm(forms.Form):
    answer = forms.ChoiceField(label=_("Does your side attend?"), choices=CAME, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Who comes: name"), max_length=40, required=False, help_text=_("Needed where somebody comes instead.")
    )
    post = forms.CharField(label=_("Post"), max_length=60, required=False)
    note = forms.CharField(
        label=_("Reason of the leave"), max_length=200, required=False, help_text=_("Needed for a leave.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == InvitationReply.SUBSTITUTE and not (data.get("name") or "").strip():
            self.add_error("name", gettext("Please name who comes instead."))
        if data.get("answer") == InvitationReply.LEAVE and not (data.get("note") or "").strip():
            self.add_error("note", gettext("Please give the reason of the leave."))
        return data


class MinutesForm(forms.Form):
    """Opening and one field for each topic, `topic-<key>`."""

    opening = forms.CharField(label=_("Opening"), required=False, max_length=1500, widget=text_area(3))

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, item in enumerate(items, 1):
            self.fields[f"topic-{item.pk}"] = forms.CharField(
                label=f"{number}. {item.title}", required=False, max_length=3000, widget=text_area(5),
                initial=item.minutes,
            )  # fmt: skip

    @property
    def topics(self) -> dict[int, str]:
        return {
            int(name.removeprefix("topic-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("topic-")
        }


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("What was decided"), max_length=600, widget=text_area(3))
    due_on = forms.DateField(label=_("To be done by"), widget=Day())
    agenda_item = forms.TypedChoiceField(label=_("Topic"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, items: list[AgendaItem], register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        if len(items) == 1:
            self.fields["agenda_item"].initial = items[0].pk
        _pick(self.fields["agenda_item"], [(item.pk, f"{n}. {item.title}") for n, item in enumerate(items, 1)])
        self.fields["lead"] = UnitsField(register=register, label=_("Handling unit"))
        self.fields["support"] = UnitsField(register=register, label=_("Assisting units"), required=False)
        self.fields["support"].help_text = ""

    @property
    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "agenda_item": next((item for item in self.items if item.pk == data["agenda_item"]), None)}
