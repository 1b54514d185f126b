"""提醒: computed as "what should have fired by now" against the delivery log; nothing depends on one moment of the day.

For each date only the latest rung that has passed is told: after an outage one digest arrives, not a storm. A rung
that passed before the matter was assigned is not made up. One digest per person and day, in the inbox and – where an
outside channel is on – a word there that says how many matters wait and nothing of their content. Nothing automatic
goes to a leader.

Where things live, low to high: ``matters`` (what is reminded of, and the registry of sources), ``own`` (this app's
sources), ``rungs`` (which rung has passed, in words), ``addressing`` (whom it concerns), ``plan`` (who is to be told
what – shared by the scan and the preview), ``announcing`` (outside channels), ``telling`` (the scan), ``preview``.
"""

from .matters import Ground, Matter, ladder_of
from .plan import Reminder
from .preview import preview
from .rungs import rung_in_words, when
from .telling import scan

__all__ = ["Ground", "Matter", "Reminder", "ladder_of", "preview", "rung_in_words", "scan", "when"]
