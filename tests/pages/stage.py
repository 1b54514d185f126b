"""The city of the address book: one row of every kind in the state in which its pages have something to do.

Beside the city stand a district with a programme of its own (the city reads it, the district runs it) and a city
elsewhere that is nobody's business here.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kpis.models import Indicator
from programs.choices import BuildState
from programs.domain import consultation, entries, evidence, filing, programmes, sheet, tasks
from programs.domain.views import save_view
from programs.models import PolicyDocument, Programme, ProgressReport, ReportingWindow, Section
from qualitycity.files.storing import store
from qualitycity.outbox.inbox import post_inbox
from qualitycity.outbox.models import InboxItem
from taskforce.choices import Role
from taskforce.domain import people_import
from taskforce.domain.people import name_stand_in
from taskforce.models import Body, Contact, Delegation, Department, DepartmentGroup, Jurisdiction, User

from ..factories import World, make_part, make_task, make_user, make_world
from ..files import builders
from ..taskforce import people_books
from . import stage_requests
from .stage_channels import channels
from .stage_importing import set_imports
from .stage_items import supervised
from .stage_meetings import set_meetings
from .stage_papers import papers
from .stage_reminders import stopped_mail
from .stage_slips import set_slips
from .stage_workload import set_workload

#: Before the quarter ends, and after it: the period is over, still open for filing, not locked.
BEFORE, NOW = "2026-03-26T10:00:00+08:00", "2026-04-02T10:00:00+08:00"


@dataclass
class Stage:
    """`world` with its people; `names`: what stands in braces in an address → what is put there."""

    world: World
    names: dict[str, Any] = field(default_factory=dict)

    def put(self, **rows: Any) -> None:
        for name, row in rows.items():
            self.names[name] = getattr(row, "pk", row)


def sheet_of(
    world: World, who: str, unit: str, window: ReportingWindow, tasks: set[int], *, final: bool
) -> list[Any]:
    """Types believable texts into the lines of these tasks and saves or submits them; the filed rows."""
    typed = {
        key: value
        for key, value in world.typed(who, unit, window).items()
        for line in sheet.sheet_lines(window, {world.units[unit].pk})
        if line.key == key and line.row.part.task_id in tasks
    }
    act = sheet.submit if final else sheet.save
    outcome = act(actor=world.actor(who), window=window, departments={world.units[unit].pk}, typed=typed)
    assert outcome.ok, outcome
    return [
        line.row
        for line in sheet.sheet_lines(window, {world.units[unit].pk})
        if line.source.name == "task" and line.row.part.task_id in tasks
    ]


def running(jurisdiction: Jurisdiction, key: str, title: str, office: Department, actor: Any) -> Programme:
    """A programme of 2026 with one section, started."""
    programme = Programme.objects.create(
        key=key, jurisdiction=jurisdiction, title=title, short_title=title[:20], year=2026,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), office_department=office,
    )  # fmt: skip
    Section.objects.create(programme=programme, path="一", number="一", title="重点工作", sort=1)
    return programmes.start(programme, actor=actor)


def stored_pdf(name: str, purpose: str, actor: Any) -> Any:
    return store(SimpleUploadedFile(name, builders.pdf()), purpose=purpose, actor=actor, allowed=("pdf",))


def report(
    programme: Programme, window: ReportingWindow, author: Any, state: str, **more: Any
) -> ProgressReport:
    """A row as the job leaves it behind; what is tried here is who may open it."""
    done = {}
    if state == BuildState.READY:
        done = {"file": stored_pdf("进展报告.pdf", "progress_report", author), "built_at": timezone.now()}
    if state == BuildState.FAILED:
        done = {"failure": "没有做成。"}
    return ProgressReport.objects.create(
        programme=programme, window=window, state=state, title="进展报告", requested_by_id=author.user_id,
        requested_at=timezone.now(), **{"scope": "programme", **done, **more},
    )  # fmt: skip


def set_stage(clock: Any) -> Stage:
    """Builds everything under `clock`, which is left standing at NOW."""
    clock.move_to(BEFORE)
    world = make_world()
    stage = Stage(world)
    director, jia = world.actor("director"), world.units["甲局"]
    more = [
        make_task(world.programme, number, mode="sole", due_on=date(2026, 11, 30)) for number in (4, 5, 6, 7)
    ]
    for task in more:
        make_part(task, jia, "sole")
    done, blank, confirmed, consulted = more
    tasks.confirm([done, blank, confirmed], actor=director)
    tasks.assign([done, blank], actor=director)
    asked = consultation.open_round(world.programme, actor=director, due_on=date(2026, 4, 20))
    hidden = make_task(world.programme, 8, mode="sole")
    make_part(hidden, jia, "sole")
    clock.move_to(NOW)
    _people(stage)
    _filed(stage, done)
    _reports(stage)
    _registers(stage)
    first, joint, sole = world.tasks
    stage.put(
        programme=world.programme, window=world.window, task=first, joint=joint, sole=sole, consulted=consulted,
        confirmed=confirmed, hidden=hidden, blank=f"task-{blank.parts.get().pk}", blank_part=blank.parts.get(),
        round=asked, section=world.programme.sections.get(),
        next=world.programme.windows.get(starts_on=date(2026, 4, 1)),
        city=world.city, jia=jia, yi=world.units["乙局"], bing=world.units["丙局"], zlj=world.units["质量局"],
        part=first.parts.get(role="lead"), joint_part=joint.parts.get(department=jia),
        task_version=first.row_version,
    )  # fmt: skip
    _views(stage)
    stopped_mail(stage)
    _draft_programme(stage)
    _district(stage)
    _elsewhere(stage)
    _doubts(stage)
    papers(stage)
    channels(stage)
    supervised(stage)
    set_slips(stage)
    stage_requests.put_requests(stage)
    set_workload(stage)
    set_meetings(stage, stored_pdf)
    set_imports(stage)
    return stage


def _people(stage: Stage) -> None:
    world = stage.world
    keepers = ("director", "clerk", "auditor", "sysadmin")
    User.objects.filter(username__in=keepers).update(is_staff=True)
    liaison, head = world.people["jia_liaison"], world.people["jia_head"]
    post_inbox(recipient_ids=[liaison.pk], kind="test", key="one", title="请填报", url="/sheets/")
    name_stand_in(
        principal=liaison, deputy=head, first_day=date(2026, 5, 1), last_day=date(2026, 5, 8), reason="出差",
        actor=world.actor("jia_liaison"),
    )  # fmt: skip
    stage.put(
        notice=InboxItem.objects.get(recipient=liaison, kind="test"), stand_in=Delegation.objects.get(), head=head.pk,
        liaison=liaison.pk, leader=world.people["leader"].pk, director=world.people["director"].pk,
    )  # fmt: skip


def _filed(stage: Stage, done: Any) -> None:
    """甲局: a draft with a file, a line that waits for the head, one accepted, one untouched. 乙局: one signed.
    丙局 has one account: its line waits for the office's countersignature."""
    world, window, machine = stage.world, stage.world.window, entries.TASKS.machine
    first, joint, sole = world.tasks
    liaison = world.actor("jia_liaison")
    (draft,) = sheet_of(world, "jia_liaison", "甲局", window, {first.pk}, final=False)
    (accepted,) = sheet_of(world, "jia_liaison", "甲局", window, {done.pk}, final=False)
    kept, shown = (
        evidence.attach(row, actor=liaison, uploads=[SimpleUploadedFile("抽检记录.pdf", builders.pdf())])[0]
        for row in (draft, accepted)
    )
    (accepted,) = sheet_of(world, "jia_liaison", "甲局", window, {done.pk}, final=True)
    filing.sign_rows(machine, [accepted], actor=world.actor("jia_head"))
    filing.accept_rows(machine, [accepted], actor=world.actor("clerk"))
    (waiting,) = sheet_of(world, "jia_liaison", "甲局", window, {joint.pk}, final=True)
    (signed,) = sheet_of(world, "yi_liaison", "乙局", window, {joint.pk}, final=True)
    filing.sign_rows(machine, [signed], actor=world.actor("yi_head"))
    (single,) = sheet_of(world, "bing_liaison", "丙局", window, {sole.pk}, final=True)
    for row in (draft, waiting, signed, accepted, single):
        row.refresh_from_db()
    stage.put(
        draft=f"task-{draft.part_id}", draft_version=draft.row_version, evidence=kept, file=kept.file.public_id,
        accepted=f"task-{accepted.part_id}", accepted_file=shown.file.public_id,
        waiting=f"task-{waiting.part_id}", waiting_version=waiting.row_version,
        signed=f"task-{signed.part_id}", signed_mark=f"task-{signed.pk}:{signed.row_version}",
        single_mark=f"task-{single.pk}:{single.row_version}",
    )  # fmt: skip


def _reports(stage: Stage) -> None:
    world, window, director = stage.world, stage.world.window, stage.world.actor("director")
    ready = report(world.programme, window, director, BuildState.READY)
    stage.put(
        report=ready, report_file=ready.file.public_id,
        failed=report(world.programme, window, director, BuildState.FAILED),
        building=report(world.programme, window, director, BuildState.QUEUED),
        unit_report=report(
            world.programme, window, director, BuildState.READY, scope="department", department=world.units["甲局"]
        ),
    )  # fmt: skip


def _registers(stage: Stage) -> None:
    world = stage.world
    document = PolicyDocument.objects.create(
        key="shili-doc", jurisdiction=world.city, title="示例市质量提升行动方案", issuing_body="示例市人民政府",
        dated=date(2025, 12, 1),
    )  # fmt: skip
    body = Body.objects.create(
        jurisdiction=world.city, code="shili-body", kind="leading_group", name="示例市领导小组"
    )
    body.seats.create(role="head", post="市长")
    group = DepartmentGroup.objects.create(jurisdiction=world.city, code="shili-group", name="相关部门")
    contact = Contact.objects.create(department=world.units["甲局"], name="联系人甲", phone="0990-1234567")
    upload = people_import.open_import(
        actor=world.actor("director"), upload=people_books.upload(people_books.both(people=[("市甲局", "联系人乙")]))
    )
    stage.put(upload=upload, document=document, body=body, group=group, contact=contact)


def _doubts(stage: Stage) -> None:
    """A doubtful figure in the city's programme, the district's and one elsewhere; nobody reports them yet."""
    for name in ("doubt", "d_doubt", "far_doubt"):
        programme = stage.names[name.replace("doubt", "programme")]
        indicator = Indicator.objects.create(
            programme_id=programme, name="专项检测", kind="numeric", comparator="count>=", value=23, unit="次",
            clause_path="一/(1)", doubtful=True, doubt_note="疑掉了连接号",
        )  # fmt: skip
        stage.put(**{name: indicator})


def _views(stage: Stage) -> None:
    """Views of the ledger: one of 甲局's liaison for himself, one that the office shares."""
    programme, world = stage.world.programme, stage.world
    stage.put(
        own_view=save_view(programme=programme, actor=world.actor("jia_liaison"), name="我的", query="?light=grey"),
        shared_view=save_view(
            programme=programme, actor=world.actor("clerk"), name="全体", query="?light=red", shared=True
        ),
    )  # fmt: skip


def _draft_programme(stage: Stage) -> None:
    """Being prepared: nobody but the office and those who oversee it knows of it."""
    world = stage.world
    programme = Programme.objects.create(
        key="shili-2027", jurisdiction=world.city, title="示例市质量提升行动计划（2027年）", short_title="质量提升2027",
        year=2027, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
    )  # fmt: skip
    task = make_task(programme, 1, mode="sole")
    make_part(task, world.units["甲局"], "sole")
    stage.put(planned=programme, planned_task=task)


def _district(stage: Stage) -> None:
    world = stage.world
    actor, unit = world.actor("district"), world.units["东湖区"]
    programme = running(world.district, "donghu-2026", "东湖区质量提升行动计划", unit, actor)
    task = make_task(programme, 1, mode="sole", due_on=date(2026, 12, 1))
    part = make_part(task, unit, "sole")
    tasks.confirm([task], actor=actor)
    tasks.assign([task], actor=actor)
    window = programme.windows.get(starts_on=date(2026, 1, 1))
    stage.put(
        d_programme=programme, d_task=task, d_part=part, d_window=window, d_unit=unit, d_line=f"task-{part.pk}",
        d_place=world.district,
    )  # fmt: skip


def _elsewhere(stage: Stage) -> None:
    """Another city on the same portal."""
    place = Jurisdiction.objects.create(code="990200", name="外市", short_name="外市", level="city")
    unit = Department.objects.create(
        jurisdiction=place, code="waishi-ju", kind="government_dept", name="外市甲局", short_name="外局"
    )
    people = {
        role: make_user(
            f"far_{role}", role, jurisdiction=place, department=unit if role == Role.LIAISON else None
        )
        for role in (Role.OFFICE_ADMIN, Role.LIAISON)
    }
    stage.world.people |= {f"far_{role}": person for role, person in people.items()}
    stage.world.units["外局"] = unit
    director = stage.world.actor("far_office_admin")
    programme = running(place, "waishi-2026", "外市质量提升行动计划", unit, director)
    task = make_task(programme, 1, mode="sole", due_on=date(2026, 12, 1))
    part = make_part(task, unit, "sole")
    tasks.confirm([task], actor=director)
    tasks.assign([task], actor=director)
    window = programme.windows.get(starts_on=date(2026, 1, 1))
    (row,) = sheet_of(stage.world, "far_liaison", "外局", window, {task.pk}, final=False)
    (attached,) = evidence.attach(
        row, actor=stage.world.actor("far_liaison"), uploads=[SimpleUploadedFile("外市.pdf", builders.pdf())]
    )
    draft = make_task(programme, 2, mode="sole")
    make_part(draft, unit, "sole")
    asked = consultation.open_round(programme, actor=director, due_on=date(2026, 4, 20))
    post_inbox(recipient_ids=[people[Role.LIAISON].pk], kind="test", key="far", title="外市")
    far = report(programme, window, director, BuildState.READY)
    stage.put(
        far_liaison=people[Role.LIAISON].pk, far_place=place,
        far_programme=programme, far_task=task, far_part=part, far_window=window, far_unit=unit,
        far_line=f"task-{part.pk}", far_round=asked, far_evidence=attached, far_file=attached.file.public_id,
        far_report=far, far_report_file=far.file.public_id, far_notice=InboxItem.objects.get(title="外市"),
        far_group=DepartmentGroup.objects.create(jurisdiction=place, code="waishi-group", name="外市相关部门"),
        far_body=Body.objects.create(jurisdiction=place, code="waishi-body", kind="leading_group", name="外市领导小组"),
        far_document=PolicyDocument.objects.create(
            key="waishi-doc", jurisdiction=place, title="外市方案", issuing_body="外市人民政府", dated=date(2025, 12, 1)
        ),
    )  # fmt: skip
