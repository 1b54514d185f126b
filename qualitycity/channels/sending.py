"""The one place that opens a connection to an outside channel.

What can go wrong is told apart by one question: did anything leave? Before the connection stood nothing did
(``NotSent``, the outbox tries again); afterwards, without an answer, nobody knows (``Unclear``, a person decides).
Addresses hold keys, and messages of network libraries hold addresses: both stay out of every error and log.
"""

from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from qualitycity.outbox.registry import GiveUp, NotSent

from .addresses import named_by_operator, outside_address
from .prepared import Answer, Prepared

CONNECT: Final = 5  # seconds
READ: Final = 10  # seconds between two pieces of the answer
LONGEST: Final = 16 * 1024  # bytes of an answer; what follows is not read


class Unclear(Exception):
    """Nobody can say whether the message went out."""


def send(request: Prepared, *, trusted: bool = False) -> Answer:
    """Sends once, follows no redirect, and returns the answer whatever it says.

    `trusted`: the address was written by the operator himself and may lie inside the house.
    """
    parts = urlsplit(request.url)
    host = (parts.hostname or "").lower()
    named = named_by_operator(host, parts.port)
    adapter = _Adapter(guarded=not (trusted or named))
    # a proxy leads out of the house; what the operator has named is reached directly
    proxy = "" if named else settings.PORTAL_CHANNEL_PROXY
    try:
        with requests.Session() as session:
            # neither proxies nor passwords from the surroundings of the process: what is used stands in the settings
            session.trust_env = False
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            answer = session.request(
                request.method,
                request.url,
                data=request.body,
                headers={"User-Agent": "quality-city-portal", **request.headers},
                timeout=(CONNECT, READ),
                allow_redirects=False,
                stream=True,
                proxies={"https": proxy, "http": proxy} if proxy else {},
                verify=settings.PORTAL_CHANNEL_CA or True,
            )
            text = answer.raw.read(LONGEST, decode_content=True).decode("utf-8", "replace")
            return Answer(answer.status_code, text)
    except (NotSent, GiveUp):
        raise
    except Exception as error:
        kind = error.__class__.__name__
        if adapter.reached:
            raise Unclear(
                _("%(host)s gave no answer after the message was sent (%(kind)s).") % {"host": host, "kind": kind}
            ) from None
        raise NotSent(_("%(host)s was not reached (%(kind)s).") % {"host": host, "kind": kind}) from None


class _Adapter(HTTPAdapter):
    """Connections that say when they stand, and – `guarded` – lead nowhere inside the house. For one request only."""

    def __init__(self, *, guarded: bool) -> None:
        self.guarded = guarded
        self.reached = False
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._watch(self.poolmanager, self.guarded)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        # the proxy, named by the operator, finds the host; what may be asked of it was checked by name
        self._watch(manager, False)
        return manager

    def _watch(self, manager: Any, guarded: bool) -> None:
        adapter = self

        class Watched:
            def _new_conn(self) -> Any:
                if not guarded:
                    return super()._new_conn()  # type: ignore[misc]
                name = self.host  # type: ignore[has-type]
                self.host = outside_address(name, self.port)  # type: ignore[attr-defined]
                try:
                    return super()._new_conn()  # type: ignore[misc]
                finally:
                    self.host = name  # the name is what the certificate is checked against

            def connect(self) -> None:
                super().connect()  # type: ignore[misc]
                adapter.reached = True

        plain = type("WatchedConnection", (Watched, HTTPConnection), {})
        secure = type("WatchedSecureConnection", (Watched, HTTPSConnection), {})
        manager.pool_classes_by_scheme = {
            "http": type("WatchedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("WatchedSecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
