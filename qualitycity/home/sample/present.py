"""The quarter that is under way: drafts, sheets that wait for a signature, one returned, some under review."""

from datetime import timedelta

from programs.domain import reports
from programs.models import ProgressReport
from qualitycity.outbox.inbox import mark_read
from qualitycity.outbox.models import InboxItem
from taskforce.domain.people import name_stand_in

from . import filing
from .stage import Stage
from .timeline import PAST_QUARTERS

NOW = PAST_QUARTERS
#: Days before the present.
DRAFTED, FILED, SIGNED = 6, 5, 4
#: How far a line has come, by what it still waits for.
HANDED_IN = ("submitted", "returned", "signed")


def tell(stage: Stage) -> None:
    clock, begun = stage.clock, stage.timeline.quarters[NOW].start
    units = stage.reporting(NOW)
    clock.ago(DRAFTED, not_before=begun)
    for unit, pairs in stage.sheets(NOW, units).items():
        drafts = [pair for pair in pairs if pair[1].stage not in HANDED_IN]
        if drafts:
            filing.save(stage, unit, NOW, drafts)
            clock.pause(4)
    clock.ago(FILED, not_before=begun)
    for unit, pairs in stage.sheets(NOW, units).items():
        ready = [pair for pair in pairs if pair[1].stage in HANDED_IN]
        if ready:
            filing.submit(stage, unit, NOW, ready)
            clock.pause(4)
    clock.ago(SIGNED, not_before=begun)
    for unit, pairs in stage.sheets(NOW, units).items():
        if stage.head(unit) is not None:
            filing.send_back_by_head(stage, unit, [pair for pair in pairs if pair[1].stage == "returned"])
            filing.sign(stage, unit, [pair for pair in pairs if pair[1].stage == "signed"])
            clock.pause(4)
    _stand_in(stage)


def _stand_in(stage: Stage) -> None:
    """A/B角 in force today."""
    facts, today = stage.facts.people.stand_in, stage.clock.until.date()
    name_stand_in(
        principal=stage.users[facts.principal],
        deputy=stage.users[facts.deputy],
        actor=stage.actor(facts.principal),
        first_day=max(today - timedelta(days=facts.days_before), stage.clock.today),
        last_day=today + timedelta(days=facts.days_after),
        reason=facts.reason,
    )


def ask_report(stage: Stage) -> ProgressReport:
    """A leader asks for the report of the last whole quarter; a worker builds it."""
    clock = stage.clock
    clock.ago(0, not_before=stage.timeline.quarters[NOW].start)
    return reports.request(
        actor=stage.actor("leader2"), programme=stage.programme, window=stage.windows[NOW - 1], scope="programme"
    )


def read_some(stage: Stage) -> None:
    """Half of the office has read what came in, the units have not."""
    for login in ("office", "leader2"):
        user = stage.users[login]
        newest = InboxItem.objects.filter(recipient_id=user.pk, read_at=None).order_by("-created_at").values("pk")[:2]
        older = InboxItem.objects.filter(recipient_id=user.pk, read_at=None).exclude(pk__in=newest)
        mark_read(recipient_id=user.pk, item_ids=older.values_list("pk", flat=True))
