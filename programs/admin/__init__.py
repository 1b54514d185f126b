"""Registers of what: documents, programmes, their printed parts; and what the work has left, to look up."""

from . import documents, programmes, records, tasks

__all__ = ["documents", "programmes", "records", "tasks"]
