"""现状: how a task and each of its parts stand today – light, reason, what is wrong – kept so that lists can count.

Not facts but results of `domain/lights.py` over facts. Triggers of the database write a `StandingChange` in the same
transaction as any change that may matter; `domain/standings.py` works out anew what changed, and everything once a
day. Nothing else writes here.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import Concern, LightCode, OutlookCode

from .responsibility import Responsibility
from .tasks import Task


class Standing(models.Model):
    """`turns_on`: the last day on which an amber light stays amber. `concerns`: codes of `Concern`."""

    as_of = models.DateField(_("worked out for"))
    light = models.CharField(_("light"), max_length=10, choices=LightCode)
    early = models.BooleanField(_("early"), default=False)
    sentence = models.CharField(_("reason"), max_length=600)
    turns_on = models.DateField(null=True)
    concerns = ArrayField(models.CharField(max_length=20, choices=Concern), default=list)

    class Meta:
        abstract = True


class TaskStanding(Standing):
    """Of a whole task: the worst part decides; `unit` is who holds it where several answer. `percent` in 0–100.
    `outlook` and its reason: 能否完成, empty where nothing is to be foretold."""

    task = models.OneToOneField(Task, primary_key=True, on_delete=models.CASCADE, related_name="standing")
    unit = models.CharField(max_length=200, blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    outlook = models.CharField(max_length=10, choices=OutlookCode, blank=True, default="")
    outlook_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("standing of a task")
        verbose_name_plural = _("standings of tasks")
        # with the key in it an anti-join and the day's extremes are read from the index alone
        indexes = [models.Index(fields=["as_of", "task"], name="standing_day")]
        constraints = [
            models.CheckConstraint(condition=Q(light__in=LightCode.values), name="standing_light_known"),
            models.CheckConstraint(condition=Q(outlook__in=["", *OutlookCode.values]), name="standing_outlook_known"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.light}"


class PartStanding(Standing):
    """Of a part that owes reports, as it concerns its unit: its own light where several units answer."""

    part = models.OneToOneField(Responsibility, primary_key=True, on_delete=models.CASCADE, related_name="standing")

    class Meta:
        verbose_name = _("standing of a part")
        verbose_name_plural = _("standings of parts")
        constraints = [models.CheckConstraint(condition=Q(light__in=LightCode.values), name="part_light_known")]

    def __str__(self) -> str:
        return f"{self.part_id} {self.light}"


class StandingChange(models.Model):
    """A task whose standing may have changed. Written by triggers; no foreign key: a bell, not a record."""

    task_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("task to be looked at again")
        verbose_name_plural = _("tasks to be looked at again")

    def __str__(self) -> str:
        return str(self.task_id)


class StandingVersion(models.Model):
    """One row: when standings were last worked out anew, in microseconds; what boards keep is kept under this number."""

    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("version of the standings")
        verbose_name_plural = _("version of the standings")

    def __str__(self) -> str:
        return str(self.number)
