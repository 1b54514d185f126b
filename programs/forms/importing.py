"""Forms of 文件导入: taking a document in, one proposal of each kind, units, the document's own fields."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from programs.choices import (
    DeliverableKind,
    PeriodKind,
    ProposalKind,
    ResponsibilityRole,
    TaskKind,
    TaskNature,
)
from programs.domain.importing.drafts import ACCEPTED, LONGEST_PASTE
from programs.domain.importing.facts import AREAS, RULE_KINDS
from programs.domain.importing.heading import DATES, FIELDS
from programs.models import PolicyDraft, Proposal
from programs.queries.importing import COMPARATORS
from taskforce.choices import DepartmentKind, SeatRole

from .office import Day, text_area

#: Rows for further units below those of a task.
MORE_UNITS = 2
INDICATOR_KINDS = (
    ("numeric", _("Figure")), ("rank", _("Rank")), ("zero", _("Zero tolerance")), ("title", _("Title won")),
    ("yes_no", _("Yes or no, or a dated step")), ("trend", _("Direction without a figure")),
    ("level", _("Level in words")), ("coverage", _("Coverage")),
)  # fmt: skip
RECURRENCES = [(text, text) for text in ("每年", "每半年", "每季度", "每月", "定期")]


class TakeInForm(forms.Form):
    """One of file and text."""

    jurisdiction = forms.ChoiceField(label=_("For"))
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{name}" for name in ACCEPTED)}),
    )
    text = forms.CharField(
        label=_("Or paste the text"),
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=text_area(8),
        help_text=_("From the title to the signature and the annexes; what stands around it on a web page does no harm."),
    )
    recognise = forms.BooleanField(
        label=_("Recognise tasks, units and figures by itself"),
        required=False,
        initial=True,
        help_text=_("Without it you mark everything by hand in the text."),
    )

    def __init__(self, data: Any, files: Any, *, places: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, files)
        self.fields["jurisdiction"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["jurisdiction"].widget = forms.HiddenInput()
            self.fields["jurisdiction"].initial = places[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "file" not in self.errors and "text" not in self.errors:
            if not cleaned.get("file") and not (cleaned.get("text") or "").strip():
                self.add_error("file", gettext("Choose a file, or paste the text of the document."))
        return cleaned


class Month(forms.CharField):
    """YYYY-MM, as the browser's month picker sends it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"}), **options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if text and not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
            raise forms.ValidationError(gettext("A month reads like 2026-03."))
        return text


def _text(label: Any, longest: int, *, required: bool = False, rows: int = 0, **more: Any) -> forms.CharField:
    widget = {"widget": text_area(rows)} if rows else {}
    return forms.CharField(label=label, max_length=longest, required=required, **widget, **more)


def _choice(label: Any, choices: Iterable[Any], *, required: bool = True) -> forms.ChoiceField:
    rows = list(choices)
    return forms.ChoiceField(label=label, choices=rows if required else [("", "—"), *rows], required=required)


class ProposalForm(forms.Form):
    """Any proposal: its piece of the text, its clause, and the fields of its kind (added by `fields_of`)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    quote = forms.CharField(
        label=_("Quotation"),
        strip=False,
        widget=text_area(4),
        help_text=_("Exactly as in the document; shorten or lengthen it here if the piece is cut wrongly."),
    )
    path = forms.CharField(
        label=_("Clause"), max_length=60, required=False, help_text=_("As printed, joined by “/”: 二/(一)/3.")
    )

    def __init__(
        self, data: Any, *, draft: PolicyDraft, kind: str, sections: Sequence[tuple[str, str]] = (), row: Proposal | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.draft, self.kind, self.row = draft, kind, row
        self.at = span or ((row.start, row.end) if row else (0, 0))
        self.fields.update(fields_of(kind, sections))
        values = row.data if row else {}
        for name in self.own:
            if name in values and values[name] is not None:
                self.fields[name].initial = values[name]
        self.fields["quote"].initial = draft.text[self.at[0] : self.at[1]]
        if row is not None:
            self.fields["path"].initial = row.path
            self.fields["version"].initial = row.row_version
        self.units = UnitRows(data, values.get("units", [])) if kind == ProposalKind.TASK else None

    @property
    def own(self) -> list[str]:
        return [name for name in self.fields if name not in ("version", "quote", "path")]

    def bound_own(self) -> list[Any]:
        return [self[name] for name in self.own]

    def clean_quote(self) -> str:
        quote = self.cleaned_data["quote"].replace("\r\n", "\n").strip("\n")
        place = find_quote(self.draft.text, quote, self.at[0])
        if place is None:
            raise forms.ValidationError(gettext("These words do not stand in the document like this; copy them from the text."))
        self.span = place
        return quote

    def clean_value(self) -> str | None:
        text = self.cleaned_data["value"].strip().replace(",", "")
        if not text:
            return None
        try:
            figure = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(gettext("Please write a figure, without a unit.")) from error
        if not figure.is_finite() or abs(figure) >= Decimal(10) ** 10 or figure != round(figure, 4):
            raise forms.ValidationError(gettext("At most ten digits before and four behind the point."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.units is not None:
            for error in self.units.errors:
                self.add_error(None, error)
        if self.kind == ProposalKind.PHASE and (cleaned.get("start") or "") > (cleaned.get("end") or "9"):
            self.add_error("end", gettext("The phase ends before it starts."))
        if self.kind == ProposalKind.SEAT and not any(cleaned.get(name) for name in ("person", "post", "unit")):
            self.add_error("post", gettext("Give the person, the post or the unit."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields of the kind, as `Proposal.data` holds them; a remark of the reader counts as read."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in self.own}
        if self.units is not None:
            values["units"] = self.units.rows
        return values | {"remarks": []}


def find_quote(text: str, quote: str, near: int) -> tuple[int, int] | None:
    """Where `quote` stands in `text`: the place closest to `near`; None where it does not."""
    if not quote.strip():
        return None
    best, at = None, text.find(quote)
    while at >= 0:
        if best is None or abs(at - near) < abs(best - near):
            best = at
        at = text.find(quote, at + 1)
    return None if best is None else (best, best + len(quote))


class UnitRows:
    """Units of a task: printed form, name, role; rows left empty or ticked off are none."""

    def __init__(self, data: Any, units: Sequence[Mapping[str, Any]]) -> None:
        self.errors: list[str] = []
        self.roles = ResponsibilityRole.choices
        shown = [dict(unit) for unit in units]
        shown += [{"printed": "", "name": "", "kind": "unit", "role": "lead" if not units else "support"}] * MORE_UNITS
        if data is not None and hasattr(data, "getlist"):
            names, roles = data.getlist("unit_name"), data.getlist("unit_role")
            printed, kinds = data.getlist("unit_printed"), data.getlist("unit_kind")
            shown = [
                {"printed": one or name, "name": name.strip()[:60], "kind": kind or "unit", "role": role}
                for name, role, one, kind in zip(names, roles, printed, kinds, strict=False)
            ]
        self.shown = shown
        self.rows = [unit for unit in shown if unit["name"]]
        if any(unit["role"] not in ResponsibilityRole.values for unit in self.rows):
            self.errors.append(gettext("Choose a role for every unit."))
            self.rows = []
        names_seen = [unit["name"] for unit in self.rows]
        for name in {name for name in names_seen if names_seen.count(name) > 1}:
            self.errors.append(gettext("“%(unit)s” is named twice.") % {"unit": name})


def fields_of(kind: str, sections: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    """The fields of a kind, by name, in their order."""
    if kind == ProposalKind.TASK:
        return {
            "number": _text(_("Number"), 20),
            "title": _text(_("Title"), 200, required=True, rows=2),
            "section": _choice(_("Section"), sections, required=False),
            "nature": _choice(_("Nature"), TaskNature.choices),
            "kind": _choice(_("Kind"), TaskKind.choices),
            "requirement": _text(_("Requirement in one sentence"), 400, rows=2),
            "open_ended": forms.BooleanField(label=_("list left open (等)"), required=False),
        }
    if kind == ProposalKind.INDICATOR:
        return {
            "name": _text(pgettext_lazy("import", "Name"), 120, required=True),
            "kind": _choice(_("Kind"), INDICATOR_KINDS),
            "comparator": _choice(_("Comparison"), COMPARATORS),
            "value": _text(_("Target"), 20),
            "unit": _text(_("Unit of measure"), 20),
            "words": _text(_("Target in words"), 80),
            "deadline": _text(_("Deadline as printed"), 20),
            "area": _choice(_("Area"), [(area, area) for area in AREAS]),
            "doubt": _text(_("What is doubtful"), 200),
        }
    if kind == ProposalKind.PHASE:
        return {
            "number": _text(_("Number"), 20),
            "name": _text(pgettext_lazy("import", "Name"), 80, required=True),
            "start": Month(label=_("From"), required=True),
            "end": Month(label=_("To"), required=True),
        }
    if kind == ProposalKind.DELIVERABLE:
        return {
            "name": _text(pgettext_lazy("import", "Name"), 120, required=True),
            "kind": _choice(_("Kind"), DeliverableKind.choices),
            "recurrence": _choice(_("Recurrence"), RECURRENCES, required=False),
            "due": _text(_("Due, as printed"), 60),
            "by": _text(_("By whom"), 120),
            "to": _text(_("To whom"), 80),
        }
    if kind == ProposalKind.RULE:
        return {
            "rule": _text(_("Rule in one sentence"), 300, required=True, rows=2),
            "kind": _choice(_("Kind"), [(word, word) for word in RULE_KINDS]),
            "subject": _text(_("Who is assessed"), 120),
            "by": _text(_("By whom"), 120),
            "consequence": _text(_("Consequence"), 200),
        }
    if kind == ProposalKind.DUTY:
        return {
            "who": _text(_("Who, as printed"), 120, required=True),
            "duty": _text(_("Duty in one sentence"), 300, required=True, rows=2),
        }
    if kind == ProposalKind.SEAT:
        return {
            "role": _choice(pgettext_lazy("import", "Role"), SeatRole.choices),
            "printed_role": _text(_("Role as printed"), 40),
            "person": _text(_("Person"), 40),
            "post": _text(_("Post"), 120),
            "unit": _text(_("Unit"), 80),
        }
    if kind == ProposalKind.AWARD:
        roles = [("scheme", _("Scheme of its own")), ("target", _("Title aimed at"))]
        return {"name": _text(pgettext_lazy("import", "Name"), 120, required=True), "role": _choice(_("Kind"), roles)}
    if kind == ProposalKind.SECTION:
        return {"number": _text(_("Number"), 20), "title": _text(_("Title"), 120, required=True)}
    return {}


class SplitForm(forms.Form):
    """Where the second piece begins, in its own first words."""

    begins = forms.CharField(label=_("The second piece begins with"), max_length=200, strip=False)
    title = forms.CharField(label=_("Its title or name"), max_length=200)

    def __init__(self, data: Any, *, row: Proposal, text: str) -> None:
        super().__init__(data, prefix="split")
        self.row, self.text = row, text

    def clean_begins(self) -> int:
        words = self.cleaned_data["begins"].strip()
        at = self.text.find(words, self.row.start + 1, self.row.end) if words else -1
        if at < 0:
            raise forms.ValidationError(gettext("These words do not stand inside this piece."))
        return at


class UnitForm(forms.Form):
    """What one printed unit means. `choice`: a row of the register ("d12", "g3"), or "new", "new_group", "" open."""

    choice = forms.ChoiceField(label=_("Means"), required=False)
    name = forms.CharField(label=_("Full name of the new unit"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=DepartmentKind.choices, required=False)
    remember = forms.BooleanField(label=_("Remember as alias"), required=False)
    expand = forms.BooleanField(label=_("Into its member units"), required=False)

    def __init__(self, data: Any, *, prefix: str, line: Any, register: Sequence[Any]) -> None:
        super().__init__(data, prefix=prefix)
        self.line = line
        self.fields["choice"].choices = register  # type: ignore[attr-defined]
        answer = line.answer or {}
        new = answer.get("new", {})
        chosen = "new_group" if new.get("group") or (line.group and not answer) else "new" if new else ""
        if "department" in answer and not new:
            chosen = f"d{answer['department']}"
        if "group" in answer and not new:
            chosen = f"g{answer['group']}"
        self.initial = {
            "choice": chosen, "name": new.get("name") or line.name, "kind": new.get("kind") or line.kind,
            "remember": answer.get("remember", not answer), "expand": answer.get("expand", False),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("choice") in ("new", "new_group") and not (cleaned.get("name") or "").strip():
            self.add_error("name", gettext("A new unit needs its full name."))
        return cleaned

    def answer(self, labels: Mapping[str, str], *, otherwise: str = "") -> dict[str, Any] | None:
        """The answer as `PolicyDraft.units` holds it. `otherwise`: the choice where none was made."""
        cleaned = self.cleaned_data
        choice = cleaned["choice"] or otherwise
        if not choice:
            return None
        if choice in ("new", "new_group"):
            name = cleaned["name"].strip()
            new = {"name": name, "short_name": name[:40], "kind": cleaned["kind"] or "government_dept"}
            return {"new": new | ({"group": True} if choice == "new_group" else {}), "label": name, "how": "new"}
        kind, pk = ("department" if choice[0] == "d" else "group"), int(choice[1:])
        more = {"remember": cleaned["remember"]} if kind == "department" else {"expand": cleaned["expand"]}
        return {kind: pk, "label": labels[choice], "how": "chosen", **more}


class HeadForm(forms.Form):
    """The document's and the programme's own fields; only what is needed is asked for before the programme is set up."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = _text(_("Title of the document"), FIELDS["title"], rows=2)
    number = _text(_("Document number"), FIELDS["number"])
    issuing_body = _text(_("Issued by"), FIELDS["issuing_body"])
    approved_by = _text(_("Approved by"), FIELDS["approved_by"])
    form = _text(_("Form"), FIELDS["form"])
    dated = forms.DateField(label=_("Date of the document"), required=False, widget=Day())
    published_on = forms.DateField(label=_("Published on"), required=False, widget=Day())
    effective_on = forms.DateField(label=_("Effective on"), required=False, widget=Day())
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=Day())
    validity_note = _text(_("Validity as printed"), FIELDS["validity_note"])
    addressees = _text(_("Addressees"), FIELDS["addressees"], rows=2)
    basis = forms.CharField(
        label=_("Basis"),
        required=False,
        max_length=2000,
        widget=text_area(3),
        help_text=_("One document a line; its number behind “|”."),
    )
    short_title = _text(_("Short title of the programme"), FIELDS["short_title"])
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=Day())
    ends_on = forms.DateField(label=_("Ends on"), required=False, widget=Day())
    report_every = forms.ChoiceField(label=_("Units report"), choices=PeriodKind.choices)
    contact = _text(_("Office contact"), FIELDS["contact"])
    group_name = _text(_("Leading body"), FIELDS["group_name"])
    office_seat = _text(_("Its office sits in"), FIELDS["office_seat"])

    def __init__(self, data: Any, *, draft: PolicyDraft) -> None:
        head = draft.head
        initial: dict[str, Any] = {name: head.get(name, "") for name in (*FIELDS, "report_every")}
        initial |= {name: date.fromisoformat(head[name]) for name in DATES if head.get(name)}
        initial["basis"] = "\n".join(f"{row['title']}|{row['number']}" if row.get("number") else row["title"] for row in head.get("basis", []))
        initial["version"] = draft.row_version
        super().__init__(data, initial=initial)
        self.draft = draft

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["starts_on"] > cleaned["ends_on"]:
            self.add_error("ends_on", gettext("The programme ends before it starts."))
        if cleaned.get("effective_on") and cleaned.get("valid_until") and cleaned["effective_on"] >= cleaned["valid_until"]:
            self.add_error("valid_until", gettext("The validity ends before it begins."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """As `PolicyDraft.head` holds them. A date that was changed by hand is not worked out any more."""
        cleaned, head = self.cleaned_data, self.draft.head
        values: dict[str, Any] = {name: cleaned[name].strip() for name in FIELDS}
        values["report_every"] = cleaned["report_every"]
        for name in DATES:
            values[name] = cleaned[name].isoformat() if cleaned[name] else ""
        for name, mark in (("effective_on", "effective_computed"), ("valid_until", "valid_until_computed"),
                           ("starts_on", "starts_computed"), ("ends_on", "ends_computed")):  # fmt: skip
            values[mark] = bool(head.get(mark)) and values[name] == head.get(name)
        rows = [line.partition("|") for line in cleaned["basis"].splitlines() if line.strip()]
        values["basis"] = [{"title": title.strip()[:200], "number": number.strip()[:60]} for title, _bar, number in rows]
        return values
