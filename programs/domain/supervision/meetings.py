"""领导小组会议: the transition table of a meeting, and what the office prepares: agenda, papers, who is invited.

| from | action | to | who |
|---|---|---|---|
| planned | notify 发出通知 | notified | office; a topic and somebody invited |
| planned, notified | hold 已召开 | held | office; the meeting has begun, who came is recorded |
| held | issue 印发纪要 | minuted | office administrator; every decision has a handling unit |
| planned, notified | cancel 取消 | cancelled | office, with a reason; its matters lie with the office again |
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import ItemRole, MeetingState, Presence
from programs.models import AgendaItem, Meeting, MeetingPaper
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.refusals import FileRefused
from qualitycity.files.storing import store
from qualitycity.reports.joining import JoinFailed, Source, count_pages
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Body, Department, Seat

from . import matters, meeting_notices
from .meeting_pdfs import ask_for_papers

PLANNED, NOTIFIED, HELD = MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.HELD
MINUTED, CANCELLED = MeetingState.MINUTED, MeetingState.CANCELLED
PAPER_TYPES = ("pdf", "jpg", "jpeg", "png")
PAPERS_PER_TOPIC = 10
PAGES_PER_PAPER = 200
PAGES_PER_MEETING = 600
BYTES_PER_MEETING = 80 * 1024 * 1024
TOPICS = 30


def _ready_to_go_out(meeting: Meeting, actor: ActorContext) -> str:
    if not meeting.agenda.all():
        return _("Enter at least one topic first.")
    if not meeting.attendances.all():
        return _("Say first who is invited.")
    return ""


def _has_been(meeting: Meeting, actor: ActorContext) -> str:
    if meeting.starts_at > timezone.now():
        return _("The meeting has not begun yet.")
    if any(row.presence == Presence.UNKNOWN for row in meeting.attendances.all()):
        return _("Record first who came: %(count)s are still open.") % {
            "count": sum(row.presence == Presence.UNKNOWN for row in meeting.attendances.all())
        }
    return ""


def _decisions_complete(meeting: Meeting, actor: ActorContext) -> str:
    for decision in meeting.decisions.all():
        if not any(unit.role == ItemRole.LEAD for unit in decision.units.all()):
            return _("Decision %(number)s names no handling unit.") % {"number": decision.number}
    if not meeting.decisions.all() and not any(item.minutes.strip() for item in meeting.agenda.all()):
        return _("The minutes are still empty.")
    return ""


def _free_matters(changes: list[Change]) -> None:
    for change in changes:
        matters.from_cancelled(change.obj, actor=change.actor, reason=change.reason)


MEETINGS = Machine(
    model="programs.Meeting",
    field="state",
    related=("body__jurisdiction", "body__office_department", "chair"),
    prefetch=("agenda__department", "attendances__seat", "attendances__department", "decisions__units__department"),
    snapshot=("number",),
    transitions=(
        Transition(
            "notify",
            frozenset({PLANNED}),
            NOTIFIED,
            "manage",
            gettext_lazy("Send the invitations"),
            guard=_ready_to_go_out,
            effects=(meeting_notices.invite,),
        ),
        Transition(
            "hold",
            frozenset({PLANNED, NOTIFIED}),
            HELD,
            "manage",
            gettext_lazy("The meeting has been held"),
            guard=_has_been,
        ),
        Transition(
            "issue",
            frozenset({HELD}),
            MINUTED,
            "decide",
            gettext_lazy("Issue the minutes"),
            guard=_decisions_complete,
            effects=(meeting_notices.tell_minutes,),
        ),
        Transition(
            "cancel",
            frozenset({PLANNED, NOTIFIED}),
            CANCELLED,
            "manage",
            gettext_lazy("Cancel the meeting"),
            reason_required=True,
            effects=(_free_matters, meeting_notices.tell_cancelled),
        ),
    ),
)


# --- the meeting itself --------------------------------------------------------------------------


def next_session(body: Body) -> int:
    """第N次 that is proposed for a new meeting."""
    last = (
        Meeting.objects.filter(body=body, session__isnull=False).exclude(state=CANCELLED).order_by("-session").first()
    )
    return (last.session or 0) + 1 if last else 1


def plan(
    *,
    actor: ActorContext,
    body: Body,
    title: str,
    starts_at: datetime,
    session: int | None = None,
    place: str = "",
    chair: Seat | None = None,
    chair_label: str = "",
    note: str = "",
) -> Meeting:
    """筹备: a meeting of the office's own body. Raises NotAllowed or IllegalMove with a sentence."""
    meeting = Meeting(
        body=body,
        title=title.strip()[:120],
        session=session,
        starts_at=starts_at,
        place=place.strip(),
        chair=chair,
        chair_label=chair_label.strip(),
        note=note.strip(),
        created_by_id=actor.person_id,
    )
    decision = can(actor, "manage", meeting)
    if not decision:
        raise NotAllowed(decision.reason)
    _check(meeting)
    with transaction.atomic():
        twin = Meeting.objects.filter(body=body, title=meeting.title, starts_at=starts_at, state=PLANNED).first()
        if twin is not None and twin.created_by_id == actor.user_id:
            return twin
        meeting.save()
        record(subject=meeting, action="plan", actor=actor.on_behalf(decision.grant), to_state=PLANNED)
    return meeting


def _check(meeting: Meeting) -> None:
    if not meeting.title:
        raise IllegalMove(_("Please give the meeting a title."), meeting)
    if meeting.chair is not None and meeting.chair.body_id != meeting.body_id:
        raise IllegalMove(_("This seat belongs to another body."), meeting)


def opened(meeting: Meeting, actor: ActorContext, *states: str, action: str = "manage") -> Meeting:
    """The meeting under lock, for this person, in one of the states; called inside a transaction."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("body__jurisdiction", "body__office_department", "chair")
        .get(pk=meeting.pk)
    )
    decision = can(actor, action, meeting)
    if not decision:
        raise NotAllowed(decision.reason, meeting)
    if meeting.state not in states:
        raise IllegalMove(
            _("The meeting is “%(state)s”; this cannot be changed any more.") % {"state": meeting.get_state_display()},
            meeting,
        )
    return meeting


CHANGEABLE = ("title", "session", "starts_at", "place", "chair", "chair_label", "note")


def change(
    meeting: Meeting, *, actor: ActorContext, values: Mapping[str, Any], row_version: int | None = None
) -> Meeting:
    """Another day, place or title. Whoever has been invited is told of a new time or place."""
    with transaction.atomic():
        meeting = opened(meeting, actor, PLANNED, NOTIFIED)
        if row_version not in (None, meeting.row_version):
            raise IllegalMove(
                _("Somebody else has changed the meeting in the meantime. Please look at it again."), meeting
            )
        changed = [name for name in CHANGEABLE if name in values and getattr(meeting, name) != values[name]]
        before = {name: str(getattr(meeting, name) or "") for name in changed}
        for name in changed:
            setattr(meeting, name, values[name])
        _check(meeting)
        if changed:
            meeting.row_version += 1
            meeting.save()
            after = {name: str(getattr(meeting, name) or "") for name in changed}
            record(subject=meeting, action="change", actor=actor, before=before, after=after)
            ask_for_papers(meeting, actor=actor)
            if meeting.state == NOTIFIED and {"starts_at", "place"} & set(changed):
                meeting_notices.tell_moved(meeting, actor=actor)
    return meeting


def notify(meeting: Meeting, *, actor: ActorContext) -> Meeting:
    """发出通知 to every invited unit and person with an account."""
    return advance(MEETINGS, meeting, "notify", actor=actor, fields={"notified_on": timezone.localdate()})


def hold(meeting: Meeting, *, actor: ActorContext) -> Meeting:
    return advance(MEETINGS, meeting, "hold", actor=actor)


def cancel(meeting: Meeting, *, actor: ActorContext, reason: str) -> Meeting:
    return advance(MEETINGS, meeting, "cancel", actor=actor, reason=reason)


# --- agenda --------------------------------------------------------------------------------------


def add_topic(
    meeting: Meeting,
    *,
    actor: ActorContext,
    title: str,
    department: Department | None = None,
    planned: int | None = None,
    note: str = "",
) -> AgendaItem:
    """议题 at the end of the agenda. After the meeting a topic that came up there can still be added."""
    with transaction.atomic():
        meeting = opened(meeting, actor, PLANNED, NOTIFIED, HELD)
        if not title.strip():
            raise IllegalMove(_("Please write the topic."), meeting)
        topics = list(meeting.agenda.order_by("sort", "pk"))
        if len(topics) >= TOPICS:
            raise IllegalMove(_("At most %(count)s topics.") % {"count": TOPICS}, meeting)
        item = AgendaItem.objects.create(
            meeting=meeting,
            sort=(topics[-1].sort if topics else 0) + 1,
            title=title.strip()[:200],
            department=department,
            planned=planned,
            note=note.strip()[:200],
        )
        record(subject=meeting, action="add_topic", actor=actor, after={"topic": item.title})
        ask_for_papers(meeting, actor=actor)
    return item


def change_topic(item: AgendaItem, *, actor: ActorContext, values: Mapping[str, Any]) -> AgendaItem:
    with transaction.atomic():
        meeting = opened(item.meeting, actor, PLANNED, NOTIFIED, HELD)
        item = AgendaItem.objects.select_related("department").get(pk=item.pk)
        before = {"topic": item.title}
        for name in ("title", "department", "planned", "note"):
            if name in values:
                setattr(item, name, values[name])
        if not item.title.strip():
            raise IllegalMove(_("Please write the topic."), meeting)
        item.save(update_fields=["title", "department", "planned", "note"])
        record(subject=meeting, action="change_topic", actor=actor, before=before, after={"topic": item.title})
        ask_for_papers(meeting, actor=actor)
    return item


def move_topic(item: AgendaItem, *, actor: ActorContext, by: int) -> None:
    """One place up (-1) or down (+1); the first goes no higher, the last no lower."""
    with transaction.atomic():
        meeting = opened(item.meeting, actor, PLANNED, NOTIFIED, HELD)
        topics = list(meeting.agenda.order_by("sort", "pk"))
        place = next((n for n, topic in enumerate(topics) if topic.pk == item.pk), None)
        if place is None or not 0 <= place + by < len(topics):
            return
        topics.insert(place + by, topics.pop(place))
        for number, topic in enumerate(topics, 1):
            topic.sort = number
        AgendaItem.objects.bulk_update(topics, ["sort"])
        record(subject=meeting, action="order_topics", actor=actor, after={"topic": item.title})
        ask_for_papers(meeting, actor=actor)


def remove_topic(item: AgendaItem, *, actor: ActorContext) -> None:
    """A topic without papers and without decisions; a matter that stood on it lies with the office again."""
    with transaction.atomic():
        meeting = opened(item.meeting, actor, PLANNED, NOTIFIED)
        item = AgendaItem.objects.select_related("matter").filter(pk=item.pk).first() or item
        if item.pk is None or not AgendaItem.objects.filter(pk=item.pk).exists():
            return
        if item.papers.exists():
            raise IllegalMove(_("Take the papers off the topic first."), meeting)
        if item.decisions.exists():
            raise IllegalMove(_("A decision rests on this topic."), meeting)
        title, matter = item.title, item.matter
        item.delete()
        record(subject=meeting, action="remove_topic", actor=actor, before={"topic": title})
        if matter is not None and matter.state == matters.PUT_BEFORE and matter.meeting_id == meeting.pk:
            reason = _("The topic was taken off the agenda of %(meeting)s.") % {"meeting": meeting}
            matters.take_back(matter, actor=actor, reason=reason)
        ask_for_papers(meeting, actor=actor)


# --- papers --------------------------------------------------------------------------------------


def add_papers(
    item: AgendaItem, *, actor: ActorContext, uploads: Collection[UploadedFile], title: str = ""
) -> list[MeetingPaper]:
    """会议材料 of one topic: PDF or pictures, all or none. Raises FileRefused with a sentence for the person."""
    counted = [(upload, _pages_of(upload)) for upload in uploads]
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=item.meeting_id)
        item = AgendaItem.objects.select_related("meeting__body", "department").get(pk=item.pk)
        decision = can(actor, "add_paper", item)
        if not decision:
            raise NotAllowed(decision.reason, item)
        if meeting.state not in MeetingState.ahead():
            raise IllegalMove(_("The meeting is over; its papers stay as they were."), item)
        if item.papers.count() + len(counted) > PAPERS_PER_TOPIC:
            raise IllegalMove(_("At most %(count)s papers per topic.") % {"count": PAPERS_PER_TOPIC}, item)
        held = MeetingPaper.objects.filter(item__meeting=meeting).values_list("pages", "file__size")
        pages = sum(count for count, _size in held) + sum(count for _upload, count in counted)
        size = sum(size for _count, size in held) + sum(upload.size or 0 for upload, _count in counted)
        if pages > PAGES_PER_MEETING or size > BYTES_PER_MEETING:
            raise FileRefused(
                _("All papers of a meeting together: at most %(pages)s pages and %(size)s MB.")
                % {"pages": PAGES_PER_MEETING, "size": BYTES_PER_MEETING // 1024 // 1024}
            )
        papers = []
        for upload, count in counted:
            stored = store(upload, purpose="meeting_paper", actor=actor, allowed=PAPER_TYPES)
            name = (title.strip() if len(counted) == 1 else "") or stored.original_name.rpartition(".")[0]
            papers.append(MeetingPaper.objects.create(item=item, file=stored, title=name[:120], pages=count))
            record(
                subject=meeting, action="add_paper", actor=actor.on_behalf(decision.grant),
                after={"topic": item.title, "file": stored.original_name, "pages": count},
            )  # fmt: skip
        ask_for_papers(meeting, actor=actor)
    return papers


def _pages_of(upload: UploadedFile) -> int:
    """Read in a child process before anything is stored; what cannot be read is refused in one sentence."""
    extension = (upload.name or "").rpartition(".")[2].lower()
    if extension not in PAPER_TYPES or not upload.size:
        return 0  # `store` says what is accepted
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    if extension == "pdf" and not content.startswith(b"%PDF"):
        return 0
    try:
        pages = count_pages(Source(content, extension))
    except JoinFailed as failure:
        raise FileRefused(str(failure)) from failure
    if pages > PAGES_PER_PAPER:
        raise FileRefused(_("A paper has at most %(count)s pages.") % {"count": PAGES_PER_PAPER})
    return pages


def remove_paper(paper: MeetingPaper, *, actor: ActorContext) -> None:
    """Takes a paper off the topic; the journal keeps its name and hash, the archive the file."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=paper.item.meeting_id)
        decision = can(actor, "remove", paper)
        if not decision:
            raise NotAllowed(decision.reason, paper)
        if meeting.state not in MeetingState.ahead():
            raise IllegalMove(_("The meeting is over; its papers stay as they were."), paper)
        before = {"topic": paper.item.title, "file": paper.file.original_name, "sha256": paper.file.sha256}
        paper.delete()
        record(subject=meeting, action="remove_paper", actor=actor.on_behalf(decision.grant), before=before)
        ask_for_papers(meeting, actor=actor)
