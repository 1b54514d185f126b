"""Two people begin the same line in the same instant: one draft is made, the other person is told."""

import threading

import pytest
from django.db import connection

from programs.domain import sheet
from programs.models import ProgressEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_first_drafts_of_one_line_make_one_row_and_one_conflict(world, monkeypatch):
    window, unit, actor = world.window, {world.units["甲局"].pk}, world.actor("jia_liaison")
    key = sheet.sheet_lines(window, unit)[0].key
    read, both, seen = sheet.sheet_lines, threading.Barrier(2, timeout=20), threading.local()

    def read_together(*args, **more):
        lines = read(*args, **more)
        if not hasattr(seen, "once"):
            seen.once = True
            both.wait()
        return lines

    monkeypatch.setattr(sheet, "sheet_lines", read_together)
    outcomes = {}

    def save(text: str) -> None:
        try:
            typed = {key: sheet.Typed({"progress": text}, None)}
            outcomes[text] = sheet.save(actor=actor, window=window, departments=unit, typed=typed)
        finally:
            connection.close()

    writers = [threading.Thread(target=save, args=(text,)) for text in ("甲写的", "乙写的")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=30)
    kept = ProgressEntry.objects.get().progress
    told = ({"甲写的", "乙写的"} - {kept}).pop()
    assert outcomes[kept].ok and set(outcomes[told].conflicts) == {key}
