"""督查通报: drafted from the portal's data, worded by the office, issued by its administrator.

| from | action | to | who |
|---|---|---|---|
| draft | issue 签发 | issued | office administrator; the number is taken with it |
| draft | discard 弃稿 | discarded | office |
| issued | withdraw 作废 | withdrawn | office administrator, with a reason; the number stays used |
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import BulletinState
from programs.models import Bulletin, Programme
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.outbox.messages import enqueue
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Jurisdiction

from ..standings import board_day
from . import bulletin_data
from .numbering import take_number

DRAFT, ISSUED = BulletinState.DRAFT, BulletinState.ISSUED
TEXTS = ("title", "opening", "findings", "demands")


def _worded(row: Bulletin, actor: ActorContext) -> Any:
    return "" if row.opening.strip() else _("Write the overall picture before the bulletin is issued.")


def _ask_for_paper(changes: list[Change]) -> None:
    for change in changes:
        bulletin = change.obj
        enqueue(
            "bulletin.build",
            key=f"bulletin:{bulletin.pk}:{bulletin.row_version}",
            queue="pdf",
            payload={"bulletin": bulletin.pk, "void": bulletin.state == BulletinState.WITHDRAWN},
        )


BULLETINS = Machine(
    model="programs.Bulletin",
    field="state",
    related=("jurisdiction", "programme__body"),
    snapshot=("number",),
    transitions=(
        Transition(
            "issue",
            frozenset({DRAFT}),
            ISSUED,
            "decide",
            gettext_lazy("Issue the bulletin"),
            guard=_worded,
            effects=(_ask_for_paper,),
        ),
        Transition(
            "discard",
            frozenset({DRAFT}),
            BulletinState.DISCARDED,
            "manage",
            gettext_lazy("Give up the draft"),
            audience="office",
        ),
        Transition(
            "withdraw",
            frozenset({ISSUED}),
            BulletinState.WITHDRAWN,
            "decide",
            gettext_lazy("Make void"),
            reason_required=True,
            effects=(_ask_for_paper,),
        ),
    ),
)


def _read(
    *, jurisdiction: Jurisdiction, programme: Programme | None, starts_on: date, ends_on: date, ranked: bool
) -> bulletin_data.Found:
    day = board_day()
    return bulletin_data.read(
        jurisdiction=jurisdiction,
        programme=programme,
        starts_on=starts_on,
        ends_on=ends_on,
        today=day.today,
        calendar=day.calendar,
        ranked=ranked,
    )


def draft(
    *,
    actor: ActorContext,
    jurisdiction: Jurisdiction,
    starts_on: date,
    ends_on: date,
    programme: Programme | None = None,
    ranked: bool = False,
) -> Bulletin:
    """起草: tables and sentences are proposed from the data of this moment."""
    span: dict[str, Any] = {
        "jurisdiction": jurisdiction, "programme": programme, "starts_on": starts_on, "ends_on": ends_on,
        "ranked": ranked,
    }  # fmt: skip
    about = f"《{programme.short_title}》" if programme else "质量工作"
    row = Bulletin(
        **span,
        title=f"关于{_span(starts_on, ends_on)}{about}督查情况的通报",
        as_of=timezone.now(),
        drafted_by_id=actor.person_id,
    )
    decision = can(actor, "manage", row)
    if not decision:
        raise NotAllowed(decision.reason)
    if programme is not None and programme.jurisdiction_id != jurisdiction.pk:
        raise IllegalMove(_("The programme belongs to another office."))
    if starts_on > ends_on:
        raise IllegalMove(_("The last day lies before the first."))
    with transaction.atomic():
        found = _read(**span)
        row.tables = found.tables
        row.opening = bulletin_data.opening_of(found, starts_on=starts_on, ends_on=ends_on)
        row.findings = bulletin_data.findings_of(found)
        row.demands = bulletin_data.demands_of(found)
        row.save()
        record(subject=row, action="draft_bulletin", actor=actor.on_behalf(decision.grant), audience="office")
    return row


def _span(starts_on: date, ends_on: date) -> str:
    first = f"{starts_on.year}年{starts_on.month}月"
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return first
    year = f"{ends_on.year}年" if ends_on.year != starts_on.year else ""
    return f"{first}至{year}{ends_on.month}月"


def revise(bulletin: Bulletin, *, actor: ActorContext, row_version: int, **values: Any) -> Bulletin:
    """The office's own words, and whether units are put in order."""
    with transaction.atomic():
        row = _held(bulletin, actor, row_version)
        ranked = bool(values.pop("ranked", row.ranked))
        changed = [name for name in TEXTS if name in values and getattr(row, name) != values[name]]
        for name in changed:
            setattr(row, name, values[name])
        if ranked != row.ranked:
            row.ranked = ranked
            _renew(row)
            changed.append("ranked")
        if changed:
            _keep(row, actor, "revise", changed)
    return row


def read_again(bulletin: Bulletin, *, actor: ActorContext, row_version: int) -> Bulletin:
    """The tables as the portal has them now; the words of the office stay."""
    with transaction.atomic():
        row = _held(bulletin, actor, row_version)
        _renew(row)
        _keep(row, actor, "read_again", ["as_of"])
    return row


def _renew(row: Bulletin) -> None:
    found = _read(
        jurisdiction=row.jurisdiction, programme=row.programme, starts_on=row.starts_on, ends_on=row.ends_on,
        ranked=row.ranked,
    )  # fmt: skip
    row.tables, row.as_of = found.tables, timezone.now()


def _held(bulletin: Bulletin, actor: ActorContext, row_version: int) -> Bulletin:
    row = (
        Bulletin.objects.select_related("jurisdiction", "programme")
        .select_for_update(of=("self",))
        .get(pk=bulletin.pk)
    )
    decision = can(actor, "manage", row)
    if not decision:
        raise NotAllowed(decision.reason, row)
    if row.state != DRAFT:
        raise IllegalMove(_("The bulletin is no draft any more."), row)
    if row.row_version != row_version:
        raise IllegalMove(
            _("Somebody else has changed this line in the meantime. Please look at it again."), row
        )
    return row


def _keep(row: Bulletin, actor: ActorContext, action: str, changed: list[str]) -> None:
    row.row_version += 1
    row.save()
    record(subject=row, action=action, actor=actor, after={"changed": changed}, audience="office")


def issue(bulletin: Bulletin, *, actor: ActorContext, row_version: int | None = None) -> Bulletin:
    """签发: 督查通报〔2026〕1号."""
    with transaction.atomic():
        row = (
            Bulletin.objects.select_related("jurisdiction")
            .select_for_update(of=("self",))
            .get(pk=bulletin.pk)
        )
        fields: dict[str, Any] = {}
        if row.state == DRAFT:
            year = timezone.localdate().year
            seq = take_number(jurisdiction=row.jurisdiction, series="bulletin", year=year)
            fields = {
                "year": year, "seq": seq, "number": f"督查通报〔{year}〕{seq}号", "issued_by_id": actor.user_id,
                "issued_at": timezone.now(), "signer": actor.label[:60],
            }  # fmt: skip
        return advance(BULLETINS, row, "issue", actor=actor, fields=fields, row_version=row_version)


def discard(bulletin: Bulletin, *, actor: ActorContext) -> Bulletin:
    return advance(BULLETINS, bulletin, "discard", actor=actor)


def withdraw(bulletin: Bulletin, *, actor: ActorContext, reason: str) -> Bulletin:
    fields = {"withdrawn_by_id": actor.user_id, "withdrawn_at": timezone.now(), "note": reason.strip()[:300]}
    return advance(BULLETINS, bulletin, "withdraw", actor=actor, reason=reason, fields=fields)
