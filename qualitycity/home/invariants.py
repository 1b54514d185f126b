"""What must always be true of the database and no constraint of a single row can say. Read only; nothing is mended.

Every check yields one sentence per fault, with the model and the primary key in it. `violations()` runs them all,
each in a constant number of statements.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, CharField, Count, Exists, F, Max, Model, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from kpis.models import IndicatorReading
from programs.choices import (
    AdjustmentState,
    EntryState,
    ExtensionState,
    MilestoneState,
    OpeningStep,
    PartState,
    ProgrammeState,
    ResponsibilityRole,
    TaskState,
)
from programs.domain.standings import board_day
from programs.models import (
    Adjustment,
    Extension,
    ItemReport,
    Milestone,
    OpeningState,
    PaperSignature,
    Programme,
    ProgressEntry,
    ReminderDelivery,
    ReportingWindow,
    Responsibility,
    SupervisedItem,
    Task,
    TaskStanding,
)
from programs.queries.board import board
from qualitycity.audit.models import Entry
from qualitycity.files.sweeping import missing
from qualitycity.outbox.models import InboxItem
from taskforce.models import Delegation, Department, DepartmentName, Jurisdiction

from .governed import GOVERNED
from .import_invariants import IMPORT_CHECKS
from .item_invariants import ITEM_CHECKS
from .meeting_invariants import MEETING_CHECKS
from .slip_invariants import SLIP_CHECKS

Check = Callable[[], Iterator[str]]
FILED: tuple[type[Any], ...] = (ProgressEntry, IndicatorReading, ItemReport)
SETTLED = tuple(PartState.settled())


def violations() -> Iterator[str]:
    for check in CHECKS:
        yield from check()


def _name(row: Model) -> str:
    return f"{row._meta.label} {row.pk}"


# --- who -------------------------------------------------------------------------------------------


def dated_names_overlap() -> Iterator[str]:
    spans: dict[int, list[DepartmentName]] = {}
    for row in DepartmentName.objects.order_by("department_id", F("valid_from").asc(nulls_first=True)):
        spans.setdefault(row.department_id, []).append(row)
    pairs = (pair for names in spans.values() for pair in pairwise(names))
    for row in (late for early, late in pairs if _reaches(early, late)):
        yield f"{_name(row)}: the name “{row.name}” overlaps another name of department {row.department_id}"


def _reaches(early: DepartmentName, late: DepartmentName) -> bool:
    """Whether the earlier name still holds when the later one begins; `valid_until` is exclusive."""
    return early.valid_until is None or late.valid_from is None or late.valid_from < early.valid_until


def successors_in_a_circle() -> Iterator[str]:
    after = dict(Department.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    for start in after:
        here, seen = start, {start}
        while here in after:
            here = after[here]
            if here in seen:
                yield f"taskforce.Department {start}: its successors run in a circle"
                break
            seen.add(here)


def paths_do_not_follow_superiors() -> Iterator[str]:
    above = Case(When(parent__isnull=True, then=Value("/")), default=F("parent__path"))
    wanted = Concat(above, Cast("pk", CharField()), Value("/"), output_field=CharField())
    for row in Jurisdiction.objects.annotate(wanted=wanted).exclude(path=F("wanted")):
        yield f"{_name(row)}: its path is {row.path}, by its superior it should be {row.wanted}"


def stand_ins_overlap() -> Iterator[str]:
    other = Delegation.objects.filter(
        principal=OuterRef("principal"),
        revoked_on__isnull=True,
        first_day__lte=OuterRef("last_day"),
        last_day__gte=OuterRef("first_day"),
        pk__gt=OuterRef("pk"),
    )
    for row in Delegation.objects.filter(Exists(other), revoked_on__isnull=True):
        yield f"{_name(row)}: account {row.principal_id} has two stand-ins at a time"


# --- states ----------------------------------------------------------------------------------------


def states_without_journal() -> Iterator[str]:
    """The state of a governed row is where its last journalled move put it."""
    for model, born in GOVERNED.items():
        moves = (
            Entry.objects.filter(subject_type=model._meta.label_lower, subject_id=OuterRef("pk"))
            .exclude(to_state="")
            .order_by("-id")
        )
        rows = model._base_manager.annotate(journalled=Subquery(moves.values("to_state")[:1]))
        unmoved = Q(journalled__isnull=True) & ~Q(state__in=born)
        moved = Q(journalled__isnull=False) & ~Q(state=F("journalled"))
        for pk, state, said in rows.filter(unmoved | moved).values_list("pk", "state", "journalled"):
            yield f"{model._meta.label} {pk}: its state is {state}, the journal says {said or 'it was never moved'}"


def locks_without_journal() -> Iterator[str]:
    moves = Entry.objects.filter(
        subject_type=ReportingWindow._meta.label_lower,
        subject_id=OuterRef("pk"),
        action__in=["lock", "unlock"],
    ).order_by("-id")
    rows = ReportingWindow.objects.annotate(
        journalled=Coalesce(Subquery(moves.values("action")[:1]), Value("unlock"))
    )
    wrong = Q(locked_at__isnull=False, journalled="unlock") | Q(locked_at__isnull=True, journalled="lock")
    for row in rows.filter(wrong):
        yield f"{_name(row)}: closed or open otherwise than the journal says ({row.journalled})"


def pending_parts_of_active_tasks() -> Iterator[str]:
    """Assigning a task sends every named part out, and a part added later goes out at once."""
    rows = Responsibility.objects.filter(
        state=PartState.PENDING,
        department__isnull=False,
        task__state__in=TaskState.given(),
        task__programme__state=ProgrammeState.RUNNING,
    )
    for row in rows.only("pk", "task_id"):
        yield f"{_name(row)}: task {row.task_id} is assigned, this part of it is not"


def completed_tasks_with_open_parts() -> Iterator[str]:
    open_parts = Responsibility.objects.filter(
        task=OuterRef("pk"), department__isnull=False, role__in=ResponsibilityRole.filing()
    ).exclude(state__in=SETTLED)
    for row in Task.objects.filter(Exists(open_parts), state__in=TaskState.finished()).only("pk"):
        yield f"{_name(row)}: completed, but a part of it is neither done nor waived"


def extensions_not_counted() -> Iterator[str]:
    """延期: as many as were granted stand with the date, and a date that was never moved is the original one."""
    granted = Extension.objects.filter(state=ExtensionState.GRANTED).order_by()
    mine = {
        Task: granted.filter(task=OuterRef("pk"), milestone__isnull=True).values("task"),
        Milestone: granted.filter(milestone=OuterRef("pk")).values("milestone"),
        SupervisedItem: granted.filter(item_part__item=OuterRef("pk")).values("item_part__item"),
    }
    for model, found in mine.items():
        rows = model.objects.annotate(counted=Coalesce(Subquery(found.annotate(n=Count("pk")).values("n")), 0))
        for row in rows.exclude(extended=F("counted")):
            yield f"{_name(row)}: counts {row.extended} extensions, {row.counted} were granted"


def adjustments_not_counted() -> Iterator[str]:
    """调整单: as many as were carried out count with the task, and their numbers run without gaps."""
    done = Adjustment.objects.filter(state=AdjustmentState.CARRIED_OUT).order_by()
    mine = done.filter(task=OuterRef("pk")).values("task").annotate(n=Count("pk")).values("n")
    for task in Task.objects.annotate(counted=Coalesce(Subquery(mine), 0)).exclude(adjusted=F("counted")):
        yield f"{_name(task)}: counts {task.adjusted} adjustments, {task.counted} were carried out"
    series = done.values("jurisdiction_id", "year").annotate(n=Count("pk"), last=Max("number"))
    for row in series.exclude(n=F("last")):
        yield f"programs.Adjustment: of {row['last']} numbers of {row['year']} only {row['n']} are used"


def milestones_reached_without_journal() -> Iterator[str]:
    said = Entry.objects.annotate(title=KT("after__milestone")).filter(
        Q(subject_type=Task._meta.label_lower, subject_id=OuterRef("task_id"))
        | Q(subject_type=Programme._meta.label_lower, subject_id=OuterRef("programme_id")),
        action="milestone_done",
        title=OuterRef("title"),
    )
    for row in Milestone.objects.filter(~Exists(said), state=MilestoneState.DONE):
        yield f"{_name(row)}: “{row.title}” is reached, and the journal does not say by whom"


def tasks_out_for_comment_without_a_round() -> Iterator[str]:
    open_rounds = Programme.objects.filter(consultations__closed_on__isnull=True, consultations__isnull=False)
    rows = Task.objects.filter(state=TaskState.CONSULTING).exclude(programme__in=open_rounds.values("pk"))
    for row in rows.only("pk"):
        yield f"{_name(row)}: out for comment, and no round of comments is open"


def running_programmes_without_rules() -> Iterator[str]:
    bare = Q(light_policy__isnull=True) | Q(reminder_ladder__isnull=True) | Q(windows__isnull=True)
    for row in Programme.objects.filter(bare, state=ProgrammeState.RUNNING).distinct():
        yield f"{_name(row)}: runs without sealed rules or without reporting windows"


# --- what was filed --------------------------------------------------------------------------------


def one_person_filed_and_judged() -> Iterator[str]:
    signed_own = Q(sign_mode__in=["electronic", "office"], signed_by=F("filed_by"))
    judged = Q(state__in=[EntryState.ACCEPTED, EntryState.SUPERSEDED])
    judged_own = judged & (Q(reviewed_by=F("filed_by")) | Q(reviewed_by=F("signed_by")))
    for model in FILED:
        for row in model.objects.filter(signed_own | judged_own).only("pk"):
            yield f"{_name(row)}: one person filed, signed or accepted the same line twice over"


def corrections_out_of_step() -> Iterator[str]:
    """A version is replaced exactly when its correction is accepted."""
    judged = [EntryState.ACCEPTED, EntryState.SUPERSEDED]
    for model in FILED:
        accepted = model.objects.filter(supersedes=OuterRef("pk"), state__in=judged)
        for row in model.objects.filter(~Exists(accepted), state=EntryState.SUPERSEDED).only("pk"):
            yield f"{_name(row)}: replaced, but no accepted correction follows it"
        stale = model.objects.filter(state__in=judged, supersedes__isnull=False)
        for row in stale.exclude(supersedes__state=EntryState.SUPERSEDED).only("pk", "supersedes_id"):
            yield f"{_name(row)}: accepted, but the version {row.supersedes_id} it corrects still stands"


def paper_signatures_without_scan() -> Iterator[str]:
    scans = PaperSignature.entries.through.objects.filter(progressentry=OuterRef("pk"))
    for row in ProgressEntry.objects.filter(~Exists(scans), sign_mode="paper").only("pk"):
        yield f"{_name(row)}: signed on paper, and no scan shows it"


def openings_that_do_not_stand() -> Iterator[str]:
    """What stands of 上线前 and what lights and ledgers read of it are the same."""
    stands = OpeningState.objects.filter(part=OuterRef("pk"), state=OpeningStep.ACCEPTED)
    parts = Responsibility.objects.annotate(as_of=Subquery(stands.values("as_of")))
    known, recorded = Q(opening_on__isnull=False), Q(as_of__isnull=False)
    differs = (known & ~recorded) | (recorded & ~known) | (known & recorded & ~Q(opening_on=F("as_of")))
    for row in parts.filter(differs):
        yield f"{_name(row)}: its state before the portal is not the one on record"


def lights_that_are_not_those_of_the_facts() -> Iterator[str]:
    """What lists count, once the notes of changes have been worked off as for any reader, is what the facts give."""
    day = board_day()
    kept = dict(TaskStanding.objects.values_list("task_id", "light"))
    tasks = Task.objects.order_by("pk")
    for row in board(tasks, actor=None, today=day.today, calendar=day.calendar):
        if kept.get(row.task.pk) != row.light.code:
            yield f"{_name(row.task)}: lists show {kept.get(row.task.pk)}, its facts give {row.light.code}"


def lines_of_other_programmes() -> Iterator[str]:
    pairs = ((ProgressEntry, "part__task__programme_id"), (IndicatorReading, "indicator__programme_id"))
    for model, programme in pairs:
        for row in model.objects.exclude(window__programme_id=F(programme)).only("pk"):
            yield f"{_name(row)}: filed in a window of another programme"


def windows_out_of_order() -> Iterator[str]:
    for row in ReportingWindow.objects.filter(due_on__lt=F("ends_on")):
        yield f"{_name(row)}: due on {row.due_on}, before its period is over"
    other = ReportingWindow.objects.filter(
        programme=OuterRef("programme"),
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("starts_on"),
        pk__gt=OuterRef("pk"),
    )
    for row in ReportingWindow.objects.filter(Exists(other)):
        yield f"{_name(row)}: overlaps another window of programme {row.programme_id}"


# --- files and notices -----------------------------------------------------------------------------


def files_gone_from_the_disk() -> Iterator[str]:
    for stored in missing():
        yield f"{_name(stored)}: “{stored.original_name}” is not on the disk as it was stored"


def doubled_digests() -> Iterator[str]:
    """One digest of reminders per person and day."""
    digests = InboxItem.objects.filter(kind="digest").annotate(
        day=TruncDate("created_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    )
    per_day = digests.values("recipient_id", "day").order_by().annotate(count=Count("pk"))
    for row in per_day.filter(count__gt=1):
        yield f"outbox.InboxItem: account {row['recipient_id']} has {row['count']} digests of {row['day']}"


def reminders_nobody_was_told() -> Iterator[str]:
    """Whoever stands in the delivery log has a digest of that day."""
    key = Concat(
        Value("digest:"),
        Cast(F("year") * 10000 + F("month") * 100 + F("day"), CharField()),
        Value(":"),
        Cast("recipient_id", CharField()),
    )
    days = ReminderDelivery.objects.annotate(
        year=F("digest_on__year"), month=F("digest_on__month"), day=F("digest_on__day")
    ).annotate(digest=key)
    told = InboxItem.objects.filter(dedup_key=OuterRef("digest"))
    for row in days.filter(~Exists(told)).values("recipient_id", "digest_on").distinct():
        yield f"programs.ReminderDelivery: account {row['recipient_id']} never got the digest of {row['digest_on']}"


CHECKS: tuple[Check, ...] = (
    dated_names_overlap,
    successors_in_a_circle,
    paths_do_not_follow_superiors,
    stand_ins_overlap,
    states_without_journal,
    locks_without_journal,
    pending_parts_of_active_tasks,
    completed_tasks_with_open_parts,
    extensions_not_counted,
    adjustments_not_counted,
    milestones_reached_without_journal,
    tasks_out_for_comment_without_a_round,
    running_programmes_without_rules,
    one_person_filed_and_judged,
    corrections_out_of_step,
    paper_signatures_without_scan,
    lines_of_other_programmes,
    openings_that_do_not_stand,
    lights_that_are_not_those_of_the_facts,
    windows_out_of_order,
    *MEETING_CHECKS,
    files_gone_from_the_disk,
    doubled_digests,
    reminders_nobody_was_told,
    *IMPORT_CHECKS,
    *ITEM_CHECKS,
    *SLIP_CHECKS,
)
