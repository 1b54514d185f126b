"""What `awards` offers to the floor below: schemes taken over from a loaded programme, and shown with its facts."""

from .domain.loading import apply_schemes
from .facts import scheme_facts

__all__ = ["apply_schemes", "scheme_facts"]
