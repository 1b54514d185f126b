"""Buttons of a page, from the transition tables: what this person can do with this object now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qualitycity.access import ActorContext
from qualitycity.workflow import Machine, available

from .moves import Step


@dataclass(frozen=True)
class Button:
    """One move. `asks`: its page is opened first, for a reason or a second look; otherwise it is sent at once."""

    action: str
    label: Any
    url: str
    asks: bool


def buttons(machine: Machine, obj: Any, actor: ActorContext, steps: Mapping[str, Step], url: str) -> list[Button]:
    """Moves that have a page step, in the order of the table."""
    return [
        Button(move.action, move.label, url, move.reason_required or steps[move.action].asks)
        for move in available(machine, obj, actor)
        if move.action in steps
    ]
