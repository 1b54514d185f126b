"""Accounts: opened by the system administrator, given roles by the office, closed but never deleted. All journalled.

Rights come from roles (`Membership`); `is_staff` only opens the door of the registers and follows from the roles.
"""

import secrets
from collections.abc import Collection
from datetime import date

from axes.models import AccessAttempt
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import build_entry, record, write_entries
from qualitycity.outbox.inbox import post_inbox
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.models import Department, Jurisdiction, Membership, User

#: Without characters that are taken for one another on paper or on the phone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LENGTH = 3, 5
#: Rounds of hashing for random one-time passwords issued in bulk.
QUICK = 20_000
#: Roles that have something to do in the registers.
STAFF = frozenset({Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.AUDITOR})


def readable_password() -> str:
    """A one-time password that can be read out: three groups of five, about 74 bits."""
    groups = ("".join(secrets.choice(ALPHABET) for _letter in range(LENGTH)) for _group in range(GROUPS))
    return "-".join(groups)


def create_account(
    *, actor: ActorContext, username: str, full_name: str, email: str = "", phone: str = ""
) -> tuple[User, str]:
    """A new account without any role, and its one-time password, which is stored nowhere in the clear.

    Raises IllegalMove for a name that is taken or empty, NotAllowed for whoever does not open accounts.
    """
    user = User(
        username=User.normalize_username(username.strip()),
        full_name=full_name.strip(),
        email=User.objects.normalize_email(email.strip()),
        phone=phone.strip(),
        must_change_password=True,
    )
    _demand(actor, "create", user)
    password = readable_password()
    user.set_password(password)
    try:
        user.full_clean()
        with transaction.atomic():
            user.save()
            record(subject=user, action="create_account", actor=actor, after=described(user), audience="office")
    except (ValidationError, IntegrityError) as error:
        raise IllegalMove(_sentence(error), user) from error
    return user, password


def change_account(
    user: User, *, actor: ActorContext, full_name: str, email: str, phone: str
) -> User:
    """Name, e-mail and telephone. The name of the account stays: the journal speaks of it."""
    _demand(actor, "edit", user)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        before = described(locked)
        locked.full_name, locked.email, locked.phone = full_name.strip(), email.strip(), phone.strip()
        if described(locked) != before:
            locked.save(update_fields=["full_name", "email", "phone"])
            record(
                subject=locked, action="change_account", actor=actor, before=before, after=described(locked),
                audience="office",
            )
    return locked


def give_role(
    *,
    actor: ActorContext,
    user: User,
    role: str,
    jurisdiction: Jurisdiction,
    department: Department | None = None,
    leader: User | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Membership:
    """任职 from a day on. Unit roles need a department of the jurisdiction, a secretary the leader served."""
    row = Membership(
        user=user,
        role=role,
        jurisdiction=jurisdiction,
        department=department,
        leader=leader,
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
    )
    check_role(row)
    _demand(actor, "edit", row)
    try:
        with transaction.atomic():
            row.full_clean()
            row.save()
            _keep_door(user)
            record(subject=row, action="give_role", actor=actor, after=role_words(row), audience="office")
    except (ValidationError, IntegrityError) as error:
        raise IllegalMove(_sentence(error), row) from error
    return row


def check_role(row: Membership) -> None:
    """Does the role fit unit and leader? Raises IllegalMove with the sentence."""
    if row.role in Role.unit_roles() and row.department is None:
        raise IllegalMove(_("This role is held in a unit; please choose the unit."), row)
    if row.role not in Role.unit_roles() and row.department is not None:
        raise IllegalMove(_("This role is held in a jurisdiction, not in a unit."), row)
    if row.department is not None and not row.department.jurisdiction.path.startswith(row.jurisdiction.path):
        raise IllegalMove(_("The unit belongs to another jurisdiction."), row)
    if row.role == Role.SECRETARY and row.leader is None:
        raise IllegalMove(_("Please say whose secretary this is."), row)
    if row.role != Role.SECRETARY and row.leader is not None:
        raise IllegalMove(_("Only a secretary serves a leader."), row)


def end_role(row: Membership, *, actor: ActorContext, last_day: date | None = None) -> Membership:
    """Ends a role after `last_day` (by default yesterday, so that it holds no longer today)."""
    _demand(actor, "edit", row)
    until = timezone.localdate() if last_day is None else date.fromordinal(last_day.toordinal() + 1)
    with transaction.atomic():
        locked = Membership.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.valid_until is not None and locked.valid_until <= until:
            return locked
        before = role_words(locked)
        if until <= locked.valid_from:
            # a role that never held: nothing happened under it, and the table wants a span of at least a day
            record(subject=locked, action="withdraw_role", actor=actor, before=before, audience="office")
            locked.delete()
        else:
            locked.valid_until = until
            locked.save(update_fields=["valid_until"])
            after = role_words(locked)
            record(subject=locked, action="end_role", actor=actor, before=before, after=after, audience="office")
        _keep_door(locked.user)
    return locked


def reset_password(user: User, *, actor: ActorContext) -> str:
    """A new one-time password. Whoever is signed in with the account is out at his next step: every session carries a
    mark of the password it began with."""
    _demand(actor, "reset_password", user)
    password = readable_password()
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.set_password(password)
        locked.must_change_password = True
        locked.save(update_fields=["password", "must_change_password"])
        entry = record(subject=locked, action="reset_password", actor=actor, audience="office")
        _tell(locked, "password", entry.pk, f"{actor.label}为您重设了密码", "如果不是您要求的，请立即告诉办公室。")
    return password


def issue_passwords(users: QuerySet[User], *, actor: ActorContext) -> list[tuple[User, str]]:
    """One-time passwords for many who have never signed in, by name of the account; all of them or none.

    These passwords are random (74 bits), so that they need no slow hash against guessing; Django raises it to the
    usual one at the first sign-in, after which the person chooses his own.
    """
    with transaction.atomic():
        locked = list(
            users.select_for_update(of=("self",)).prefetch_related("memberships__jurisdiction").order_by("username")
        )
        made = []
        for user in locked:
            _demand(actor, "reset_password", user)
            password = readable_password()
            user.password, user.must_change_password = _quick_hash(password), True
            made.append((user, password))
        if locked:
            User.objects.bulk_update(locked, ["password", "must_change_password"])
        write_entries(
            build_entry(subject=user, action="issue_password", actor=actor, audience="office") for user in locked
        )
    return made


def _quick_hash(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=QUICK)
    return hasher.encode(password, hasher.salt())


def unlock(user: User, *, actor: ActorContext) -> User:
    """Ends the pause after too many wrong passwords, on every computer. The password stays."""
    _demand(actor, "look_after", user)
    with transaction.atomic():
        gone, _kinds = AccessAttempt.objects.filter(username=user.username).delete()
        if gone:
            entry = record(subject=user, action="unlock_account", actor=actor, audience="office")
            _tell(
                user, "unlocked", entry.pk, f"{actor.label}解除了您账号的登录暂停",
                "此前有人多次输错您的密码。如果不是您本人，请立即修改密码，并告诉办公室。",
            )  # fmt: skip
    return user


def _tell(user: User, what: str, entry: int, title: str, body: str) -> None:
    """A notice in the inbox; the journal's entry names the event."""
    post_inbox(recipient_ids=[user.pk], kind="account", key=f"account:{what}:{entry}", title=title, body=body)


def deactivate(user: User, *, actor: ActorContext) -> User:
    """Closes an account: no sign-in any more, open sessions end; what the person did stays under the name."""
    return _switch(user, actor=actor, on=False)


def reactivate(user: User, *, actor: ActorContext) -> User:
    return _switch(user, actor=actor, on=True)


def _switch(user: User, *, actor: ActorContext, on: bool) -> User:
    if user.pk == actor.user_id:
        raise NotAllowed(_("Nobody closes his own account."), user)
    _demand(actor, "look_after", user)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.is_active != on:
            locked.is_active = on
            locked.save(update_fields=["is_active"])
            record(subject=locked, action="reactivate" if on else "deactivate", actor=actor, audience="office")
    return locked


def _keep_door(user: User) -> None:
    keep_doors([user.pk])


def keep_doors(users: Collection[int]) -> None:
    """`is_staff` as the roles of today and later want it; the accounts by their keys."""
    roles = Membership.objects.exclude(valid_until__lte=timezone.localdate()).filter(role__in=STAFF)
    User.objects.filter(pk__in=users).update(is_staff=Exists(roles.filter(user=OuterRef("pk"))))


def _demand(actor: ActorContext, action: str, obj: User | Membership) -> None:
    decision = can(actor, action, obj)
    if not decision:
        raise NotAllowed(decision.reason, obj)


def described(user: User) -> dict[str, str]:
    return {"username": user.username, "full_name": user.full_name, "email": user.email, "phone": user.phone}


def role_words(row: Membership) -> dict[str, str | None]:
    return {
        "role": row.role,
        "where": str(row.department or row.jurisdiction),
        "leader": str(row.leader) if row.leader else None,
        "from": row.valid_from.isoformat(),
        "until": row.valid_until.isoformat() if row.valid_until else None,
    }


def _sentence(error: ValidationError | IntegrityError) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("The same entry exists already.")
