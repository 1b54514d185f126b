"""Slips and bulletins of the address book: one to be issued, one with the unit, one answered, and one elsewhere."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from programs.domain.supervision import bulletins, papers, slip_answers, slips
from programs.models import Bulletin, Responsibility, Slip

from ..files import builders


def _subject(part: int) -> slips.Subject:
    row = Responsibility.objects.select_related("task__programme__jurisdiction", "department").get(pk=part)
    return slips.Subject(department=row.department, part=row)


def _drawn(actor: Any, part: int, **more: Any) -> Slip:
    words = {
        "kind": "urge", "colour": "blue", "level": "unit", "matter": "抓紧推进", "demands": "请按期回复。",
        "due_on": date(2026, 4, 10), **more,
    }  # fmt: skip
    return slips.compose(actor=actor, subject=_subject(part), **words)


def _printed(row: Any) -> None:
    # as the job does: inside the transaction of its message
    with transaction.atomic():
        papers.keep_paper(row, content={}, sha256="0" * 64, pdf=builders.pdf(), void=False)


def set_slips(stage: Any) -> None:
    """Needs the parts of the stage: `part`, `joint_part`, `blank_part` are 甲局's."""
    world, names = stage.world, stage.names
    director, clerk, liaison = (world.actor(name) for name in ("director", "clerk", "jia_liaison"))
    yi = Responsibility.objects.get(task=world.tasks[1], department=world.units["乙局"]).pk
    out = slips.issue(_drawn(clerk, names["joint_part"]), actor=clerk)
    _printed(out)
    signed = slips.issue(_drawn(clerk, names["blank_part"]), actor=clerk)
    answer = slip_answers.submit(
        slip=signed, actor=liaison, values={"text": "正在办理", "measures": "本周完成", "promised_on": None},
        uploads=[SimpleUploadedFile("回复附件.pdf", builders.pdf())],
    )  # fmt: skip
    slip_answers.sign(answer, actor=world.actor("jia_head"))
    file = answer.files.select_related("file").get()
    far_director = world.actor("far_office_admin")
    far = slips.issue(_drawn(far_director, names["far_part"]), actor=far_director)
    span = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
    issued = bulletins.draft(actor=director, jurisdiction=world.city, **span)
    issued = bulletins.issue(issued, actor=director)
    _printed(issued)
    elsewhere = Bulletin.objects.create(
        jurisdiction_id=names["far_place"], title="外市通报", opening="x", as_of=issued.as_of,
        drafted_by_id=far_director.user_id, **span,
    )  # fmt: skip
    stage.put(
        slip_draft=_drawn(clerk, names["part"]), slip_red=_drawn(director, yi, kind="notice", colour="red"),
        slip_out=out, sole_part=world.tasks[2].parts.get(), slip_signed=signed, slip_file=file,
        slip_public=file.file.public_id, far_slip=far, bulletin_out=issued,
        bulletin_draft=bulletins.draft(actor=clerk, jurisdiction=world.city, **span), far_bulletin=elsewhere,
    )  # fmt: skip
