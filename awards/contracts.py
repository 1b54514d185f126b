"""What `awards` offers to the floor below: the applier that loading a programme asks for award schemes."""

from .domain.loading import apply_schemes

__all__ = ["apply_schemes"]
