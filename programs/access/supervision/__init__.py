"""督办: permission rules; importing this package registers them."""

from . import activities, items, materials, slips  # noqa: F401
