"""Permission rules of `programs`: importing this package registers them."""

from . import documents, progress, tasks, views  # noqa: F401
