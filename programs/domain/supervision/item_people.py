"""Persons named for a restricted item (限阅, 挂牌督办案件 always), and whom the portal may tell about an item at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from programs.models import SupervisedItem, SupervisedItemUserObjectPermission
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.models import Jurisdiction, Membership, User

FOLLOW = "programs.follow_item"
#: Roles that can hand a restricted item out and strike it off; somebody with one of them must be named.
DECIDING = (Role.OFFICE_ADMIN, Role.DISTRICT_OFFICE)


def namable(jurisdiction: Jurisdiction) -> set[int]:
    """Accounts that may be named: whoever has a business role in the same city today. One query."""
    root = f"/{jurisdiction.path.strip('/').split('/')[0]}/"
    return set(
        Membership.objects.current(timezone.localdate())
        .filter(jurisdiction__path__startswith=root, user__is_active=True)
        .exclude(role=Role.SYSTEM_ADMIN)
        .values_list("user_id", flat=True)
    )


def named_people(items: Iterable[SupervisedItem]) -> dict[int, set[int]]:
    """Restricted item → accounts named for it; items that are not restricted have no entry. At most one query."""
    wanted = {item.pk for item in items if item.restricted}
    found: dict[int, set[int]] = {pk: set() for pk in wanted}
    if wanted:
        rows = SupervisedItemUserObjectPermission.objects.filter(
            content_object_id__in=wanted, permission__codename="follow_item"
        )
        for item, user in rows.values_list("content_object_id", "user_id"):
            found[item].add(user)
    return found


def allowed_to_hear(item: SupervisedItem, people: Collection[int], named: Mapping[int, set[int]]) -> set[int]:
    """Of these people, those whom a notice about the item may reach."""
    return set(people) & named[item.pk] if item.restricted else set(people)


def spoken_of(item: SupervisedItem) -> str:
    """How a notice, a digest or another person's list names the item: a restricted one never by its title."""
    return f"限阅督办事项（{item.number}）" if item.restricted else f"督办事项“{item.title}”"


def write_names(item: SupervisedItem, people: Collection[int]) -> None:
    """Writes who may see the item; the caller has judged and locked."""
    for user in User.objects.filter(pk__in=people):
        assign_perm(FOLLOW, user, item)


def check_names(jurisdiction: Jurisdiction, people: Collection[int], *, new: Collection[int]) -> None:
    """Raises IllegalMove when somebody new cannot be named, or when nobody of `people` could hand the item out."""
    if set(new) - namable(jurisdiction):
        raise IllegalMove(_("Only people with a role in this city can be named."))
    deciding = Membership.objects.current(timezone.localdate()).filter(
        user_id__in=people, role__in=DECIDING, jurisdiction=jurisdiction
    )
    if not deciding.exists():
        raise IllegalMove(
            _("Name an office administrator as well; otherwise nobody can hand this item out or strike it off.")
        )


def name_people(item: SupervisedItem, *, people: Collection[int], actor: ActorContext) -> SupervisedItem:
    """Sets who is named for a restricted item. Who registered it and whose instruction it is stay named; the journal
    keeps who came and who went."""
    with transaction.atomic():
        item = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=item.pk)
        decision = can(actor, "manage", item)
        if not decision:
            raise NotAllowed(decision.reason, item)
        if not item.restricted:
            raise IllegalMove(_("This item is open to whoever oversees it; nobody needs to be named."), item)
        before = named_people([item])[item.pk]
        # who has lost his roles meanwhile may stay named, he sees nothing with it
        wanted = set(people) | {pk for pk in (item.recorded_by_id, item.leader_id) if pk is not None}
        came, went = wanted - before, before - wanted
        check_names(item.jurisdiction, wanted, new=came)
        if not came and not went:
            return item
        people_by_id = User.objects.in_bulk(came | went)
        write_names(item, came)
        for pk in went:
            remove_perm(FOLLOW, people_by_id[pk], item)
        record(
            subject=item,
            action="name_people",
            actor=actor.on_behalf(decision.grant),
            before={"people": [str(people_by_id[pk]) for pk in sorted(went)]},
            after={"people": [str(people_by_id[pk]) for pk in sorted(came)]},
            audience="office",
        )
    return item


def units_nobody_is_named_of(item: SupervisedItem, departments: Collection[int]) -> set[int]:
    """Units of a restricted item without a single named account: they could neither read nor sign for it."""
    named = named_people([item])[item.pk]
    held: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.current(timezone.localdate()).filter(
        department_id__in=departments, role__in=Role.unit_roles(), user__is_active=True
    )
    for department, user in rows.values_list("department_id", "user_id"):
        held[department].add(user)
    return {unit for unit, people in held.items() if not people & named}
