"""Forms of one proposal: its piece of the text, its clause and the fields of its kind."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from programs.choices import DeliverableKind, ProposalKind, ResponsibilityRole, TaskKind, TaskNature
from programs.domain.importing.facts import AREAS, RULE_KINDS
from programs.models import PolicyDraft, Proposal
from programs.queries.importing import COMPARATORS
from taskforce.choices import SeatRole

from .office import text_area

#: Rows for further units below those of a task.
MORE_UNITS = 2
INDICATOR_KINDS = (
    ("numeric", _("Figure")), ("rank", _("Rank")), ("zero", _("Zero tolerance")), ("title", _("Title won")),
    ("yes_no", _("Yes or no, or a dated step")), ("trend", _("Direction without a figure")),
    ("level", _("Level in words")), ("coverage", _("Coverage")),
)  # fmt: skip
RECURRENCES = [(text, text) for text in ("每年", "每半年", "每季度", "每月", "定期")]


class Month(forms.CharField):
    """YYYY-MM, as the browser's month picker sends it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"}), **options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if text and not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
            raise forms.ValidationError(gettext("A month reads like 2026-03."))
        return text


def short_text(
    label: Any, longest: int, *, required: bool = False, rows: int = 0, **more: Any
) -> forms.CharField:
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
        self,
        data: Any,
        *,
        draft: PolicyDraft,
        kind: str,
        sections: Sequence[tuple[str, str]] = (),
        row: Proposal | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
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
            raise forms.ValidationError(
                gettext("These words do not stand in the document like this; copy them from the text.")
            )
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
        if self.kind == ProposalKind.SEAT and not any(
            cleaned.get(name) for name in ("person", "post", "unit")
        ):
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
        shown += [
            {"printed": "", "name": "", "kind": "unit", "role": "lead" if not units else "support"}
        ] * MORE_UNITS
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
            "number": short_text(_("Number"), 20),
            "title": short_text(_("Title"), 200, required=True, rows=2),
            "section": _choice(_("Section"), sections, required=False),
            "nature": _choice(_("Nature"), TaskNature.choices),
            "kind": _choice(_("Kind"), TaskKind.choices),
            "requirement": short_text(_("Requirement in one sentence"), 400, rows=2),
            "due": short_text(_("Due, as printed"), 60),
            "open_ended": forms.BooleanField(label=_("list left open (等)"), required=False),
        }
    if kind == ProposalKind.INDICATOR:
        return {
            "name": short_text(pgettext_lazy("import", "Name"), 120, required=True),
            "kind": _choice(_("Kind"), INDICATOR_KINDS),
            "comparator": _choice(_("Comparison"), COMPARATORS),
            "value": short_text(_("Target"), 20),
            "unit": short_text(_("Unit of measure"), 20),
            "words": short_text(_("Target in words"), 80),
            "deadline": short_text(_("Deadline as printed"), 20),
            "area": _choice(_("Area"), [(area, area) for area in AREAS]),
            "doubt": short_text(_("What is doubtful"), 200),
        }
    if kind == ProposalKind.PHASE:
        return {
            "number": short_text(_("Number"), 20),
            "name": short_text(pgettext_lazy("import", "Name"), 80, required=True),
            "start": Month(label=_("From"), required=True),
            "end": Month(label=_("To"), required=True),
        }
    if kind == ProposalKind.DELIVERABLE:
        return {
            "name": short_text(pgettext_lazy("import", "Name"), 120, required=True),
            "kind": _choice(_("Kind"), DeliverableKind.choices),
            "recurrence": _choice(_("Recurrence"), RECURRENCES, required=False),
            "due": short_text(_("Due, as printed"), 60),
            "by": short_text(_("By whom"), 120),
            "to": short_text(_("To whom"), 80),
        }
    if kind == ProposalKind.RULE:
        return {
            "rule": short_text(_("Rule in one sentence"), 300, required=True, rows=2),
            "kind": _choice(_("Kind"), [(word, word) for word in RULE_KINDS]),
            "subject": short_text(_("Who is assessed"), 120),
            "by": short_text(_("By whom"), 120),
            "consequence": short_text(_("Consequence"), 200),
        }
    if kind == ProposalKind.DUTY:
        return {
            "who": short_text(_("Who, as printed"), 120, required=True),
            "duty": short_text(_("Duty in one sentence"), 300, required=True, rows=2),
        }
    if kind == ProposalKind.SEAT:
        return {
            "role": _choice(pgettext_lazy("import", "Role"), SeatRole.choices),
            "printed_role": short_text(_("Role as printed"), 40),
            "person": short_text(_("Person"), 40),
            "post": short_text(_("Post"), 120),
            "unit": short_text(_("Unit"), 80),
        }
    if kind == ProposalKind.AWARD:
        roles = [("scheme", _("Scheme of its own")), ("target", _("Title aimed at"))]
        return {
            "name": short_text(pgettext_lazy("import", "Name"), 120, required=True),
            "role": _choice(_("Kind"), roles),
        }
    if kind == ProposalKind.SECTION:
        return {"number": short_text(_("Number"), 20), "title": short_text(_("Title"), 120, required=True)}
    return {}
