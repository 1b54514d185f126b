"""名单: the office says which units a printed group (成员单位, 各镇政府) consists of."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department, DepartmentGroup, GroupMember


def give_list(
    group: DepartmentGroup, departments: Collection[Department], basis: str, actor: ActorContext
) -> DepartmentGroup:
    """Gives the list, or gives it anew. Tasks into which the old list was expanded keep their units; the journal says
    which units came and went, and on what ground."""
    decision = can(actor, "edit", group)
    if not decision:
        raise NotAllowed(decision.reason, group)
    if not departments:
        raise IllegalMove(_("Choose at least one unit."), group)
    if not basis.strip():
        raise IllegalMove(_("Please say on what ground the list is given."), group)
    with transaction.atomic():
        group = DepartmentGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
        before = {row.department_id: row for row in group.memberships.select_related("department")}
        wanted = {department.pk: department for department in departments}
        gone = [row for pk, row in before.items() if pk not in wanted]
        come = [department for pk, department in wanted.items() if pk not in before]
        GroupMember.objects.filter(pk__in=[row.pk for row in gone]).delete()
        GroupMember.objects.bulk_create(GroupMember(group=group, department=department) for department in come)
        group.list_given_on = timezone.localdate()
        group.list_basis = basis.strip()[:200]
        group.save(update_fields=["list_given_on", "list_basis"])
        record(
            subject=group,
            action="give_list",
            actor=actor.on_behalf(decision.grant),
            reason=group.list_basis,
            after={"units": len(wanted), "come": [str(unit) for unit in come], "gone": [str(row) for row in gone]},
        )
    return group
