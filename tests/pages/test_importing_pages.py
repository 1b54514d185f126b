"""The pages of 文件导入: from an upload to a programme, with what goes wrong on the way."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.domain.importing import drafts, editing
from programs.models import PolicyDraft, Programme, Proposal
from qualitycity.home.invariants import violations
from qualitycity.outbox.drain import drain
from tests.files import builders
from tests.programs.importing.stage import TEXT, at, by_title, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return taken_in(world)


def page(client, draft, rest="", **options):
    return client.get(f"/imports/{draft.pk}/{rest}", **options)


def fields(response):
    """The fields of a page as a browser would send them again."""
    html = response.content.decode()
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found.setdefault(name[1], unescape(value[1]) if value else "")
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def test_an_upload_is_read_by_the_worker_and_waits_on_a_page_that_says_so(world, as_user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = as_user("clerk")
    upload = SimpleUploadedFile("方案.txt", TEXT.encode("gb18030"))
    response = client.post(
        "/imports/new/", {"jurisdiction": world.city.pk, "file": upload, "recognise": "on"}
    )
    draft = PolicyDraft.objects.get()
    assert response["Location"] == f"/imports/{draft.pk}/"
    waiting = page(client, draft)
    assert 'hx-trigger="every 1s"' in waiting.content.decode() and b'http-equiv="refresh"' in waiting.content
    assert "正在排队读取" in waiting.content.decode()
    drafts.note_step(draft, "recognising")
    assert "正在识别" in page(client, draft).content.decode()
    assert drain("import") == 1
    # the page that waited is replaced as a whole
    swapped = page(client, draft, headers={"HX-Request": "true"})
    assert swapped["HX-Redirect"] == f"/imports/{draft.pk}/"
    draft.refresh_from_db()
    assert (draft.state, draft.head["number"]) == ("review", "示政发〔2026〕8号")
    assert draft.proposals.filter(kind="task").count() >= 3
    assert all(draft.text[row.start : row.end].strip() for row in draft.proposals.all())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("空.txt", b"", "空", id="empty"),
        pytest.param("图片.docx", builders.image("PNG"), "损坏", id="picture"),
        pytest.param("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式", id="old"),
        pytest.param("程序.exe", b"MZ" + b"\0" * 600, "不接收此类文件", id="program"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_its_field(
    world, as_user, settings, tmp_path, name, content, said
):
    settings.MEDIA_ROOT = tmp_path
    client = as_user("clerk")
    data = {"jurisdiction": world.city.pk, "file": SimpleUploadedFile(name, content), "recognise": "on"}
    response = client.post("/imports/new/", data)
    assert response.status_code == 422
    errors = re.findall(r'class="qc-error"[^>]*>(.*?)</ul>', response.content.decode(), re.S)
    assert errors and re.search(said, errors[0]), errors
    assert PolicyDraft.objects.count() == 0 and not list(tmp_path.rglob("*.*"))


def test_what_the_reader_cannot_read_is_said_and_can_be_thrown_away(world, as_user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = as_user("clerk")
    novel = "那年冬天，雪下得很大。他推开门，看见院子里的老槐树。\n" * 40
    client.post("/imports/new/", {"jurisdiction": world.city.pk, "text": novel, "recognise": "on"})
    draft = PolicyDraft.objects.get()
    drain("import")
    draft.refresh_from_db()
    assert draft.state == "failed" and draft.failure
    shown = page(client, draft).content.decode()
    assert draft.failure in shown
    assert client.post(f"/imports/{draft.pk}/move/", {"do": "discard"})["Location"] == "/imports/"
    draft.refresh_from_db()
    assert draft.state == "discarded"


def test_source_and_proposals_point_at_each_other(draft, as_user):
    html = page(as_user("clerk"), draft, "?show=all").content.decode()
    for row in draft.proposals.all():
        assert f'id="p{row.pk}"' in html, row
        assert f'id="s{row.pk}"' in html, row
    # every letter of the document stands on the page once, in its order
    pieces = re.findall(r'data-at="(\d+)">([^<]*)<', html)
    assert [TEXT[int(start) : int(start) + len(words)] for start, words in pieces] == [
        words for _start, words in pieces
    ]
    assert "".join(words for _start, words in pieces).replace(" ", "") == "".join(TEXT.split("\n")).replace(
        " ", ""
    )


def test_what_has_a_question_comes_first_and_the_gravest_first(draft, as_user):
    html = page(as_user("clerk"), draft).content.decode()
    titles = re.findall(r'class="qc-proposal-title">([^<]+)<', html)
    assert titles[:2] == ["1. 开展重点产品质量比对", "2. 建设质量服务站"] and "3. 加强宣传" in titles
    assert "产品监督抽查合格率" not in " ".join(titles)


def test_one_button_confirms_one_and_the_list_stays_where_it_was(draft, as_user):
    client = as_user("clerk")
    row = by_title(draft, "产品监督抽查合格率")
    back = f"/imports/{draft.pk}/?show=open&kind=indicator"
    response = client.post(f"/imports/{draft.pk}/settle/", {"accept": row.pk, "back": back})
    assert response["Location"] == f"/imports/{draft.pk}/?show=open&kind=indicator#p{row.pk}"
    row.refresh_from_db()
    assert row.state == "accepted"
    client.post(f"/imports/{draft.pk}/settle/", {"reopen": row.pk})
    row.refresh_from_db()
    assert row.state == "open"
    # an address of somebody else's is not followed
    away = client.post(f"/imports/{draft.pk}/settle/", {"accept": row.pk, "back": "https://example.org/"})
    assert away["Location"] == f"/imports/{draft.pk}/#p{row.pk}"


def test_a_correction_that_does_not_fit_keeps_what_was_typed(draft, as_user):
    client = as_user("clerk")
    row = by_title(draft, "产品监督抽查合格率")
    address = f"/imports/{draft.pk}/proposals/{row.pk}/"
    typed = fields(client.get(address)) | {
        "name": "合格率",
        "value": "九十五",
        "quote": "达到95%以上",
        "do": "accept",
    }
    response = client.post(address, typed)
    assert response.status_code == 422 and "九十五" in response.content.decode()
    response = client.post(address, typed | {"value": "96", "quote": "这句话不在文件里"})
    assert response.status_code == 422 and "这句话不在文件里" in response.content.decode()
    response = client.post(address, typed | {"value": "96"})
    assert response.status_code == 302, re.findall(r"qc-error.*", response.content.decode())
    row.refresh_from_db()
    assert (row.state, row.data["value"], TEXT[row.start : row.end]) == ("accepted", "96", "达到95%以上")
    stale = client.post(address, typed | {"value": "97"})
    assert stale.status_code == 422


def test_units_of_a_task_are_changed_in_its_form(draft, as_user):
    client = as_user("clerk")
    row = by_title(draft, "加强宣传")
    address = f"/imports/{draft.pk}/proposals/{row.pk}/"
    typed = fields(client.get(address)) | {
        "title": "加强质量宣传", "do": "accept", "unit_name": ["甲局", "市乙局"], "unit_role": ["lead", "support"],
        "unit_printed": ["", ""], "unit_kind": ["unit", "unit"], "quote": TEXT[row.start : row.end],
    }  # fmt: skip
    twice = client.post(address, typed | {"unit_name": ["甲局", "甲局"]})
    assert twice.status_code == 422
    assert client.post(address, typed).status_code == 302
    row.refresh_from_db()
    assert [(unit["role"], unit["name"]) for unit in row.data["units"]] == [
        ("lead", "甲局"),
        ("support", "市乙局"),
    ]
    assert row.state == "accepted"


def test_splitting_and_merging_from_the_form(draft, as_user):
    client = as_user("clerk")
    row = by_title(draft, "重点产品")
    address = f"/imports/{draft.pk}/proposals/{row.pk}/"
    wrong = client.post(address, {"do": "split", "split-begins": "没有这几个字", "split-title": "比对"})
    assert wrong.status_code == 422
    done = client.post(address, {"do": "split", "split-begins": "每年组织", "split-title": "组织比对"})
    second = Proposal.objects.get(pk=int(done["Location"].rstrip("/").rpartition("/")[2]))
    assert TEXT[second.start : second.end].startswith("每年组织")
    assert client.post(address, {"do": "merge", "other": second.pk}).status_code == 302
    second.refresh_from_db()
    assert second.state == "dropped"
    assert client.post(address, {"do": "merge", "other": "x"}).status_code == 422


def test_a_selection_becomes_a_proposal(draft, as_user):
    client = as_user("clerk")
    span = at("每年组织两次比对。")
    address = f"/imports/{draft.pk}/proposals/new/"
    shown = client.get(f"{address}?piece=deliverable&start={span.start}&end={span.end}")
    assert "每年组织两次比对。" in shown.content.decode()
    typed = fields(shown) | {"quote": "每年组织两次比对。", "name": ""}
    assert client.post(address, typed).status_code == 422
    response = client.post(address, typed | {"name": "质量比对", "kind": "report", "recurrence": "每年"})
    added = draft.proposals.latest("pk")
    assert response["Location"] == f"/imports/{draft.pk}/?show=all#p{added.pk}"
    assert (added.kind, added.data["kind"], added.start, added.end, added.state) == (
        "deliverable", "report", span.start, span.end, "accepted"
    )  # fmt: skip


def test_unknown_units_are_answered_at_once(draft, as_user, world):
    client = as_user("clerk")
    shown = page(client, draft, "units/")
    typed = fields(shown)
    assert client.post(f"/imports/{draft.pk}/units/", typed | {"do": "rest_new"}).status_code == 302
    draft.refresh_from_db()
    assert draft.units["市工艺美术协会"]["new"]["kind"] == "mass_org"
    assert draft.units["甲局"]["department"] == world.units["甲局"].pk
    assert by_title(draft, "质量服务站").questions == []
    # a form that came without its rows changes nothing
    client.post(f"/imports/{draft.pk}/units/", {})
    draft.refresh_from_db()
    assert "甲局" in draft.units and "市工艺美术协会" in draft.units


def test_the_documents_own_fields(draft, as_user):
    client = as_user("clerk")
    typed = fields(page(client, draft, "head/")) | {
        "title": "示例市意见", "addressees": "各区", "basis": "质量强国建设纲要\n省行动方案|省政发〔2026〕1号",
        "starts_on": "2026-07-01", "ends_on": "2026-06-01", "report_every": "quarter",
    }  # fmt: skip
    wrong = client.post(f"/imports/{draft.pk}/head/", typed)
    assert wrong.status_code == 422 and "2026-06-01" in wrong.content.decode()
    assert client.post(f"/imports/{draft.pk}/head/", typed | {"ends_on": "2028-12-31"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.head["ends_on"], draft.head["ends_computed"], draft.head["starts_computed"]) == (
        "2028-12-31",
        False,
        True,
    )
    assert draft.head["basis"][1] == {"title": "省行动方案", "number": "省政发〔2026〕1号"}
    stale = client.post(f"/imports/{draft.pk}/head/", typed | {"ends_on": "2029-12-31"})
    assert stale.status_code == 422


def test_sentences_behind_nothing_are_listed_and_set_aside(draft, as_user, world):
    client = as_user("clerk")
    editing.settle(
        draft, actor=world.actor("clerk"), proposals=[by_title(draft, "加强宣传").pk], state="dropped"
    )
    shown = page(client, draft, "unassigned/").content.decode()
    offered = re.findall(r'name="sentence" value="(\d+)-(\d+)"', shown)
    assert [TEXT[int(start) : int(end)] for start, end in offered] == ["3．加强宣传。"]
    client.post(f"/imports/{draft.pk}/unassigned/", {"sentence": ["0-5"]})
    assert not draft.proposals.filter(kind="note").exists()
    client.post(
        f"/imports/{draft.pk}/unassigned/", {"sentence": [f"{start}-{end}" for start, end in offered]}
    )
    note = draft.proposals.get(kind="note")
    assert (note.state, TEXT[note.start : note.end]) == ("accepted", "3．加强宣传。")
    assert "sentence" not in page(client, draft, "unassigned/").content.decode()


def test_setting_up_says_what_is_missing_then_makes_the_programme_which_can_be_undone(draft, as_user, world):
    client = as_user("clerk")
    early = client.post(f"/imports/{draft.pk}/apply/")
    assert early.status_code == 422 and not Programme.objects.filter(title__contains="三年行动").exists()
    client.post(f"/imports/{draft.pk}/units/", fields(page(client, draft, "units/")) | {"do": "rest_new"})
    rows = list(draft.proposals.values_list("pk", flat=True))
    client.post(f"/imports/{draft.pk}/settle/", {"do": "accept", "row": rows})
    ready = page(client, draft, "apply/").content.decode()
    assert "disabled" not in re.search(r"<form class=\"qc-form-actions\".*?</form>", ready, re.S)[0]
    made = client.post(f"/imports/{draft.pk}/apply/")
    programme = Programme.objects.get(title__contains="三年行动")
    assert made["Location"] == f"/programmes/{programme.pk}/"
    shown = client.get(f"/programmes/{programme.pk}/").content.decode()
    assert f"/imports/{draft.pk}/" in shown
    facts = client.get(f"/programmes/{programme.pk}/facts/").content.decode()
    for words in ("设立市质量标兵奖。", "建成10个服务站", "对进展迟缓的单位予以通报。", "组长：张三 市长"):
        assert words in facts
    assert "开展质量提升三年行动的意见" in client.get("/imports/").content.decode()
    assert list(violations()) == []
    sure = client.get(f"/imports/{draft.pk}/undo/").content.decode()
    assert str(programme) in sure
    client.post(f"/imports/{draft.pk}/undo/")
    assert not Programme.objects.filter(pk=programme.pk).exists() and list(violations()) == []


def test_two_editions_are_shown_side_by_side(draft, as_user, world):
    client = as_user("clerk")
    text = TEXT + "抄送：市委办公室\n"
    second = taken_in(world, text)
    Proposal.objects.filter(pk=by_title(second, "加强宣传").pk).delete()
    shown = page(client, second, "difference/").content.decode()
    assert "加强宣传" in shown and re.search(r"qc-tile-figure\">1<", shown)


@pytest.mark.parametrize(
    "rest", ["", "?show=all", "units/", "head/", "unassigned/", "apply/", "difference/", "proposals/new/"]
)
def test_pages_cost_the_same_for_many_proposals(draft, as_user, rest, settled, world):
    client = as_user("clerk")
    draft = taken_in(world, TEXT + "抄送：市委办公室\n")
    page(client, draft, rest)
    settled()
    with CaptureQueriesContext(connection) as few:
        page(client, draft, rest)
    row = by_title(draft, "加强宣传")
    for number in range(60):
        unit = {"printed": f"第{number}局", "name": f"第{number}局", "kind": "unit", "role": "lead"}
        Proposal.objects.create(
            draft=draft, kind="task", start=row.start, end=row.end, path=f"九/{number}", questions=["unit_unknown"],
            data={**row.data, "title": f"任务{number}", "units": [unit]},
        )  # fmt: skip
    settled()
    with CaptureQueriesContext(connection) as many:
        assert page(client, draft, rest).status_code == 200
    assert len(many) == len(few) <= 12


def test_a_long_document_is_turned_over_page_by_page(world, as_user, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    from programs.importing.source import Source

    text = "".join(f"第{number}行：各单位按照分工抓好落实。\n" for number in range(6000))
    clerk = world.actor("clerk")
    draft = drafts.open_draft(actor=clerk, jurisdiction=world.city, pasted=text, recognise=False)
    drafts.take_reading(draft, source=Source(text, "txt"), layout={}, found=None)
    shown = page(as_user("clerk"), draft, "?part=2").content.decode()
    assert "第0行" not in shown and re.search(r'part=2" aria-current="page"', shown)
    assert len(shown) < 1_000_000


def test_english_pages_have_no_gap(draft, as_user):
    client = as_user("clerk")
    client.cookies["django_language"] = "en"
    shown = page(client, draft).content.decode()
    assert "Confirm ticked" in shown and "确认所选" not in shown
