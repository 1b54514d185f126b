"""Meetings and matters for coordination of a random world: every state, invited units and persons, drafts and issued."""

from datetime import date

from django.utils import timezone

from programs.choices import BuildState, ItemRole, MatterState, MeetingState
from programs.models import CoordinationMatter, Decision, Meeting, MeetingPaper, MeetingPdf, ProgressEntry
from qualitycity.files.models import StoredFile
from taskforce.models import Body

DAY = date(2026, 3, 26)
NOW = timezone.make_aware(timezone.datetime(2026, 3, 26, 10))


def matters(rng, users):
    for entry in ProgressEntry.objects.select_related("part__task__programme", "window"):
        programme = entry.part.task.programme
        CoordinationMatter.objects.create(
            jurisdiction_id=programme.jurisdiction_id, programme=programme, department=entry.part.department,
            part=entry.part, window=entry.window, entry=entry, text="请协调", raised_on=DAY,
            state=rng.choice(MatterState.values), answer="答复", answered_on=DAY, decision="决定", decided_on=DAY,
            leader=rng.choice(users), put_before_on=DAY,
        )  # fmt: skip


def meeting(rng, n, places, departments, users):
    body = Body.objects.create(
        jurisdiction=rng.choice(places), code=f"b{n}", kind="leading_group", name=f"领导小组{n}"
    )
    state = rng.choice(MeetingState.values)
    issued = state == MeetingState.MINUTED
    row = Meeting.objects.create(
        body=body, title=f"会议{n}", starts_at=NOW, state=state, created_by=users[0],
        notified_on=None if state == MeetingState.PLANNED or rng.random() < 0.2 else DAY,
        number=f"纪要〔2026〕{n}号" if issued else "", minuted_on=DAY if issued else None, minutes={} if issued else None,
    )  # fmt: skip
    for number, unit in enumerate(rng.sample(departments, 2)):
        row.attendances.create(department=unit, sort=number)
    row.attendances.create(name="某人", user=rng.choice(users))
    item = row.agenda.create(sort=1, title="议题", department=rng.choice([None, *departments]))
    MeetingPaper.objects.create(item=item, file=stored(users[0], f"m{n}"), title="材料", pages=1)
    for kind in ("papers", "minutes"):
        MeetingPdf.objects.create(meeting=row, kind=kind, state=BuildState.QUEUED, asked_by=users[0])
    decision = Decision.objects.create(meeting=row, number=1, text="议定", due_on=DAY)
    decision.units.create(department=rng.choice(departments), role=ItemRole.LEAD)


def stored(user, name):
    return StoredFile.objects.create(
        original_name="a.pdf", extension="pdf", content_type="application/pdf", size=1, sha256="0" * 64, purpose="test",
        uploaded_by=user, storage_name=f"aa/{name}",
    )  # fmt: skip
