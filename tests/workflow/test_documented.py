"""The page of transition tables is as new as the tables."""

from pathlib import Path

from django.conf import settings

from qualitycity.home.tables import document


def test_the_documented_tables_are_those_in_the_code():
    written = (Path(settings.BASE_DIR) / "docs" / "transitions.md").read_text(encoding="utf-8")
    assert written == document(), "run: manage.py document_transitions"
