"""Permission rules of `programs`: importing this package registers them."""

from . import documents, importing, progress, supervision, tasks, views, workload  # noqa: F401
