"""Project package of the portal (质量强市工作门户)."""
