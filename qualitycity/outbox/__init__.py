"""Outbox 发件箱: work to be done after a business transaction, written inside that transaction.

A message is a row. The row is the truth; Celery and Redis only ring a bell so that somebody looks at the table
soon. Whatever becomes of the broker, a committed message is delivered, and an effect inside the database
happens once.

Where things live: ``messages`` (write a message, retry one), ``inbox`` (in-portal notices, which need no
worker), ``registry`` (who handles which kind), ``drain`` (claim and run), ``doorbell``, ``health``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inbox import post_inbox
    from .messages import enqueue, retry
    from .registry import GiveUp, NotSent, handler

__all__ = ["GiveUp", "NotSent", "enqueue", "handler", "post_inbox", "retry"]


def __getattr__(name: str) -> Any:
    # Read on first use: Django imports this package before models may be imported.
    if name in __all__:
        from . import inbox, messages, registry

        for module in (messages, inbox, registry):
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(name)
