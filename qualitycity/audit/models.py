from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import BigIntegerField, Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who may read an entry in an object's history."""

    OFFICE = "office", _("Office only")
    UNIT = "unit", _("Office and unit concerned")
    ALL = "all", _("Everyone who sees the object")


class Entry(models.Model):
    """One line of the journal. Labels are copied as printed at the time; nothing points out by foreign key,
    so an entry outlives whatever it speaks of. A trigger refuses UPDATE and DELETE.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"), db_default=Now())
    subject_type = models.CharField(_("kind of object"), max_length=60)
    subject_id = models.BigIntegerField(_("object (number)"))
    subject_label = models.CharField(_("object"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    from_state = models.CharField(_("state before"), max_length=60, blank=True, default="")
    to_state = models.CharField(_("state after"), max_length=60, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True, default="")
    actor_id = models.BigIntegerField(_("acting person (number)"), null=True, blank=True)
    actor_label = models.CharField(_("acting person"), max_length=200, blank=True, default="")
    acting_for_id = models.BigIntegerField(_("acting for (number)"), null=True, blank=True)
    acting_for_label = models.CharField(_("acting for"), max_length=200, blank=True, default="")
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices, default=Audience.ALL)
    jurisdiction_id = models.BigIntegerField(_("jurisdiction (number)"), null=True, blank=True)
    request_id = models.CharField(_("request number"), max_length=36, blank=True, default="")
    before = models.JSONField(_("values before"), null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("values after"), null=True, blank=True, encoder=DjangoJSONEncoder)
    #: The writing transaction. The sealer only passes rows whose transaction is older than every running one.
    xid = models.BigIntegerField(
        editable=False,
        db_default=Func(
            function="pg_current_xact_id",
            template="(%(function)s()::text::bigint)",
            output_field=BigIntegerField(),
        ),
    )

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="audit_entry_audience_known", condition=models.Q(audience__in=Audience.values)
            ),
        ]
        indexes = [
            models.Index(name="audit_entry_subject", fields=["subject_type", "subject_id", "id"]),
            models.Index(name="audit_entry_actor", fields=["actor_id", "id"]),
            models.Index(name="audit_entry_at", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"


class Seal(models.Model):
    """One link of the hash chain over the journal. ``entry_id`` is no foreign key: a deleted entry must leave
    its seal behind as the witness.
    """

    seq = models.BigIntegerField(_("sequence number"), unique=True)
    entry_id = models.BigIntegerField(_("journal entry (number)"), unique=True)
    prev_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), db_default=Now())

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
