"""调整单 of a target: what `kpis` offers to the adjustments of the floor below. The printed target stays in words."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.models import Indicator
from programs.domain.supervision.adjusters import Target
from programs.models import Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed

from .readings import target_text


class IndicatorAdjuster:
    """Indicators of a task; a key is "indicator-12"."""

    name = "indicator"

    def targets(self, task: Task) -> Sequence[Target]:
        return [
            Target(f"{self.name}-{row.pk}", row.name, target_text(row))
            for row in Indicator.objects.filter(task=task).order_by("pk")
        ]

    def worded(self, key: str, *, value: Decimal | None, words: str) -> str:
        return target_text(self._changed(self._row(key, lock=False), value, words))

    def adjust(self, key: str, *, value: Decimal | None, words: str, actor: ActorContext, reason: str) -> None:
        with transaction.atomic():
            row = self._row(key, lock=True)
            decision = can(actor, "edit", row)
            if not decision:
                raise NotAllowed(decision.reason, row)
            before = {"value": row.value, "value_text": row.value_text}
            # the first adjustment keeps what was printed; later ones leave it
            row.original_target = row.original_target or target_text(row)
            self._changed(row, value, words)
            row.row_version += 1
            row.save(update_fields=["value", "value_text", "original_target", "row_version"])
            record(
                subject=row,
                action="adjust",
                actor=actor.on_behalf(decision.grant),
                reason=reason,
                before=before,
                after={"value": row.value, "value_text": row.value_text},
            )

    def _row(self, key: str, *, lock: bool) -> Indicator:
        pk = key.removeprefix(f"{self.name}-")
        rows = Indicator.objects.select_related("programme__jurisdiction")
        if lock:
            rows = rows.select_for_update(of=("self",))
        row = rows.filter(pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 18 else 0).first()
        if row is None:
            raise IllegalMove(_("The indicator is not there any more."))
        return row

    @staticmethod
    def _changed(row: Indicator, value: Decimal | None, words: str) -> Indicator:
        if row.doubtful:
            raise IllegalMove(_("The printed figure is in doubt; settle that first."), row)
        if value is None and row.comparator not in ("zero", "reach"):
            raise IllegalMove(_("This indicator needs a figure as its target."), row)
        row.value, row.value_text = value if value is not None else row.value, words
        return row


INDICATOR_ADJUSTER = IndicatorAdjuster()
