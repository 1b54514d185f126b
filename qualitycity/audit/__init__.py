"""Journal 日志: one append-only record of who did what to which object, sealed by a hash chain.

``journal`` writes and reads entries, ``sealer`` chains them afterwards and checks the chain.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .journal import build_entry, history, record, write_entries

__all__ = ["build_entry", "history", "record", "write_entries"]


def __getattr__(name: str) -> Any:
    # Read on first use: Django imports this package before models may be imported.
    if name in __all__:
        from . import journal

        return getattr(journal, name)
    raise AttributeError(name)
