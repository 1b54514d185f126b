"""Writes of this app. Keyword-only functions with an explicit `actor`; no request; one module per noun."""
