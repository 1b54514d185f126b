"""Sealed rules 规则快照: the rule as it was when something was calculated by it, kept for good."""

import json
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .canonical import canonical_json, digest


class RuleSnapshot(models.Model):
    """One version of one rule (light policy, reminder ladder, report content …). Equal content is stored once.

    ``content`` is in canonical form: Decimals and dates are text in it. A trigger refuses UPDATE and DELETE.
    """

    kind = models.CharField(_("kind"), max_length=60)
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("sealed rule")
        verbose_name_plural = _("sealed rules")
        ordering = ["kind", "-id"]
        constraints = [
            models.UniqueConstraint(name="sealing_rulesnapshot_once", fields=["kind", "sha256"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"


def seal(kind: str, content: Any) -> RuleSnapshot:
    """Return the snapshot of ``content``, writing it if nobody has before. Safe when several do so at once.

    Raises ``TypeError`` or ``ValueError`` (see ``canonical_json``) for content that has no canonical form.
    """
    sha256 = digest(content)
    known = RuleSnapshot.objects.filter(kind=kind, sha256=sha256).first()
    if known is not None:
        return known
    # ON CONFLICT DO NOTHING waits for a rival's commit, so the row is there afterwards whoever wrote it.
    plain = json.loads(canonical_json(content))
    RuleSnapshot.objects.bulk_create(
        [RuleSnapshot(kind=kind, content=plain, sha256=sha256)], ignore_conflicts=True
    )
    return RuleSnapshot.objects.get(kind=kind, sha256=sha256)
