"""Permission engine: who may do what to which row, and which rows one sees.

Rules are registered by the `access.py` of each app. `can()` answers for one object with a reason that is shown to
the person; `visible()` narrows a queryset. Both must agree on "view": a test compares them in random worlds.
"""

from .context import SYSTEM, ActorContext, Grant
from .engine import Decision, allow, can, deny, register_rule, register_scope, visible

__all__ = [
    "SYSTEM",
    "ActorContext",
    "Decision",
    "Grant",
    "allow",
    "can",
    "deny",
    "register_rule",
    "register_scope",
    "visible",
]
