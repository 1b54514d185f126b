"""What the scorer measures, on the two documents with a careful reader's annotation, where they are at hand."""

import importlib.util
import json
from pathlib import Path

import pytest

from programs.importing.output import as_json
from programs.importing.recognising import recognise
from programs.importing.source import Source

POLICY = Path(__file__).resolve().parents[2].parent / "shared" / "policy"
PAIRS = {"002": "002_c7cbd291cdc0334c.txt", "003": "003_26dbc6c163f5e397.txt"}

pytestmark = pytest.mark.skipif(
    not (POLICY / "gold").is_dir(),
    reason="the policy documents are not beside this checkout: nothing to compare with",
)


@pytest.fixture(scope="module")
def scorer():
    spec = importlib.util.spec_from_file_location("score", POLICY / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=sorted(PAIRS))
def pair(request):
    """(text, gold, what was found) of one document."""
    text = (POLICY / "documents" / PAIRS[request.param]).read_text(encoding="utf-8")
    gold = json.loads((POLICY / "gold" / f"seed_{request.param}.json").read_text(encoding="utf-8"))
    source = Source(text, "txt")
    return text, gold, as_json(source, recognise(source))


def of_class(tasks, core):
    return [task for task in tasks if (task.get("task_class", "core") == "core") is core]


def test_every_task_is_found_and_none_beside(scorer, pair):
    text, gold, found = pair
    squeezed = scorer.squeeze(text)
    pairs = scorer.match(of_class(gold["tasks"], True), found["tasks"], squeezed, 45)
    optional = scorer.match(of_class(gold["tasks"], False), found["tasks"], squeezed, 45)
    assert [task["path"] for task, other in pairs if other is None] == []
    assert len(found["tasks"]) == len(pairs) + sum(other is not None for _, other in optional)


def test_every_unit_is_linked_in_its_role(scorer, pair):
    text, gold, found = pair
    for task, other in scorer.match(of_class(gold["tasks"], True), found["tasks"], scorer.squeeze(text), 45):
        assert scorer.links(other) == scorer.links(task), task["path"]
        assert other["role_mode"] == task["role_mode"], task["path"]
        assert other["open_ended"] == task["open_ended"], task["path"]
        assert other["responsibility_quote"] == task["responsibility_quote"], task["path"]


def test_strict_indicators_are_found_with_their_values(scorer, pair):
    text, gold, found = pair
    squeezed = scorer.squeeze(text)
    strict = [row for row in gold["kpis"] if row.get("strict", True)]
    loose = [row for row in gold["kpis"] if not row.get("strict", True)]
    pairs = scorer.match(strict, found["kpis"], squeezed, 60)
    taken = [other for _, other in pairs]
    spare = scorer.match(loose, [row for row in found["kpis"] if row not in taken], squeezed, 60)
    wrong = [
        row["name"]
        for row, other in pairs
        if other is None
        or (
            isinstance(row["value"], (int, float))
            and scorer.number(other["value"]) != scorer.number(row["value"])
        )
    ]
    extra = len(found["kpis"]) - len(pairs) - sum(other is not None for _, other in spare)
    assert (wrong, extra) == ([], 0)


def test_the_document_is_named_and_dated(pair):
    _, gold, found = pair
    wanted = gold["document"]
    assert found["document"]["title"] == wanted["title"]
    assert found["document"]["number"] == wanted["document_number"]
    assert found["document"]["date"] == wanted["date_written"]
    assert found["document"]["issuing_body"] == wanted["issuing_body"]
    assert found["document"]["addressees"] == wanted["addressees"]
    assert [row["number"] for row in found["document"]["basis"]] == [
        row["number"] for row in wanted["basis_documents"]
    ]


def test_every_quotation_stands_in_the_text(pair):
    text, _, found = pair
    quotes = [
        row["quote"] for rows in found.values() if isinstance(rows, list) for row in rows if row.get("quote")
    ]
    quotes += [row["responsibility_quote"] for row in found["tasks"] if row["responsibility_quote"]]
    assert len(quotes) > 80
    assert [quote for quote in quotes if quote not in text] == []
