"""文件导入: shadow table from the design, how to move, and what people do with proposals."""

from random import Random
from typing import Any

from programs.domain.importing import applying, drafts, editing
from programs.importing.source import Source
from programs.models import PolicyDraft
from qualitycity.access import ActorContext

from ..factories import World
from ..programs.importing.stage import TEXT, found, taken_in
from .walk import Walk, table


def prepare_imports(world: World) -> None:
    """One import with everything confirmed, one just read, one that could not be read."""
    clerk = world.actor("clerk")
    ready = taken_in(world)
    answer_units(world, clerk, ready)
    editing.settle(
        ready, actor=clerk, proposals=list(ready.proposals.values_list("pk", flat=True)), state="accepted"
    )
    taken_in(world, TEXT + "抄送：市委办公室\n")
    drafts.fail(
        drafts.open_draft(actor=clerk, jurisdiction=world.city, pasted="扫描件"), sentence="文件里没有文字。"
    )


def answer_units(world: World, actor: ActorContext, draft: PolicyDraft) -> None:
    new = {"name": "示例市工艺美术协会", "short_name": "市工美协会", "kind": "mass_org"}
    choices = {
        "市丙办": {
            "department": world.units["丙局"].pk,
            "label": "市丙局",
            "how": "chosen",
            "remember": True,
        },
        "市工艺美术协会": {"new": new, "label": new["name"], "how": "new"},
    }
    editing.settle_units(draft, actor=actor, choices=choices)


def bring_in(world: World, actor: ActorContext, chance: Random) -> Any:
    text = chance.choice(("", "通知", TEXT, f"{TEXT}抄送：市人大\n"))
    return drafts.open_draft(actor=actor, jurisdiction=world.city, pasted=text)


def read_it(world: World, actor: ActorContext, chance: Random) -> Any:
    """What the worker does: it reads, or gives up."""
    rows = PolicyDraft.objects.order_by("pk").select_related("jurisdiction", "file", "earlier")
    draft = chance.choice(rows.filter(state="reading") or rows)
    if draft.state != "reading" or draft.file is None or chance.random() < 0.3:
        return drafts.fail(draft, sentence="没有读出文字。")
    with draft.file.open() as content:
        text = content.read().decode()
    known = found(text) if draft.recognise and text.startswith(TEXT) else None
    return drafts.take_reading(draft, source=Source(text, "txt"), layout={"format": "txt"}, found=known)


def settle(world: World, actor: ActorContext, chance: Random) -> Any:
    """Units answered, and most of the proposals confirmed, left out or reopened."""
    draft = chance.choice(PolicyDraft.objects.order_by("pk"))
    if chance.random() < 0.5:
        answer_units(world, actor, draft)
    rows = [pk for pk in draft.proposals.values_list("pk", flat=True) if chance.random() < 0.9]
    return editing.settle(
        draft, actor=actor, proposals=rows, state=chance.choice(("accepted", "accepted", "dropped", "open"))
    )


def change(world: World, actor: ActorContext, chance: Random) -> Any:
    """One proposal is corrected, split, merged, or another one is added."""
    draft = chance.choice(PolicyDraft.objects.exclude(text="").order_by("pk"))
    rows = list(draft.proposals.all())
    at = chance.randint(0, len(draft.text))
    # nothing was recognised: only by hand
    act = chance.choice(("correct", "split", "merge", "add", "head") if rows else ("add", "head"))
    row, other = (chance.choice(rows), chance.choice(rows)) if rows else (None, None)
    if act == "correct":
        return editing.correct(
            row, actor=actor, data={"title": chance.choice(("", "改过"))}, accept=chance.random() < 0.5
        )
    if act == "split":
        return editing.split(row, actor=actor, at=at, title="另一半")
    if act == "merge":
        return editing.merge(row, other, actor=actor)
    if act == "head":
        return editing.save_head(draft, actor=actor, values={"short_title": chance.choice(("", "三年行动"))})
    unit = {"printed": "甲局", "name": "甲局", "kind": "unit", "role": "sole"}
    return editing.add(
        draft, actor=actor, kind="task", span=(at, at + 5), data={"title": "加一项", "units": [unit]}
    )


DRAFTS = Walk(
    drafts.DRAFTS,
    table(
        """
        reading                 | read    | review    | clock
        reading                 | fail    | failed    | clock
        failed                  | retry   | reading   | office
        reading, failed, review | discard | discarded | office
        review                  | apply   | applied   | office
        applied                 | undo    | review    | office
        """
    ),
    {
        "retry": lambda row, actor, reason: drafts.retry(row, actor=actor),
        "discard": lambda row, actor, reason: drafts.discard(row, actor=actor),
        "apply": lambda row, actor, reason: applying.apply(row, actor=actor),
        "undo": lambda row, actor, reason: applying.undo(row, actor=actor),
    },
    {"bring_in": bring_in, "read_it": read_it, "settle": settle, "change": change},
    prepare_imports,
    # 撤销导入: what was set up goes again, as long as nothing has begun
    removes={"undo": {"programs.programme": "draft", "programs.task": "draft", "programs.responsibility": "pending"}},
)
