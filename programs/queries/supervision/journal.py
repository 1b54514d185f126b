"""办理过程 of a row of supervision: what the journal says of it, in words, for this reader."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from programs.queries.history import Event
from qualitycity.audit.models import Audience, Entry


def events(
    rows: Collection[tuple[Model, str]],
    words: Mapping[str, Mapping[str, Any]],
    *,
    good: Collection[str] = (),
    bad: Collection[str] = (),
    office: bool,
    unit: bool,
) -> list[Event]:
    """Newest first; one query. `rows`: (row, what it is beside the title, "" for the main one). `words`: by model label
    and action; an action that has none stands under its code. `office`, `unit`: the audiences the reader belongs to.
    """
    about = {(row._meta.label_lower, row.pk): name for row, name in rows}
    wanted = Q(pk__in=[])
    for kind in {kind for kind, _pk in about}:
        wanted |= Q(subject_type=kind, subject_id__in=[pk for name, pk in about if name == kind])
    readable = Q(audience=Audience.ALL)
    if unit or office:
        readable |= Q(audience=Audience.UNIT)
    if office:
        readable |= Q(audience=Audience.OFFICE)
    found = Entry.objects.filter(wanted & readable).order_by("-id")
    return [_event(entry, about[entry.subject_type, entry.subject_id], words, good, bad) for entry in found]


def _event(
    entry: Entry,
    about: str,
    words: Mapping[str, Mapping[str, Any]],
    good: Collection[str],
    bad: Collection[str],
) -> Event:
    title = str(words.get(entry.subject_type, {}).get(entry.action, entry.action))
    file = (entry.after or {}).get("file") or (entry.before or {}).get("file") or ""
    return Event(
        at=entry.at,
        title=f"{title}（{about}）" if about else title,
        who=entry.actor_label or _("The portal"),
        acting_for=entry.acting_for_label,
        note="\n".join(line for line in (file, entry.reason) if line),
        mark=_("office only") if entry.audience == Audience.OFFICE else "",
        tone="bad" if entry.action in bad else "good" if entry.action in good else "info",
    )
