"""Who signs a request for extension (延期), and whom the portal may tell about it."""

from collections.abc import Collection, Iterable
from typing import Any

from programs.models import Extension
from taskforce.choices import Role

from ..people import unit_people
from .item_people import allowed_to_hear, named_people


def named_for(rows: Collection[Extension]) -> dict[int, set[int]]:
    """Restricted item → accounts named for it, of the items that the requests are about; at most one query."""
    return named_people(row.item_part.item for row in rows if row.item_part is not None)


def heard(row: Extension, people: Iterable[int], named: dict[int, set[int]]) -> set[int]:
    """Of these people, those whom a notice about the request may reach."""
    if row.item_part is None:
        return set(people)
    return allowed_to_hear(row.item_part.item, set(people), named)


def signers(rows: Collection[Extension], named: dict[int, set[int]] | None = None) -> dict[Any, set[int]]:
    """Request → heads of the unit who may sign it: not who filed it, of a restricted item only who is named for it.
    Where there is none the office countersigns. A constant number of queries."""
    heads = unit_people({row.department_id for row in rows}, Role.UNIT_HEAD)
    named = named_for(rows) if named is None else named
    return {row.pk: heard(row, heads[row.department_id] - {row.filed_by_id}, named) for row in rows}
