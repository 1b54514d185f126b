"""What floors above this one let a 调整单 change: targets of indicators. Registered by dotted path in `ADJUSTERS`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from programs.models import Task
from qualitycity.access import ActorContext


@dataclass(frozen=True)
class Target:
    """Something of a task with a figure: `key` names it among all adjusters, `words` is the figure in force."""

    key: str
    label: str
    words: str


class Adjuster(Protocol):
    """`name` begins the keys of its targets, "indicator-12"."""

    name: str

    def targets(self, task: Task) -> Sequence[Target]:
        """What of this task can be adjusted, in words; one query."""

    def worded(self, key: str, *, value: Decimal | None, words: str) -> str:
        """The new figure as it will stand."""

    def adjust(self, key: str, *, value: Decimal | None, words: str, actor: ActorContext, reason: str) -> None:
        """Writes it; what was printed is kept where it is. Raises Refused."""


def adjusters() -> Mapping[str, Adjuster]:
    found = (import_string(path) for path in settings.ADJUSTERS)
    return {adjuster.name: adjuster for adjuster in found}


def targets_of(task: Task) -> list[Target]:
    return [target for adjuster in adjusters().values() for target in adjuster.targets(task)]


def adjuster_of(key: str) -> Adjuster | None:
    return adjusters().get(key.partition("-")[0])
