"""Where may be sent to: the services' own hosts, and what the operator has named; never an address inside the house.

An address is typed by a person of an office. Without this guard it would let him make the portal call machines that
only the portal reaches.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from qualitycity.outbox.registry import GiveUp, NotSent


class Forbidden(GiveUp):
    """The portal does not send there; the sentence says why."""


def named_by_operator(host: str, port: int | None) -> bool:
    """In PORTAL_CHANNEL_HOSTS, as `host` or `host:port`: may be inside the house, and may be plain HTTP."""
    return host in settings.PORTAL_CHANNEL_HOSTS or f"{host}:{port}" in settings.PORTAL_CHANNEL_HOSTS


def check(url: str, *, published: str) -> None:
    """Raises Forbidden unless `url` is https at the host `published`, or at one that the operator has named."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise Forbidden(_("This is no address of a robot.")) from error
    if parts.scheme not in ("https", "http") or not host or any(ord(letter) <= 32 for letter in url):
        raise Forbidden(_("This is no address of a robot."))
    if parts.username or parts.password:
        raise Forbidden(_("An address with a name and password in it is not taken."))
    if named_by_operator(host, port):
        return
    if parts.scheme != "https" or port not in (None, 443):
        raise Forbidden(_("The address must begin with https:// and have no port of its own."))
    if host != published:
        raise Forbidden(
            _("The address must be one of %(host)s. Another server has to be named by the operator of the portal first.")
            % {"host": published}
        )


def outside_address(host: str, port: int) -> str:
    """The IP address to connect to; every address the name has must lie outside the house.

    Asked when connecting, and the answer is what is connected to: a name that says one thing when it is checked and
    another when it is used gains nothing.
    """
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise NotSent(_("The name %(host)s was not found.") % {"host": host}) from error
    for address in found:
        if not ipaddress.ip_address(str(address).partition("%")[0]).is_global:
            raise Forbidden(_("%(host)s leads to an address inside the house; nothing was sent.") % {"host": host})
    # IPv4 first: few government networks reach anything over IPv6
    return str(min(found, key=lambda address: (":" in str(address), str(address))))
