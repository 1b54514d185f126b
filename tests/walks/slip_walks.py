"""Slips, their answers and bulletins: shadow tables from the design (三单三色, 督查通报), and how to move."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from programs.domain.supervision import bulletins, drawing_up, proposals, slip_answers, slips
from programs.models import Bulletin, ItemPart, ReportingWindow, Responsibility, Slip, SlipAnswer
from qualitycity.access import ActorContext
from taskforce.choices import Role

from ..factories import World
from ..files import builders
from ..programs.supervision.slips import drawn_up, issued, part_subject, window_subject
from .programme_walks import FILED_APART, UNITS, no_head_passed_over
from .walk import Walk, table


def prepare_slips(world: World) -> None:
    """One blue slip waits to be issued; a blue, a red and one above the unit are out, of units with and without head."""
    drawn_up(world, matter="抓紧推进任务1")
    issued(world, subject=part_subject(world, "丙局", 2))
    issued(world, subject=window_subject(world, "乙局"))
    issued(
        world,
        who="director",
        subject=part_subject(world, "乙局", 1),
        kind="notice",
        colour="red",
        level="head",
    )
    issued(
        world, who="director", subject=part_subject(world, "甲局", 1), kind="notice", colour="orange", level="leader",
        to_leader_id=world.people["leader"].pk,
    )  # fmt: skip


def _subject(chance: Random) -> slips.Subject:
    """A part of a task, a part of an item, or the return of a unit."""
    kind = chance.choice(("part", "item_part", "window"))
    if kind == "part":
        rows = Responsibility.objects.filter(department__isnull=False).order_by("pk")
        part = chance.choice(rows.select_related("task__programme__jurisdiction", "department"))
        return slips.Subject(part.department, part=part)
    if kind == "item_part":
        found = ItemPart.objects.order_by("pk").select_related("item__jurisdiction", "department")
        item_part = chance.choice(found)
        return slips.Subject(item_part.department, item_part=item_part)
    window = chance.choice(ReportingWindow.objects.order_by("pk").select_related("programme__jurisdiction"))
    part = chance.choice(Responsibility.objects.filter(department__isnull=False).order_by("pk"))
    return slips.Subject(part.department, window=window)


def _words(world: World, chance: Random) -> dict[str, Any]:
    level = chance.choice(("unit", "unit", "head", "leader"))
    kind = chance.choice(("urge", "urge", "notice", "assignment"))
    colour = "" if kind == "assignment" else chance.choice(("blue", "blue", "orange", "red"))
    leader = world.people["leader"].pk if level == "leader" and chance.random() < 0.8 else None
    return {
        "kind": kind, "colour": colour, "level": level, "to_leader_id": leader, "matter": "抓紧办理",
        "demands": "请按期回复。", "due_on": timezone.localdate() + timedelta(days=chance.randint(-1, 12)),
    }  # fmt: skip


def draw_up(world: World, actor: ActorContext, chance: Random) -> Any:
    """A slip, sometimes after one about the same matter that was issued before."""
    subject = _subject(chance)
    previous = subject.mine().exclude(number="").order_by("-pk").first() if chance.random() < 0.5 else None
    return slips.compose(actor=actor, subject=subject, previous=previous, **_words(world, chance))


def revise(world: World, actor: ActorContext, chance: Random) -> Any:
    rows = Slip.objects.order_by("pk")
    slip = chance.choice(rows.filter(state="proposed") or rows)
    return slips.revise(slip, actor=actor, row_version=slip.row_version, **_words(world, chance))


def issue_ticked(world: World, actor: ActorContext, chance: Random) -> Any:
    """签发 of several at once, as ticked in the list."""
    rows = list(Slip.objects.filter(state="proposed").order_by("pk").values_list("pk", flat=True))
    picked = chance.sample(rows, min(len(rows), 2))
    return slips.issue_picked([world.city.pk], picked, actor=actor) if picked else None


def draw_up_returns(world: World, actor: ActorContext, chance: Random) -> Any:
    window = chance.choice(world.programme.windows.order_by("pk").select_related("programme__jurisdiction"))
    units = [world.units[name] for name in ("甲局", "乙局", "丙局")]
    return drawing_up.draw_up_returns([(window, unit, 1) for unit in units], actor=actor)


def propose(world: World, actor: ActorContext, chance: Random) -> Any:
    """What the portal proposes every hour; nobody's act, and nothing is issued by it."""
    return proposals.propose_slips()


def sign_an_answer(world: World, actor: ActorContext, chance: Random) -> Any:
    """A signature answers the slip, of a unit without head the office's."""
    rows = SlipAnswer.objects.filter(state="submitted").order_by("pk")
    if not rows:
        return None
    act = slip_answers.countersign if chance.random() < 0.3 else slip_answers.sign
    return act(chance.choice(rows), actor=actor)


def answer_whole(world: World, actor: ActorContext, chance: Random) -> Any:
    """A slip is answered as it should be: the liaison types and hands in, or the office for him, which acknowledges
    nothing; the head signs, or the office where there is none."""
    rows = Slip.objects.filter(state__in=["issued", "acknowledged"]).order_by("pk")
    slip = chance.choice(rows) if rows else None
    name = next((name for name in UNITS if slip and world.units[name].pk == slip.department_id), "")
    if slip is None or not name:
        return None
    liaison, head = (world.actor(who) for who in UNITS[name])
    draft = slip_answers.open_answer(slip)
    values = {"text": "材料正在汇总", "measures": "分工到人", "promised_on": None}
    version = draft.row_version if draft else None
    typist = world.actor("clerk") if chance.random() < 0.3 else liaison
    row = slip_answers.submit(slip=slip, actor=typist, values=values, row_version=version)
    act = slip_answers.countersign if name == "丙局" else slip_answers.sign
    return act(row, actor=head)


def open_an_answer(world: World, actor: ActorContext, chance: Random) -> Any:
    """A signature taken back, or an answer refused, opens the slip again."""
    rows = SlipAnswer.objects.filter(state="signed").order_by("pk")
    if not rows:
        return None
    row = chance.choice(rows)
    if chance.random() < 0.5:
        return slip_answers.unsign(row, actor=actor)
    return slip_answers.refuse(row, actor=actor, by="office", reason="没有说明措施")


def not_by_a_clerk(row: Any, action: str, roles: frozenset[str]) -> str:
    """橙、红 and what goes above the unit: the administrator's alone."""
    above = row.colour in ("orange", "red") or row.level == "leader"
    if action in ("issue", "dismiss", "withdraw") and above and Role.OFFICE_ADMIN not in roles:
        return f"{action} of a {row.colour} slip to the {row.level} by somebody else than the administrator"
    return ""


SLIPS = Walk(
    slips.SLIPS,
    table(
        """
        proposed                       | issue         | issued       | office
        proposed                       | dismiss       | dismissed    | office
        issued                         | acknowledge   | acknowledged | unit
        issued, acknowledged           | answer        | answered     | head or office
        answered                       | reopen_answer | acknowledged | head or office
        answered                       | settle        | settled      | office
        issued, acknowledged, answered | withdraw      | withdrawn    | office
        """
    ),
    {
        "issue": lambda row, actor, reason: slips.issue(row, actor=actor),
        "dismiss": lambda row, actor, reason: slips.dismiss(row, actor=actor, reason=reason),
        "acknowledge": lambda row, actor, reason: slips.acknowledge(row, actor=actor),
        "settle": lambda row, actor, reason: slips.settle(row, actor=actor, reason=reason),
        "withdraw": lambda row, actor, reason: slips.withdraw(row, actor=actor, reason=reason),
    },
    {
        "draw_up": draw_up,
        "revise": revise,
        "issue_ticked": issue_ticked,
        "draw_up_returns": draw_up_returns,
        "propose": propose,
        "type_answer": lambda world, actor, chance: type_answer(world, actor, chance),
        "answer_whole": answer_whole,
        "answer": sign_an_answer,
        "reopen_answer": open_an_answer,
    },
    prepare_slips,
    closer=not_by_a_clerk,
)


def type_answer(world: World, actor: ActorContext, chance: Random) -> Any:
    """An answer, saved or handed in, with or without a file."""
    slip = chance.choice(Slip.objects.order_by("pk"))
    values = {
        "text": chance.choice(["", "材料正在汇总", "材料正在汇总"]), "measures": chance.choice(["", "分工到人", "分工到人"]),
        "promised_on": chance.choice([None, date(2026, 6, 30)]),
    }  # fmt: skip
    uploads = [SimpleUploadedFile("附件.pdf", builders.pdf())] if chance.random() < 0.2 else []
    act = slip_answers.save if chance.random() < 0.3 else slip_answers.submit
    return act(slip=slip, actor=actor, values=values, uploads=uploads)


ANSWERS = Walk(
    slip_answers.ANSWERS,
    # an answer has no period that closes: no correction after acceptance; a scan is typed in by the office (代填)
    table(
        """
        draft, returned | submit           | submitted | liaison or office
        submitted       | withdraw         | draft     | liaison or office
        submitted       | sign             | signed    | head
        submitted       | countersign      | signed    | office
        submitted       | return_by_head   | returned  | head
        signed          | unsign           | submitted | head
        signed          | accept           | accepted  | office
        signed          | return_by_office | returned  | office
        """
    ),
    {
        "submit": lambda row, actor, reason: slip_answers.submit(
            slip=row.slip, actor=actor, values={"text": row.text or reason, "measures": "分工到人", "promised_on": None},
            row_version=row.row_version,
        ),
        "withdraw": lambda row, actor, reason: slip_answers.take_back(row, actor=actor),
        "sign": lambda row, actor, reason: slip_answers.sign(row, actor=actor),
        "countersign": lambda row, actor, reason: slip_answers.countersign(row, actor=actor),
        "return_by_head": lambda row, actor, reason: slip_answers.refuse(row, actor=actor, by="head", reason=reason),
        "unsign": lambda row, actor, reason: slip_answers.unsign(row, actor=actor),
        # with a remark the slip stays in hand until what was promised is done
        "accept": lambda row, actor, reason: slip_answers.accept(row, actor=actor, remark=reason, settled=not reason),
        "return_by_office": lambda row, actor, reason: slip_answers.refuse(
            row, actor=actor, by="office", reason=reason
        ),
    },
    {"type_answer": type_answer, "answer_whole": answer_whole},
    apart=FILED_APART,
    closer=no_head_passed_over,
)  # fmt: skip


def draft_bulletin(world: World, actor: ActorContext, chance: Random) -> Any:
    return bulletins.draft(
        actor=actor, jurisdiction=world.city, starts_on=date(2026, 1, 1), ends_on=date(2026, chance.choice((3, 12)), 31),
        programme=chance.choice((None, world.programme)), ranked=chance.random() < 0.5,
    )  # fmt: skip


def word_bulletin(world: World, actor: ActorContext, chance: Random) -> Any:
    """The office's own words, or the tables as they are now."""
    rows = Bulletin.objects.order_by("pk")
    if not rows:
        return None
    row = chance.choice(rows)
    if chance.random() < 0.3:
        return bulletins.read_again(row, actor=actor, row_version=row.row_version)
    words = {"opening": chance.choice(["", "总体情况良好。"]), "findings": "个别单位报送不及时。"}
    return bulletins.revise(
        row, actor=actor, row_version=row.row_version, **words, ranked=chance.random() < 0.5
    )


BULLETINS = Walk(
    bulletins.BULLETINS,
    table(
        """
        draft  | issue    | issued    | director
        draft  | discard  | discarded | office
        issued | withdraw | withdrawn | director
        """
    ),
    {
        "issue": lambda row, actor, reason: bulletins.issue(row, actor=actor),
        "discard": lambda row, actor, reason: bulletins.discard(row, actor=actor),
        "withdraw": lambda row, actor, reason: bulletins.withdraw(row, actor=actor, reason=reason),
    },
    {"draft_bulletin": draft_bulletin, "word_bulletin": word_bulletin},
    lambda world: draft_bulletin(world, world.actor("clerk"), Random(1)) and None,
)
