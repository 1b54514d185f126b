"""督办: readings for its pages."""
