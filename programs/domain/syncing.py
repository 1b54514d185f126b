"""Keeps printed rows (原文) like the facts they come from, and nothing else: what the office added is never touched."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from taskforce.choices import Origin

Row = TypeVar("Row", bound=models.Model)


class LoadError(ValueError):
    """The facts cannot be taken over without touching what the office or the units have done. Names the row."""


@dataclass(frozen=True)
class Tally:
    """How many rows a load has touched."""

    created: int = 0
    updated: int = 0
    removed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.created + other.created, self.updated + other.updated, self.removed + other.removed)

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.removed)


def sync(
    rows: models.QuerySet[Row],
    *,
    key: tuple[str, ...],
    wanted: Iterable[Mapping[str, Any]],
    settled: Callable[[Any], set[str]] = lambda row: set(),
    removable: Callable[[Any], bool] = lambda row: True,
) -> tuple[dict[tuple[Any, ...], Row], Tally]:
    """Make the printed ones among `rows` equal to `wanted` (full values by field or column name).

    `key` names the fields that identify a row. `settled` gives the fields of a row that the office has since decided;
    they stay. `removable` says whether a row that is no longer wanted may go; if not, LoadError. Returns the wanted
    rows by key, and what was touched. Runs in the caller's transaction.
    """
    present = {tuple(getattr(row, name) for name in key): row for row in rows}
    found: dict[tuple[Any, ...], Row] = {}
    new: list[Row] = []
    updated = 0
    for values in wanted:
        at = tuple(values[name] for name in key)
        row = present.pop(at, None)
        if row is None:
            row = rows.model(**values)
            _check(row)
            new.append(row)
        elif not _printed(row):
            raise LoadError(f"{row._meta.verbose_name} “{row}”: the office has entered it already")
        else:
            decided = settled(row)
            updated += mend(row, {name: value for name, value in values.items() if name not in decided})
        found[at] = row
    gone = [row for row in present.values() if _printed(row)]
    for row in gone:
        if not removable(row):
            raise LoadError(f"{row._meta.verbose_name} “{row}” is in use; the facts no longer hold it")
        row.delete()
    rows.model._default_manager.bulk_create(new)
    return found, Tally(len(new), updated, len(gone))


def quoted(row: Any) -> dict[str, str]:
    """The quotation of a fact for a row's column; facts without one leave the column alone."""
    return {"quote": row.quote} if row.quote is not None else {}


def keep(
    rows: models.QuerySet[Row], *, key: Mapping[str, Any], values: Mapping[str, Any], first: Mapping[str, Any]
) -> tuple[Row, Tally]:
    """The one row found by `key`, made to hold `values`; a new one also gets `first` (what later belongs to others)."""
    row = rows.select_for_update(of=("self",)).filter(**key).first()
    if row is not None:
        return row, Tally(updated=mend(row, values))
    row = rows.model(**key, **values, **first)
    _check(row)
    row.save(force_insert=True)
    return row, Tally(created=1)


def mend(row: models.Model, values: Mapping[str, Any]) -> int:
    """Write those of `values` that differ, with the next row version; 1 if there were any, else 0."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return 0
    for name in changed:
        setattr(row, name, values[name])
    _check(row)
    if hasattr(row, "row_version"):
        row.row_version += 1
        changed.append("row_version")
    row.save(update_fields=changed)
    return 1


def _printed(row: models.Model) -> bool:
    return getattr(row, "origin", Origin.PRINTED) == Origin.PRINTED


def _check(row: models.Model) -> None:
    """Lengths, choices and the like, before the database says it less clearly. Relations are checked by the caller."""
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
    try:
        row.clean_fields(exclude=relations | {"id"})
    except ValidationError as error:
        said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise LoadError(f"{row._meta.verbose_name} “{row}”: {said}") from error
