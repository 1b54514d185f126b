"""帮助: the guides are the files of docs/guide, every way leads somewhere, and hints stay away once put away."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qualitycity.audit.models import Entry
from qualitycity.home import guide
from qualitycity.home.guide import GUIDES
from qualitycity.home.hints import HINTS
from taskforce.choices import PutAway, Role
from taskforce.models import User

ROOT = Path(settings.BASE_DIR)
LINK = re.compile(r'{% help_link "([\w-]*)" "([^"]+)"')
#: Marks of the source that must not reach a page.
LEFTOVERS = re.compile(r"\*\*|\]\(|^#+ |\.md\b", re.M)


@pytest.fixture
def pages(tmp_path):
    def set_from(text):
        path = tmp_path / "guide.md"
        path.write_text(text, encoding="utf-8")
        return str(guide._read(path).html)

    return set_from


@pytest.mark.parametrize("slug", ["", *GUIDES])
def test_every_guide_is_set_without_marks_left_over(slug):
    page = guide.guide(slug)
    assert page.title and page.headings
    assert not LEFTOVERS.search(re.sub(r"<code>.*?</code>", "", str(page.html)))


def test_the_glossary_is_a_table_of_both_languages():
    page = str(guide.glossary().html)
    assert "<table" in page and "联络员" in page and "liaison" in page


def test_every_role_has_a_guide_and_a_hint_that_leads_to_one():
    assert set().union(*GUIDES.values()) == set(Role.values)
    assert set().union(*(hint.roles for hint in HINTS)) == set(Role.values)
    assert {hint.guide for hint in HINTS} <= set(GUIDES)


def test_no_file_of_the_guides_is_without_a_page():
    assert {path.stem for path in guide.FOLDER.glob("*.md")} == {"README", *GUIDES}


def test_help_beside_fields_leads_to_a_section_that_is_there():
    found = [
        (path.name, slug, anchor)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for slug, anchor in LINK.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 8
    lost = [row for row in found if f'id="{row[2]}"' not in str(guide.guide(row[1]).html)]
    assert lost == []


def test_links_between_guides_lead_to_guides():
    for slug in ("", *GUIDES):
        for target in re.findall(r'href="/help/([^"#]*)', str(guide.guide(slug).html)):
            assert target.strip("/") in {"", *GUIDES}


def test_text_can_bring_no_element_of_its_own(pages):
    html = pages("# T\n\n<script>x</script> [a](javascript:x) **<b>**\n\n- `<i>`\n\n| <u> |\n|---|\n| <s> |\n")
    assert "<script" not in html and "javascript" not in html and "<b>" not in html
    assert "<i>" not in html and "<u>" not in html and "<s>" not in html


def test_lists_stand_inside_lists_and_go_on_over_lines(pages):
    html = pages("# T\n\n2. one\n   goes on\n   - inner **bold**\n   - more\n3. two\n")
    assert html == (
        '<ol start="2"><li>one goes on<ul><li>inner <strong>bold</strong></li><li>more</li></ul></li><li>two</li></ol>'
    )


def test_what_stands_in_a_cell_is_one_thing_beside_its_columns_name_on_a_phone(pages):
    html = pages("# T\n\n| a | b |\n|---|---|\n| press **x**, then **y** | z |\n")
    assert '<td data-label="a"><div>press <strong>x</strong>, then <strong>y</strong></div></td>' in html


def test_two_sections_of_one_name_have_two_anchors(pages):
    html = pages("# T\n\n## 一、审核\n\n## 二、审核\n")
    assert 'id="审核"' in html and 'id="审核-1"' in html


def test_ones_own_guide_comes_first_and_others_can_be_read(as_user):
    client = as_user("jia_liaison")
    page = client.get(reverse("help"))
    assert [name for name, _title in page.context["mine"]] == ["liaison"]
    assert client.get(reverse("help_page", args=["office"])).status_code == 200
    assert client.get(reverse("help_page", args=["nothing"])).status_code == 404
    assert "督办" in client.get(reverse("help_words")).content.decode()


def test_the_frame_leads_to_the_help(as_user):
    assert f'href="{reverse("help")}"' in as_user("leader").get(reverse("inbox")).content.decode()


def start(client):
    return client.get(reverse("start"))


def test_first_steps_stand_on_the_start_page_until_put_away_and_come_back(as_user, world):
    client = as_user("jia_liaison")
    assert len(start(client).context["hints"]) == 1
    answer = client.post(reverse("put_away"), {"what": "hints", "next": "/"})
    assert answer.status_code == 302 and answer.url == "/"
    client.post(reverse("put_away"), {"what": "hints"})
    assert User.objects.get(username="jia_liaison").put_away == [PutAway.HINTS]
    assert start(client).context["hints"] == []
    assert len(start(as_user("jia_head")).context["hints"]) == 1, "what one puts away stays for the others"
    client = as_user("jia_liaison")
    assert client.post(reverse("put_away"), {"back": "1"}).url == reverse("account")
    assert len(start(client).context["hints"]) == 1
    assert not Entry.objects.filter(actor_id=world.people["jia_liaison"].pk).exists()


def test_in_place_only_the_sentence_is_sent_that_it_can_be_brought_back(as_user):
    answer = as_user("jia_liaison").post(reverse("put_away"), {"what": "hints"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200 and reverse("account") in page and "<html" not in page


@pytest.mark.parametrize("what", ["", "x", "hints,sample"])
def test_a_forged_name_puts_nothing_away(as_user, what):
    assert as_user("jia_liaison").post(reverse("put_away"), {"what": what}).status_code == 404
    assert User.objects.get(username="jia_liaison").put_away == []


def test_the_help_asks_the_database_for_nothing_but_the_frame(as_user):
    client = as_user("jia_liaison")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("help_page", args=["office"]))
    assert len(queries) <= 5
