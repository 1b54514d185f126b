"""No pattern runs away on 50,000 characters of whatever kind. Figures: benchmarks/importing.py."""

import re
import time

import pytest

from programs.importing.recognising import outline, recognise
from tests.importing import hostile

from .telling import source_of

# patterns take milliseconds; this is the difference between slow and for ever
MOST_SECONDS = 10
MOST_MATCHES = 2000


def slow(patterns, texts, most):
    """[(where, first characters, seconds)] of what took longer than `most`."""
    out = []
    for where, pattern in patterns:
        for text in texts:
            began = time.process_time()
            for count, _ in enumerate(pattern.finditer(text)):
                if count == MOST_MATCHES:
                    break
            took = time.process_time() - began
            if took > most:
                out.append((where, text[:12], round(took, 1)))
    return out


@pytest.mark.slow
def test_no_pattern_runs_away():
    assert slow(hostile.patterns(), hostile.texts(every=3), MOST_SECONDS) == []


def test_one_that_does_is_noticed():
    nested = [("planted", re.compile("(?:市+)+局"))]
    assert slow(nested, ["市" * 24], 0.2) != []


def test_the_recogniser_as_a_whole_does_not_run_away():
    for text in hostile.texts(every=9):
        began = time.process_time()
        recognise(source_of(text))
        assert time.process_time() - began < MOST_SECONDS, text[:12]


def test_patterns_are_found():
    known = {pattern.pattern for _, pattern in hostile.patterns()}
    assert outline.MARK.pattern in known
    assert r"^\d{1,2}[.、]" in known, "written where it is used, in document.py"
    assert len(known) > 150
