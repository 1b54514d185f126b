"""The auditor reads words, not codes: whatever a small world has done can be said."""

import importlib
import re
from pathlib import Path

import pytest

from qualitycity.audit.models import Entry
from qualitycity.home.words import BY_KIND, GENERAL, states_of, words_of
from qualitycity.workflow import Machine

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'record\(.*?action="([a-z_.]+)"', re.S)


def written_codes():
    """Action codes that stand literally in a call of the journal."""
    found = {}
    for folder in ("programs", "kpis", "awards", "taskforce", "qualitycity"):
        for path in (ROOT / folder).rglob("*.py"):
            for code in CODE.findall(path.read_text()):
                found[code] = path.name
    return found


def test_every_code_that_is_written_has_words():
    unsaid = {
        code: place
        for code, place in written_codes().items()
        if all(words_of(Entry(subject_type=kind, action=code)) == code for kind in ("", *BY_KIND))
    }
    assert unsaid == {}


def moves_of_all_tables():
    """(kind of object, action) of every transition table that is used; parts of tables begin with an underscore."""
    for folder in ("programs", "kpis", "awards"):
        for path in sorted((ROOT / folder / "domain").rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for called, value in vars(importlib.import_module(name)).items():
                if isinstance(value, Machine) and not called.startswith("_"):
                    yield from ((value.model.lower(), move.action) for move in value.transitions)


def test_every_move_of_every_table_has_words_for_its_own_kind_of_object():
    moves = set(moves_of_all_tables())
    assert {("programs.extension", "grant"), ("programs.materialdue", "accept")} <= moves and len(moves) > 100
    assert sorted(move for move in moves if words_of(Entry(subject_type=move[0], action=move[1])) == move[1]) == []


@pytest.mark.django_db
def test_what_the_loop_leaves_in_the_journal_is_said_in_words(world):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    said = {words_of(entry) for entry in Entry.objects.all()}
    assert not said & set(Entry.objects.values_list("action", flat=True))


def test_an_unknown_code_stands_as_it_is():
    assert words_of(Entry(subject_type="x", action="never_heard")) == "never_heard"
    assert "never_heard" not in GENERAL


def test_states_are_named_as_the_object_names_them():
    entry = Entry(subject_type="programs.progressentry", from_state="draft", to_state="submitted")
    assert not {"draft", "submitted"} & set(states_of(entry).split(" → "))
    assert states_of(Entry(subject_type="programs.progressentry")) == ""
    assert states_of(Entry(subject_type="gone.model", from_state="", to_state="on")) == "— → on"
