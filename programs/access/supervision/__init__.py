"""督办: permission rules; importing this package registers them."""

from . import activities, adjustments, extensions, items, materials, slips  # noqa: F401  # noqa: F401
