"""本单位报表 as a page: who opens it, what he may do, and each line as it is shown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.access.ground import FILERS, UNIT, office_grant, unit_grant
from programs.choices import EntryState, PartState
from programs.domain.filing import period_open
from programs.domain.sheet import Outcome, sheet_lines
from programs.domain.sources import Line
from programs.forms.sheet import LineForm, blank_form, field_names, fingerprint, said, said_in
from programs.models import ReportingWindow
from programs.queries.sheet import Unit, unit_of
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import available
from taskforce.choices import Role

NO_PAGE = gettext_lazy("There is no such page, or it is not meant for you.")
TONES = {
    EntryState.DRAFT: "",
    EntryState.SUBMITTED: "blue",
    EntryState.RETURNED: "red",
    EntryState.SIGNED: "blue",
    EntryState.ACCEPTED: "green",
}


@dataclass
class LineView:
    """One line on a page. `form` is None where nothing can be typed; `theirs` is what somebody else has saved,
    `kept` what this person typed and the portal did not take."""

    line: Line
    form: LineForm | None = None
    conflict: Any = ""
    theirs: list[tuple[Any, str]] = field(default_factory=list)
    kept: list[tuple[Any, str]] = field(default_factory=list)
    withheld: bool = False
    withdrawable: bool = False
    correctable: bool = False
    holder: Any = ""
    tone: str = ""

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def name(self) -> str:
        return f"{self.line.number} {self.line.title}".strip()

    @property
    def state(self) -> Any:
        return _("To be filed") if self.line.row.pk is None else self.line.row.get_state_display()

    @property
    def said(self) -> list[tuple[Any, str]]:
        return said(self.line)

    @property
    def said_before(self) -> list[tuple[Any, str]]:
        return said_in(self.line.previous, self.line) if self.line.previous is not None else []

    @property
    def came_back(self) -> list[dict[str, Any]]:
        """Answers and decisions on 需协调事项 of this report and of the one before."""
        rows = (self.line.row, self.line.previous)
        found = [matter for row in rows if (matter := getattr(row, "coordinated", None))]
        for matter in found:
            day = matter["decided_on"] if matter["decision"] else matter["answered_on"]
            matter["day"] = date.fromisoformat(day) if isinstance(day, str) else day
        return found

    @property
    def silent(self) -> bool:
        """无变化 can be said: there is something to point back to, and nothing is typed."""
        row = self.line.row
        texts = (getattr(row, name, "") for name in ("progress", "result", "problems", "next_steps", "coordination"))
        return self.line.source.name == "task" and self.line.previous is not None and not any(texts)

    @property
    def saved_at(self) -> Any:
        return self.line.row.updated_at if self.line.row.pk else None

    @property
    def takes_files(self) -> bool:
        return self.line.source.name == "task"

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(id of the field, its label, sentence) of everything to be corrected in this line."""
        if self.form is None or not self.form.is_bound:
            return []
        found = [(f"line-{self.key}", "", str(error)) for error in self.form.non_field_errors()]
        for bound in self.form.visible_fields():
            found += [(bound.id_for_label, str(bound.label), str(error)) for error in bound.errors]
        return found


@dataclass
class OpenSheet:
    """A sheet as one person has opened it. Unit and lines are read when they are first asked for: a post does not
    need them, the domain reads the lines again under lock."""

    actor: ActorContext
    window: ReportingWindow
    department_id: int

    @cached_property
    def unit(self) -> Unit:
        unit = unit_of(self.department_id, day=timezone.localdate())
        if unit is None:
            raise Http404(str(NO_PAGE))
        return unit

    @cached_property
    def lines(self) -> list[Line]:
        return sheet_lines(self.window, self.covers)

    @cached_property
    def closed(self) -> Any:
        """The sentence why nothing can be filed, or ""."""
        return period_open(SimpleNamespace(programme=self.window.programme, window=self.window), self.actor)

    @property
    def covers(self) -> frozenset[int]:
        """The unit with those it succeeded; its own people mostly have the answer with them."""
        for grant in self.actor.holding(*UNIT):
            if grant.departments == {self.department_id}:
                return grant.departments
        return self.unit.covers

    @property
    def args(self) -> list[int]:
        return [self.window.pk, self.department_id]

    @property
    def url(self) -> str:
        return reverse("sheet", args=self.args)

    @property
    def on_behalf(self) -> bool:
        """代填: the office types for the unit."""
        return not unit_grant(self.actor, self.department_id, *FILERS) and bool(self._office)

    @property
    def can_file(self) -> bool:
        return bool(unit_grant(self.actor, self.department_id, *FILERS) or self._office)

    @property
    def can_sign(self) -> bool:
        return unit_grant(self.actor, self.department_id, Role.UNIT_HEAD) is not None

    @property
    def can_upload_paper(self) -> bool:
        return unit_grant(self.actor, self.department_id, *FILERS) is not None

    @property
    def _office(self) -> Any:
        return office_grant(self.actor, self.window.programme)

    def signers(self, filer: int | None) -> list[str]:
        """Heads who may sign what `filer` has entered; none means that the office countersigns."""
        return [name for pk, name in self.unit.heads.items() if pk != filer]

    @property
    def countersigned(self) -> bool:
        return not self.signers(self.actor.user_id if self.can_file else None)

    @property
    def signer(self) -> Any:
        names = self.signers(self.actor.user_id if self.can_file else None)
        return "、".join(names) or _("the office (countersignature)")

    def line(self, key: str) -> Line:
        for line in self.lines:
            if line.key == key:
                return line
        raise Http404(_("There is no such line on this sheet."))

    def counts(self) -> Counter[str]:
        return Counter(line.row.state for line in self.lines)

    @property
    def saved_at(self) -> Any:
        return max((line.row.updated_at for line in self.lines if line.row.pk), default=None)

    @property
    def unsigned_parts(self) -> list[int]:
        """Parts of the sheet that the unit has not signed for yet."""
        parts = (getattr(line.row, "part", None) for line in self.lines)
        return [part.pk for part in parts if part is not None and part.state == PartState.ASSIGNED]

    def holder(self, line: Line) -> Any:
        """Who has the line now."""
        match line.row.state:
            case EntryState.SUBMITTED:
                return "、".join(self.signers(line.row.filed_by_id)) or _("the office (countersignature)")
            case EntryState.SIGNED:
                return _("the office (review)")
            case EntryState.ACCEPTED:
                return ""
            case _:
                return self.unit.department.short_name

    def view(self, line: Line, *, tall: bool = False) -> LineView:
        row = line.row
        withheld = row.pk is not None and not can(self.actor, "view", row)
        open_line = self.can_file and not self.closed and not withheld
        editable = open_line and row.state in EntryState.editable()
        return LineView(
            line,
            form=blank_form(line, tall=tall) if editable else None,
            withheld=withheld,
            withdrawable=open_line and row.state == EntryState.SUBMITTED and self._may_take_back(line),
            correctable=open_line and row.state == EntryState.ACCEPTED,
            holder=self.holder(line),
            tone=TONES[row.state],
        )

    def _may_take_back(self, line: Line) -> bool:
        moves = available(line.source.machine, line.row, self.actor)
        return any(move.action == "withdraw" for move in moves)

    def views(self) -> list[LineView]:
        return [self.view(line) for line in self.lines]


def open_sheet(request: HttpRequest, window: int, department: int) -> OpenSheet:
    """The sheet of a unit, for its own people and for the office that runs the programme; 404 for everybody else."""
    actor = actor_of(request)
    found = fetch(request, ReportingWindow.objects.select_related("programme__jurisdiction"), pk=window)
    opened = OpenSheet(actor, found, department)
    if department in actor.departments(*UNIT):
        return opened
    if office_grant(actor, found.programme) and opened.lines:
        return opened
    raise Http404(str(NO_PAGE))


def retyped(
    views: list[LineView], data: QueryDict, outcome: Outcome, posted: Mapping[str, LineForm]
) -> None:
    """Puts back what a person typed and the portal did not take: into the fields, with what is wrong beside each;
    beside the line, where it cannot be typed into any more."""
    data = data.copy()
    for view in views:
        key, old = view.key, posted.get(view.key)
        if old is None:
            continue
        view.conflict = outcome.conflicts.get(key, "")
        if view.form is None:
            view.kept = [(old.fields[name].label, data[f"{key}-{name}"]) for name in old.names if data[f"{key}-{name}"]]
            continue
        if view.conflict and not old.touched:
            continue
        if view.conflict:
            view.theirs = said_in(view.line.row, view.line)
            # the person has both texts before him now: sending again is his decision
            data[f"{key}-version"] = str(view.line.row.row_version)
        elif key in outcome.versions:
            data[f"{key}-version"] = str(outcome.versions[key])
            data[f"{key}-seen"] = fingerprint(old.values())
        wrong = outcome.errors.get(key, {})
        names = field_names(view.line)
        if "percent" in names and ("percent_reason" in wrong or f"{key}-percent_reason" in data):
            names = list(dict.fromkeys(["percent", "percent_reason", *names]))
        view.form = LineForm(data, names=names, prefix=key)
        for name, sentence in wrong.items():
            if name in view.form.errors:
                continue
            view.form.add_error(name if name in view.form.names else None, sentence)


def steps(sheet: OpenSheet) -> list[dict[str, Any]]:
    """填报 → 审签 → 审核 → 通过: who has how many lines now."""
    counts = sheet.counts()
    returned, filing = counts[EntryState.RETURNED], counts[EntryState.DRAFT] + counts[EntryState.RETURNED]
    stations = [
        (_("Filing"), sheet.unit.department.short_name, filing),
        (_("Sign-off"), sheet.signer, counts[EntryState.SUBMITTED]),
        (_("Review"), _("the office"), counts[EntryState.SIGNED]),
        (_("Accepted"), "", counts[EntryState.ACCEPTED]),
    ]
    result = []
    for index, (label, who, count) in enumerate(stations):
        behind, ahead = (sum(other[2] for other in some) for some in (stations[:index], stations[index + 1 :]))
        state = "current" if count and index < 3 else "done" if (count or ahead) and not behind else "todo"
        if index == 0 and returned:
            state = "returned"
        note = _("%(count)s lines") % {"count": count} if count else ""
        result.append({"label": label, "who": who, "note": note, "state": state})
    return result


def render_sheet(
    request: HttpRequest, sheet: OpenSheet, views: list[LineView] | None = None, *, status: int = 200
) -> HttpResponse:
    views = sheet.views() if views is None else views
    counts = sheet.counts()
    editable = sum(view.form is not None for view in views)
    context = {
        "sheet": sheet,
        "views": views,
        "sections": _by_section(views),
        "steps": steps(sheet),
        "counts": {state: counts[state] for state in EntryState.values},
        "editable": editable,
        "withdrawable": sum(view.withdrawable for view in views),
        "wrong": [(view.name, *error) for view in views for error in view.errors],
        "conflicts": [view for view in views if view.conflict],
        "autosave": reverse("sheet_autosave", args=sheet.args),
        "several_units": len(sheet.unit.covers) > 1,
    }
    return render(request, "programs/sheet_detail.html", context, status=status)


def _by_section(views: list[LineView]) -> list[tuple[str, list[LineView]]]:
    sections: dict[str, list[LineView]] = {}
    for view in views:
        sections.setdefault(view.line.section, []).append(view)
    # below a section's heading, lines of no section would read as its own
    return [(name or (_("Other tasks") if at else ""), found) for at, (name, found) in enumerate(sections.items())]
