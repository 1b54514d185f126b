"""The sealer: chains journal entries by hash after the event, and checks the chain.

Sealing inside the business transaction would either fork the chain or make every writer wait for every other
one. So entries are written freely, and one sealer at a time (advisory lock) appends links behind them.

What the chain proves: whoever changes or removes a sealed entry breaks it. Whoever can rewrite the whole
chain is caught by the last hash noted down elsewhere (``verify_journal`` prints it). A new entry is sealed when
it appears, so one that pretends to be old stands in the chain after younger ones.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from qualitycity.sealing.canonical import canonical_json

from .models import Entry, Seal

GENESIS: Final = "0" * 64
#: Any fixed number: the name of the sealer's advisory lock in this database.
LOCK: Final = 0x510A5EA1
#: How far behind the last sealed entry the frequent job looks for late ones. An entry gets its number an
#: instant before its transaction gets an id; only a writer stopped in that instant can fall behind at all.
LOOK_BACK: Final = 1_000
#: A row may be passed when no running transaction is as old as its own: then no entry can still appear before
#: it. An id this server has not given out yet comes from a restored backup, and nobody is writing there.
_SETTLED: Final = """(
    audit_entry.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    OR audit_entry.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
)"""
_UNSEALED: Final = ~Exists(Seal.objects.filter(entry_id=OuterRef("pk")))
#: Everything but ``xid``, which is the sealer's own tool and means nothing on another server.
_SEALED_FIELDS: Final = tuple(field.attname for field in Entry._meta.concrete_fields if field.name != "xid")


@dataclass(frozen=True, slots=True)
class Problem:
    """One break found by ``verify``. ``seq`` is the link, ``entry_id`` the journal entry it stands for."""

    seq: int | None
    entry_id: int
    sentence: str

    def __str__(self) -> str:
        place = f"entry {self.entry_id}" if self.seq is None else f"seal {self.seq}, entry {self.entry_id}"
        return f"{place}: {self.sentence}"


def seal_pending(limit: int = 5000, *, complete: bool = False) -> int:
    """Append up to ``limit`` settled entries to the chain, by number; returns how many.

    Returns 0 at once when another sealer is at work. ``complete`` looks at the whole journal for entries
    without a seal instead of the newest part only.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = head()
        previous, seq = (last.hash, last.seq) if last else (GENESIS, 0)
        pending = _settled().filter(_UNSEALED)
        if not complete:
            newest = Seal.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
            pending = pending.filter(pk__gt=newest - LOOK_BACK)
        seals = []
        for entry in pending.order_by("pk")[:limit]:
            seq += 1
            seal = Seal(seq=seq, entry_id=entry.pk, prev_hash=previous, hash=link_hash(previous, entry))
            previous = seal.hash
            seals.append(seal)
        Seal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)


def link_hash(previous: str, entry: Entry) -> str:
    """SHA-256 over the previous link's hash and the canonical JSON of every fact in the entry."""
    text = canonical_json({name: getattr(entry, name) for name in _SEALED_FIELDS})
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def verify() -> list[Problem]:
    """Walk the whole chain and return every break, in order; an empty list: the sealed journal is intact.

    Found are: a changed or removed entry, a changed, removed or inserted link, and an entry slipped in among
    sealed ones. Entries the sealer has not reached yet are not looked at (see ``unsealed_count``). Memory
    does not grow with the journal.
    """
    problems: list[Problem] = []
    previous, expected = GENESIS, 1
    for seal, entry in _links():
        if seal.seq != expected:
            problems.append(
                Problem(seal.seq, seal.entry_id, f"links {expected} to {seal.seq - 1} are missing")
            )
        elif seal.prev_hash != previous:
            problems.append(Problem(seal.seq, seal.entry_id, "does not continue the link before it"))
        if entry is None:
            problems.append(Problem(seal.seq, seal.entry_id, "the entry was removed"))
        elif link_hash(seal.prev_hash, entry) != seal.hash:
            problems.append(Problem(seal.seq, seal.entry_id, "the entry or its seal was changed"))
        previous, expected = seal.hash, seal.seq + 1
    newest = Seal.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    slipped_in = _settled().filter(_UNSEALED, pk__lt=newest).order_by("pk").values_list("pk", flat=True)
    problems.extend(
        Problem(None, pk, "has no seal although later entries have one") for pk in slipped_in[:100]
    )
    return problems


def unsealed_count() -> int:
    """Entries behind the last link. More than a few seconds' worth means that the sealer does not run."""
    return Entry.objects.filter(_UNSEALED).count()


def head() -> Seal | None:
    """The last link. Its number and hash, noted down outside the database, pin the whole chain."""
    return Seal.objects.order_by("-seq").first()


def _settled() -> QuerySet[Entry]:
    return Entry.objects.annotate(settled=RawSQL(_SETTLED, [])).filter(settled=True)


def _links(size: int = 2000) -> Iterator[tuple[Seal, Entry | None]]:
    after = 0
    while seals := list(Seal.objects.filter(seq__gt=after).order_by("seq")[:size]):
        entries = Entry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            yield seal, entries.get(seal.entry_id)
        after = seals[-1].seq
