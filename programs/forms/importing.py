"""Forms of 文件导入: taking a document in, one proposal of each kind, units, the document's own fields."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import (
    PeriodKind,
)
from programs.domain.importing.drafts import ACCEPTED, LONGEST_PASTE
from programs.domain.importing.heading import DATES, FIELDS
from programs.models import PolicyDraft, Proposal
from taskforce.choices import DepartmentKind

from .office import Day, text_area
from .proposals import short_text


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
        help_text=_(
            "From the title to the signature and the annexes; what stands around it on a web page does no harm."
        ),
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
            return {
                "new": new | ({"group": True} if choice == "new_group" else {}),
                "label": name,
                "how": "new",
            }
        kind, pk = ("department" if choice[0] == "d" else "group"), int(choice[1:])
        more = {"remember": cleaned["remember"]} if kind == "department" else {"expand": cleaned["expand"]}
        return {kind: pk, "label": labels[choice], "how": "chosen", **more}


class HeadForm(forms.Form):
    """The document's and the programme's own fields; only what is needed is asked for before the programme is set up."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = short_text(_("Title of the document"), FIELDS["title"], rows=2)
    number = short_text(_("Document number"), FIELDS["number"])
    issuing_body = short_text(_("Issued by"), FIELDS["issuing_body"])
    approved_by = short_text(_("Approved by"), FIELDS["approved_by"])
    form = short_text(_("Form"), FIELDS["form"])
    dated = forms.DateField(label=_("Date of the document"), required=False, widget=Day())
    published_on = forms.DateField(label=_("Published on"), required=False, widget=Day())
    effective_on = forms.DateField(label=_("Effective on"), required=False, widget=Day())
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=Day())
    validity_note = short_text(_("Validity as printed"), FIELDS["validity_note"])
    addressees = short_text(_("Addressees"), FIELDS["addressees"], rows=2)
    basis = forms.CharField(
        label=_("Basis"),
        required=False,
        max_length=2000,
        widget=text_area(3),
        help_text=_("One document a line; its number behind “|”."),
    )
    short_title = short_text(_("Short title of the programme"), FIELDS["short_title"])
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=Day())
    ends_on = forms.DateField(label=_("Ends on"), required=False, widget=Day())
    report_every = forms.ChoiceField(label=_("Units report"), choices=PeriodKind.choices)
    contact = short_text(_("Office contact"), FIELDS["contact"])
    group_name = short_text(_("Leading body"), FIELDS["group_name"])
    office_seat = short_text(_("Its office sits in"), FIELDS["office_seat"])

    def __init__(self, data: Any, *, draft: PolicyDraft) -> None:
        head = draft.head
        initial: dict[str, Any] = {name: head.get(name, "") for name in (*FIELDS, "report_every")}
        initial |= {name: date.fromisoformat(head[name]) for name in DATES if head.get(name)}
        initial["basis"] = "\n".join(
            f"{row['title']}|{row['number']}" if row.get("number") else row["title"]
            for row in head.get("basis", [])
        )
        initial["version"] = draft.row_version
        super().__init__(data, initial=initial)
        self.draft = draft

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["starts_on"] > cleaned["ends_on"]:
            self.add_error("ends_on", gettext("The programme ends before it starts."))
        if (
            cleaned.get("effective_on")
            and cleaned.get("valid_until")
            and cleaned["effective_on"] >= cleaned["valid_until"]
        ):
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
        values["basis"] = [
            {"title": title.strip()[:200], "number": number.strip()[:60]} for title, _bar, number in rows
        ]
        return values
