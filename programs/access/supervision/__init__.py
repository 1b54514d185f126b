"""督办: permission rules; importing this package registers them."""

from . import items  # noqa: F401
