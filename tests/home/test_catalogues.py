"""Texts are collected out of Python and templates, and catalogues compiled, without the gettext programs."""

import gettext
import os
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from qualitycity.home.catalogues import collect, update

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
_("Sign")
_("Sign"
  " off")
ngettext("%(n)s day", "%(n)s days", n)
pgettext("month", "May")
untranslated = "No"
"""
TEMPLATE = """{% load i18n %}
      <p title="{% translate 'Late' %}">{{ _("Early") }} it's</p>
  {# remark #}
    {% blocktranslate count n=n %}{{ n }} task{% plural %}{{ n }} tasks{% endblocktranslate %}
   {% blocktranslate trimmed %}
      Two
      lines
   {% endblocktranslate %}
{% translate "May" context "permission" %}
"""
TEXTS = {
    (None, "Sign", None),
    (None, "Sign off", None),
    (None, "%(n)s day", "%(n)s days"),
    ("month", "May", None),
    (None, "Late", None),
    (None, "Early", None),
    (None, "%(n)s task", "%(n)s tasks"),
    (None, "Two lines", None),
    ("permission", "May", None),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "texts.py").write_text(PYTHON)
    (tmp_path / "templates" / "programs").mkdir(parents=True)
    (tmp_path / "templates" / "programs" / "page.html").write_text(TEMPLATE)
    return tmp_path


def test_every_kind_of_text_is_collected(tree: Path) -> None:
    assert {(message.context, message.singular, message.plural) for message in collect(tree)} == TEXTS


def test_a_catalogue_follows_the_code_and_keeps_its_translations(tree: Path) -> None:
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Sign", msgstr="签收"))
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="没有了"))
    assert update(catalogue, collect(tree)) == (len(TEXTS) - 1, 1)
    assert catalogue.find("Sign").msgstr == "签收"
    assert catalogue.find("Gone") is None
    assert catalogue.find("May", msgctxt="month") is not catalogue.find("May", msgctxt="permission")
    before = str(catalogue)
    assert update(catalogue, collect(tree)) == (0, 0)
    assert str(catalogue) == before


def test_a_missing_catalogue_is_begun_and_then_kept(tree: Path, settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BASE_DIR = tree
    settings.LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
    call_command("extract_messages")
    assert f"{len(TEXTS)} new, 0 dropped, {len(TEXTS)} to translate" in capsys.readouterr().out
    path = tree / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(path))
    catalogue.find("Sign").msgstr = "签收"
    catalogue.find("%(n)s day").msgstr_plural = {0: "%(n)s 天"}
    catalogue.save()
    call_command("extract_messages")
    assert f"0 new, 0 dropped, {len(TEXTS) - 2} to translate" in capsys.readouterr().out
    assert [folder.name for folder in (tree / "locale").iterdir()] == ["zh_Hans"]


def test_catalogues_are_compiled_where_they_are_newer(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="Sign", msgstr="签收"))
    catalogue.save(str(folder / "django.po"))
    call_command("compile_catalogues", verbosity=0)
    compiled = folder / "django.mo"
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign") == "签收"
    os.utime(compiled, (10**10, 10**10))
    call_command("compile_catalogues", verbosity=0)
    assert compiled.stat().st_mtime == 10**10
    os.utime(compiled, (0, 0))
    call_command("compile_catalogues", verbosity=0)
    assert compiled.stat().st_mtime > 0
