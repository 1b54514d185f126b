"""Putting a message out of the house: to a group, a mobile number, a mailbox. Called by outbox handlers that have
committed `sending`; each returns when it is sent and otherwise says by the kind of its exception what is known."""

import smtplib

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _

from qualitycity.channels import addresses, robots, sms
from qualitycity.channels.sealed import Unreadable, unseal
from qualitycity.channels.sending import send
from qualitycity.outbox.registry import GiveUp, NotSent
from taskforce.models import Robot, User

from .channels import ADDRESS, SECRET


def to_group(robot: Robot, text: str) -> None:
    try:
        address = unseal(robot.address_sealed, purpose=ADDRESS)
        secret = unseal(robot.secret_sealed, purpose=SECRET) if robot.secret_sealed else ""
    except Unreadable:
        raise GiveUp(_("The stored address cannot be read any more. Please enter address and secret again.")) from None
    # the operator may have taken a host from the list since
    addresses.check(address, published=robots.published_host(robot.kind))
    request = robots.prepare(robot.kind, url=address, secret=secret, text=text, now=timezone.now())
    robots.judge(robot.kind, send(request))


def to_mobile(user: User, text: str, count: int) -> None:
    gateway, phone = sms.gateway(), sms.mobile(user.phone)
    if gateway is None or not phone:
        raise GiveUp(_("No short message can be sent to this person."))
    sms.judge(gateway, send(sms.prepare(gateway, phone=phone, text=text, count=count), trusted=True))


def to_mailbox(user: User, subject: str, body: str) -> None:
    connection = get_connection()
    mail = EmailMessage(subject=subject, body=body, to=[user.email], connection=connection)
    try:
        # an error while connecting: surely nothing went out, so it may be tried again
        connection.open()
    except OSError as error:
        raise NotSent(str(error)) from error
    with connection:
        try:
            connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            raise GiveUp(_("The mail server does not take mail for this address.")) from error
