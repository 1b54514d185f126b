"""督办: permission rules; importing this package registers them."""
