"""人员导入: an upload is read and kept, looked at as often as one likes, then carried out as a whole or thrown away."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import build_entry, record, write_entries
from qualitycity.audit.models import Entry
from qualitycity.files.storing import store
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.access import IMPORTERS
from taskforce.choices import ImportState
from taskforce.loading.people_book import Row, read_book
from taskforce.models import (
    Contact,
    Department,
    DepartmentAlias,
    Jurisdiction,
    Membership,
    PeopleImport,
    User,
)

from . import accounts
from .people_plan import PersonPlan, Plan, make_plan
from .unit_plan import SAME, UnitPlan

PURPOSE = "people_import"


def territory(actor: ActorContext) -> Jurisdiction:
    """Where the actor brings people in. Raises NotAllowed for whoever keeps no units."""
    for grant in actor.holding(*IMPORTERS):
        return Jurisdiction.objects.get(pk=grant.jurisdiction_id)
    raise NotAllowed(_("Units and people are brought in by the office administrator, in a district by its office."))


def open_import(*, actor: ActorContext, upload: File) -> PeopleImport:
    """Checks, stores and reads the workbook. Raises FileRefused with a sentence; then nothing is kept."""
    place = territory(actor)
    with transaction.atomic():
        stored = store(upload, purpose=PURPOSE, actor=actor, allowed=("xlsx",))
        with stored.open() as content:
            book = read_book(content)
        row = PeopleImport.objects.create(
            jurisdiction=place,
            uploaded_by_id=actor.person_id,
            uploaded_at=timezone.now(),
            file=stored,
            rows=[[one.sheet, one.number, one.cells, one.columns] for one in book.rows],
            skipped=book.skipped,
        )
        record(
            subject=row, action="upload_people", actor=actor, audience="office",
            after={"rows": len(book.rows), "sha256": stored.sha256},
        )  # fmt: skip
    return row


def plan_of(draft: PeopleImport, *, actor: ActorContext) -> Plan:
    """What the import would do to the registers as they are now."""
    return make_plan((Row(*cells) for cells in draft.rows), place=draft.jurisdiction, actor=actor)


def carry_out(draft: PeopleImport, *, actor: ActorContext, seen: str) -> PeopleImport:
    """Everything or nothing. `seen` is the digest of the plan the person looked at.

    Raises IllegalMove when a cell is refused, when the registers have changed since, or when it was settled already;
    carrying it out twice is a no-op.
    """
    _demand(actor, draft)
    try:
        with transaction.atomic():
            # one import at a time in a territory: the plan below is what is written
            Jurisdiction.objects.select_for_update().get(pk=draft.jurisdiction_id)
            draft = _locked(draft)
            if draft.state == ImportState.DONE:
                return draft
            if draft.state != ImportState.OPEN:
                raise IllegalMove(_("This import was thrown away; upload the file again."), draft)
            plan = plan_of(draft, actor=actor)
            if plan.problems:
                raise IllegalMove(_("Some cells are refused; nothing was brought in. Correct the file first."), draft)
            if plan.digest != seen:
                raise IllegalMove(
                    _("Units or people were changed in the meantime. Please look at the list again."), draft
                )
            counts = plan.counts
            entries = _write_units(plan.units, actor) + _write_people(plan.people, actor)
            draft.result = {**counts, "opened": [one.user.pk for one in plan.people if one.opened and one.user]}
            _settle(draft, ImportState.DONE)
            entries.append(
                build_entry(
                    subject=draft, action="import_people", actor=actor, audience="office", after=counts
                )
            )
            write_entries(entries)
    except IntegrityError as error:
        raise IllegalMove(
            _("Units or people were changed in the meantime. Please look at the list again."), draft
        ) from error
    return draft


def discard(draft: PeopleImport, *, actor: ActorContext) -> PeopleImport:
    """Thrown away: nothing was brought in, and the cells that were read are gone."""
    _demand(actor, draft)
    with transaction.atomic():
        draft = _locked(draft)
        if draft.state == ImportState.OPEN:
            _settle(draft, ImportState.DISCARDED)
            record(subject=draft, action="discard_people", actor=actor, audience="office")
    return draft


def slips(draft: PeopleImport, *, actor: ActorContext) -> list[tuple[User, str]]:
    """One-time passwords for the accounts this import opened whose people have never signed in."""
    _demand(actor, draft)
    waiting = User.objects.filter(pk__in=draft.result.get("opened", []), last_login=None, is_active=True)
    return accounts.issue_passwords(waiting, actor=actor)


def _write_units(plans: Iterable[UnitPlan], actor: ActorContext) -> list[Entry]:
    touched = [plan for plan in plans if plan.verdict != SAME]
    new = [plan.department for plan in touched if plan.department.pk is None]
    fresh = {unit.code for unit in new}
    Department.objects.bulk_create(new)
    changed = [plan.department for plan in touched if plan.changes]
    if changed:
        Department.objects.bulk_update(changed, ["short_name", "kind", "phone"])
    DepartmentAlias.objects.bulk_create(
        DepartmentAlias(department=plan.department, alias=alias) for plan in touched for alias in plan.aliases
    )
    return [
        build_entry(
            subject=plan.department,
            action="import_unit",
            actor=actor,
            before=None if plan.department.code in fresh else {one.label: one.before for one in plan.changes},
            after=_unit(plan.department) if plan.department.code in fresh
            else {**{one.label: one.after for one in plan.changes}, "aliases": plan.aliases},
        )
        for plan in touched
    ]  # fmt: skip


def _write_people(plans: Iterable[PersonPlan], actor: ActorContext) -> list[Entry]:
    touched = [plan for plan in plans if plan.verdict != SAME]
    opened = [plan for plan in touched if plan.new_account]
    for plan in opened:
        assert plan.user is not None
        # nobody can sign in before the slip with the one-time password is printed
        plan.user.password, plan.opened = make_password(None), True
    User.objects.bulk_create(plan.user for plan in opened if plan.user is not None)
    entries = [*_change_accounts(touched, actor), *_write_contacts(touched, actor)]
    entries += [
        build_entry(
            subject=plan.user, action="create_account", actor=actor, audience="office",
            after=accounts.described(plan.user),
        )
        for plan in opened if plan.user is not None
    ]  # fmt: skip
    roles = [role for plan in touched for role in plan.roles]
    for role in roles:
        # the keys of new rows are known only now
        role.user, role.department = role.user, role.department
    Membership.objects.bulk_create(roles)
    accounts.keep_doors({role.user_id for role in roles})
    return entries + [
        build_entry(subject=role, action="give_role", actor=actor, audience="office", after=accounts.role_words(role))
        for role in roles
    ]


def _change_accounts(plans: Iterable[PersonPlan], actor: ActorContext) -> list[Entry]:
    entries, users = [], []
    for plan in plans:
        if plan.user is not None and plan.account_changes:
            before = accounts.described(plan.user)
            for name, value in plan.account_changes.items():
                setattr(plan.user, name, value)
            users.append(plan.user)
            entries.append(
                build_entry(
                    subject=plan.user, action="change_account", actor=actor, audience="office", before=before,
                    after=accounts.described(plan.user),
                )
            )  # fmt: skip
    if users:
        User.objects.bulk_update(users, ["email", "phone"])
    return entries


def _write_contacts(plans: Iterable[PersonPlan], actor: ActorContext) -> list[Entry]:
    new: list[Contact] = []
    changed: list[Contact] = []
    entries: list[tuple[Contact, dict[str, str] | None, dict[str, str]]] = []
    for plan in plans:
        contact, told = plan.contact, {one.label: one.after for one in plan.changes}
        linked = plan.user is not None and contact.user_id is None
        if linked:
            contact.user = plan.user
        if contact.pk is None:
            contact.department = plan.unit
            new.append(contact)
        elif plan.changes or linked:
            changed.append(contact)
        else:
            continue
        before = None if contact.pk is None else {one.label: one.before for one in plan.changes}
        entries.append((contact, before, {"unit": str(plan.unit), "name": contact.name, **told}))
    Contact.objects.bulk_create(new)
    if changed:
        Contact.objects.bulk_update(changed, ["user", "post", "phone", "mobile", "email"])
    return [
        build_entry(subject=row, action="import_contact", actor=actor, before=before, after=after)
        for row, before, after in entries
    ]


def _unit(unit: Department) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "short_name": unit.short_name, "kind": unit.kind, "phone": unit.phone}


def _locked(draft: PeopleImport) -> PeopleImport:
    return PeopleImport.objects.select_for_update(of=("self",)).select_related("jurisdiction", "file").get(pk=draft.pk)


def _settle(draft: PeopleImport, state: ImportState) -> None:
    draft.state, draft.rows, draft.settled_at = state, [], timezone.now()
    draft.save(update_fields=["state", "rows", "result", "settled_at"])


def _demand(actor: ActorContext, draft: PeopleImport) -> None:
    decision = can(actor, "edit", draft)
    if not decision:
        raise NotAllowed(decision.reason, draft)
