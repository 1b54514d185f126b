"""Every text of the screens stands in Simplified Chinese."""

from pathlib import Path

import polib

from qualitycity.home.catalogues import collect, faults
from tests.gates.tree import ROOT, plant

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'


def unfinished(root: Path) -> list[str]:
    """Texts without a translation, marked unsure, or with other placeholders than their original."""
    return faults(polib.pofile(str(root / CATALOGUE)), collect(root))


def test_every_text_is_translated() -> None:
    assert len(collect(ROOT)) > 100, "texts are found at all"
    assert unfinished(ROOT) == []


def test_planted_gaps_are_found(tmp_path: Path) -> None:
    plant(tmp_path, "programs/texts.py", 'from x import gettext as _\n_("Sign")\n_("%(n)s left")\n_("Late")\n')
    page = '{% load i18n %}\n   {% if a %}\n {% translate "Return" %}{% endif %}\n'
    page += "{% blocktranslate %}Hi {{ x }}{% endblocktranslate %}"
    plant(tmp_path, "templates/page.html", page)
    full = HEAD + (
        'msgid "Sign"\nmsgstr "签收"\n\nmsgid "%(n)s left"\nmsgstr "还有 %(n)s"\n\nmsgid "Late"\nmsgstr "逾期"\n\n'
        'msgid "Return"\nmsgstr "退回"\n\nmsgid "Hi %(x)s"\nmsgstr "你好 %(x)s"\n'
    )
    plant(tmp_path, CATALOGUE, full)
    assert unfinished(tmp_path) == []
    gaps = full.replace('"还有 %(n)s"', '"还有几天"').replace('"退回"', '""')
    gaps = gaps.replace('msgid "Late"', '#, fuzzy\nmsgid "Late"').replace('msgid "Hi %(x)s"', 'msgid "Hello"')
    plant(tmp_path, CATALOGUE, gaps)
    found = unfinished(tmp_path)
    assert len(found) == 4
    for words in ("other placeholders", "not translated: 'Return'", "marked unsure: 'Late'", "not in the catalogue"):
        assert any(words in line for line in found), words
