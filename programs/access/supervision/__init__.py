"""督办: permission rules; importing this package registers them."""

from . import (  # noqa: F401
    activities,
    adjustments,
    contributions,
    extensions,
    items,
    materials,
    matters,
    meetings,
    slips,
)
