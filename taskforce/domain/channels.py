"""消息渠道: robots of groups, messages to try them, and what a person chose for himself. Journalled without any key."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.channels import addresses, robots, sms
from qualitycity.channels.choices import RobotKind
from qualitycity.channels.sealed import seal
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import Message
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department, Jurisdiction, Robot, User

ADDRESS, SECRET = "robot-address", "robot-secret"
#: What a person can send himself to try it.
MAIL, SMS = "mail", "sms"


def check_address(kind: str, address: str) -> None:
    """Raises Forbidden or IllegalMove with the sentence."""
    addresses.check(address, published=robots.published_host(kind))
    # servers of one's own may have other paths
    if urlsplit(address).hostname == robots.published_host(kind) and not robots.looks_published(kind, address):
        raise IllegalMove(_("A part of the address is missing. Please copy the whole of it from the group's settings."))


def set_up_robot(
    *,
    actor: ActorContext,
    jurisdiction: Jurisdiction,
    department: Department | None = None,
    kind: str,
    name: str,
    address: str,
    secret: str = "",
) -> Robot:
    """A robot, switched off. Raises NotAllowed, IllegalMove, or Forbidden for an address that is not sent to."""
    place = department.jurisdiction if department else jurisdiction
    robot = Robot(jurisdiction=place, department=department, kind=kind, name=name.strip())
    actor = _demand(actor, robot)
    _keys(robot, address.strip(), secret.strip())
    try:
        with transaction.atomic():
            robot.save()
            record(subject=robot, action="set_up_robot", actor=actor, after=_described(robot), audience="office")
    except IntegrityError as error:
        raise IllegalMove(_("This group has a robot already."), robot) from error
    return robot


def change_robot(
    robot: Robot, *, actor: ActorContext, name: str, address: str = "", secret: str = "", unsigned: bool = False
) -> Robot:
    """Empty `address` and `secret` stay as they are; `unsigned` takes the secret away."""
    actor = _demand(actor, robot)
    with transaction.atomic():
        locked = _locked(robot)
        before = _described(locked)
        locked.name = name.strip()
        new_keys = bool(address.strip() or secret.strip() or (unsigned and locked.secret_sealed))
        if unsigned:
            locked.secret_sealed = ""
        _keys(locked, address.strip(), "" if unsigned else secret.strip())
        if new_keys or _described(locked) != before:
            locked.save(update_fields=["name", "address_sealed", "address_hint", "secret_sealed"])
            after = _described(locked) | {"new_keys": new_keys}
            record(
                subject=locked, action="change_robot", actor=actor, before=before, after=after, audience="office"
            )
    return locked


def switch_robot(robot: Robot, *, actor: ActorContext, on: bool) -> Robot:
    actor = _demand(actor, robot)
    with transaction.atomic():
        locked = _locked(robot)
        if locked.active != on:
            locked.active = on
            locked.save(update_fields=["active"])
            action = "switch_robot_on" if on else "switch_robot_off"
            record(subject=locked, action=action, actor=actor, after=_described(locked), audience="office")
    return locked


def remove_robot(robot: Robot, *, actor: ActorContext) -> None:
    """The row goes with its keys; the journal keeps that there was one."""
    actor = _demand(actor, robot)
    with transaction.atomic():
        locked = Robot.objects.select_for_update(of=("self",)).filter(pk=robot.pk).first()
        if locked is not None:
            record(subject=locked, action="remove_robot", actor=actor, before=_described(locked), audience="office")
            locked.delete()


def try_robot(robot: Robot, *, actor: ActorContext) -> Message | None:
    """A message that says it is a trial; also while the robot is off. Once a minute: a double click sends one."""
    actor = _demand(actor, robot)
    with transaction.atomic():
        locked = _locked(robot)
        key = f"robot:{locked.pk}:test:{timezone.localtime():%Y%m%d%H%M}"
        message = enqueue("channel.test", key=key, queue="mail", payload={"robot": locked.pk})
        if message is not None:
            locked.last_message_id = message.pk
            locked.save(update_fields=["last_message"])
            record(subject=locked, action="try_robot", actor=actor, audience="office")
    return message


def note_latest(keys: Mapping[int, str]) -> None:
    """Robot → key of the message written for it: its page shows how that went, unless a later one was sent."""
    if not keys:
        return
    written = dict(Message.objects.filter(dedup_key__in=list(keys.values())).values_list("dedup_key", "pk"))
    stale = []
    for robot in Robot.objects.filter(pk__in=list(keys)).only("last_message_id").order_by("pk"):
        latest = written.get(keys[robot.pk])
        if latest is not None and (robot.last_message_id or 0) < latest:
            robot.last_message_id = latest
            stale.append(robot)
    Robot.objects.bulk_update(stale, ["last_message"])


def try_own(user: User, *, channel: str) -> Message | None:
    """A trial by e-mail or short message to oneself, once a minute."""
    why = unreachable(user, channel)
    if why:
        raise IllegalMove(why, user)
    key = f"{own_tests(user, channel)}{timezone.localtime():%Y%m%d%H%M}"
    with transaction.atomic():
        return enqueue("channel.test", key=key, queue="mail", payload={"user": user.pk, "channel": channel})


def own_tests(user: User, channel: str) -> str:
    """How the keys of such trials begin."""
    return f"test:{channel}:{user.pk}:"


def unreachable(user: User, channel: str) -> str:
    """Why nothing can be sent to this person by the channel, "" when it can."""
    if channel == MAIL:
        if not settings.PORTAL_MAIL_ENABLED:
            return _("E-mail is not set up on this portal.")
        return "" if user.email else _("No e-mail address is entered for you. Please ask the office.")
    if sms.gateway() is None:
        return _("Short messages are not set up on this portal.")
    return "" if sms.mobile(user.phone) else _("No mobile number is entered for you. Please ask the office.")


def choose_channels(*, user: User, mail: bool | None, sms: bool | None) -> None:
    """Who wants to be told by e-mail and by short message; `None` leaves as it is. A preference, not journalled."""
    chosen = {name: on for name, on in (("mail_digest", mail), ("sms_digest", sms)) if on is not None}
    if chosen:
        User.objects.filter(pk=user.pk).update(**chosen)


def _keys(robot: Robot, address: str, secret: str) -> None:
    if address:
        check_address(robot.kind, address)
        robot.address_sealed = seal(address, purpose=ADDRESS)
        robot.address_hint = f"{urlsplit(address).hostname} …{address[-4:]}"
    if secret:
        if robot.kind not in robots.SIGNED:
            raise IllegalMove(_("%(service)s knows no signing secret: its key stands in the address.")
                              % {"service": RobotKind(robot.kind).label}, robot)  # fmt: skip
        robot.secret_sealed = seal(secret, purpose=SECRET)


def _locked(robot: Robot) -> Robot:
    locked = Robot.objects.select_for_update(of=("self",)).filter(pk=robot.pk).first()
    if locked is None:
        raise IllegalMove(_("This robot has been removed in the meantime."), robot)
    return locked


def _described(robot: Robot) -> dict[str, Any]:
    return {
        "kind": robot.kind,
        "name": robot.name,
        "whose": robot.whose,
        "address": robot.address_hint.partition(" ")[0],
        "signed": bool(robot.secret_sealed),
        "active": robot.active,
    }


def _demand(actor: ActorContext, robot: Robot) -> ActorContext:
    """The actor, marked "A for B" where he stands in for the administrator."""
    decision = can(actor, "edit", robot)
    if not decision:
        raise NotAllowed(decision.reason, robot)
    return actor.on_behalf(decision.grant)
