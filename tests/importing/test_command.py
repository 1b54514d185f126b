"""`manage.py extract_policy FILE`: JSON and 0, or one sentence and 2."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SAMPLE = Path(__file__).parent / "samples" / "opinions.txt"
PARTS = {
    "document",
    "sections",
    "tasks",
    "kpis",
    "phases",
    "leading_group",
    "awards",
    "deliverables",
    "assessment_rules",
    "duties",
    "warnings",
}


def test_what_is_found_is_printed_as_json():
    out = StringIO()
    call_command("extract_policy", str(SAMPLE), stdout=out)
    said = json.loads(out.getvalue())
    assert set(said) == PARTS
    assert said["document"]["number"] == "示政发〔2025〕8号"
    first = said["tasks"][0]
    assert (first["path"], first["role_mode"]) == ("二/(一)/1", "lead_support")
    assert first["lead_units"] == [{"printed": "市市场监管局", "name": "市市场监管局", "kind": "unit"}]
    assert first["support_units"][1] == {"printed": "财政局", "name": "市财政局", "kind": "unit"}
    assert first["responsibility_quote"] == "（市市场监管局牵头，市工业和信息化局、财政局、商务局配合）"
    assert len(first["quote"]) == 30


@pytest.mark.parametrize("data", [b"", "从前有一个人,他走在路上。\n".encode()], ids=["empty", "a tale"])
def test_a_file_that_is_no_such_document_is_refused_with_one_sentence(tmp_path, data):
    file = tmp_path / "file.txt"
    file.write_bytes(data)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("extract_policy", str(file), stdout=out)
    assert refused.value.returncode == 2
    assert str(refused.value).startswith("file.txt: ")
    assert "\n" not in str(refused.value)
    assert out.getvalue() == ""


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("extract_policy", str(tmp_path / "nothing.txt"))
    assert refused.value.returncode == 2
