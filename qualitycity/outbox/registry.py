"""Who handles which kind of message. Each app's ``jobs`` module registers its handlers when it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from .models import Message

Function = TypeVar("Function", bound=Callable[..., Any])


class NotSent(Exception):
    """Raised by an outside handler that knows nothing left the house: the message is tried again later."""


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help (right withdrawn, object gone): parked at once."""


@dataclass(frozen=True, slots=True)
class Handler:
    kind: str
    run: Callable[..., Any]
    outside: bool
    prepare: Callable[[Message], Any] | None
    on_parked: Callable[[Message], Any] | None


_handlers: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    outside: bool = False,
    prepare: Callable[[Message], Any] | None = None,
    on_parked: Callable[[Message], Any] | None = None,
) -> Callable[[Function], Function]:
    """Register the decorated function for messages of ``kind``.

    Three shapes:

    - plain: ``run(message)`` inside a transaction; its effect and ``done`` commit together, once;
    - ``prepare=``: ``prepare(message)`` runs first, outside any transaction (long computations, child
      processes), then ``run(message, result)`` inside the transaction, only if the lease is still held;
    - ``outside=True``: ``run(message)`` has an effect that cannot be rolled back (e-mail). ``sending`` is
      committed before the call. It returns when sent, raises ``NotSent`` when surely not sent; any other
      exception, or a crash, leaves the message ``doubtful`` for a person to decide.

    ``on_parked(message)`` runs in the transaction that parks a message for good, to mark its object as
    failed; ``message.last_error`` says why.
    """
    if outside and prepare is not None:
        raise ValueError("an outside handler computes before it sends, within itself")

    def register(function: Function) -> Function:
        former = _handlers.get(kind)
        if former is not None and former.run is not function:
            raise ValueError(f"two handlers for outbox messages of kind {kind!r}")
        _handlers[kind] = Handler(kind, function, outside, prepare, on_parked)
        return function

    return register


def handler_for(kind: str) -> Handler:
    """The handler of ``kind``; raises ``KeyError`` for a kind that this process does not know."""
    return _handlers[kind]


def known(kind: str) -> bool:
    return kind in _handlers


def outside_kinds() -> list[str]:
    """Kinds whose effect leaves the house: e-mail and the like."""
    return sorted(kind for kind, known in _handlers.items() if known.outside)


def kinds() -> list[str]:
    return sorted(_handlers)
