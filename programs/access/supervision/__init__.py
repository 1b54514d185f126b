"""督办: permission rules; importing this package registers them."""

from . import (  # noqa: F401  # noqa: F401
    activities,
    adjustments,
    contributions,  # noqa: F401
    extensions,
    items,
    materials,
    slips,
)
