"""The frame's scripts in Chromium, against answers played by the test: nothing typed is lost, nothing is sent twice."""

import json
import mimetypes
import os
import shutil
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.template.loader import get_template

pytestmark = pytest.mark.browser

ORIGIN = "http://portal.test"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
    ]
)
FORM = """<form id="f" method="post" action="/sent/" data-autosave="/save/">
<input type="hidden" name="csrfmiddlewaretoken" value="token">
<input type="hidden" name="row_version" value="1">
<label>进展<textarea name="progress" id="progress">{text}</textarea></label>
<div data-stepper="5"><button type="button" data-step="-1" hidden>-</button>
<input type="number" name="percent" id="percent" min="0" max="100" value="60">
<button type="button" data-step="1" hidden>+</button></div>
<button id="send" name="action" value="submit">提交</button><p data-autosave-status role="status"></p></form>"""
KEPT = """<form data-keep id="report" method="post" action="/form/">
<input type="hidden" name="version" value="{version}"><textarea name="progress">{text}</textarea>
<button id="send">保存</button></form>"""
LIST = """<div data-keys><ol><li data-key-row><a href="#1">甲</a></li><li data-key-row><a href="#2">乙</a></li></ol>
<form method="post" action="/sent/"><button data-key-accept>通过</button>
<details><summary>退回</summary><textarea data-key-return></textarea></details></form></div>"""


@pytest.fixture(scope="module")
def chromium():
    # Chromium's own event loop would make Django refuse the database; these tests use none
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Portal:
    """Plays the server: pages from strings, scripts from the checkout, answers and their record."""

    def __init__(self, page):
        self.page = page
        self.body = FORM.format(text="")
        self.answers = []
        self.saved = []
        self.sent = []
        self.faults = []
        page.on(
            "console", lambda message: self.faults.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.route("**/*", self.answer)

    def answer(self, route):
        request = route.request
        path = request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith("/static/"):
            file = settings.BASE_DIR / "qualitycity" / path.lstrip("/")
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path == "/save/":
            self.saved.append(fields(request))
            answer = self.answers.pop(0) if self.answers else ok(len(self.saved) + 1)
            route.abort() if answer is None else route.fulfill(**answer)
        elif path == "/sent/":
            self.sent.append(fields(request))
            route.fulfill(body=self.html("<p>收到</p>"), content_type="text/html")
        else:
            route.fulfill(
                body=self.html(self.body),
                content_type="text/html",
                headers={"Content-Security-Policy": POLICY},
            )

    def html(self, body):
        words = get_template("components/words.html").render()
        return (
            '<!doctype html><html lang="zh-hans"><head><meta charset="utf-8"><link rel="icon" href="data:,">'
            '<script type="module" src="/static/portal/js/portal.js"></script></head>'
            '<body data-person="7" data-login="/login/"><div id="qc-live"></div><div id="qc-message"></div>'
            f"{body}{words}</body></html>"
        )

    def open(self):
        self.page.goto(f"{ORIGIN}/form/")


def fields(request):
    # FormData travels as multipart; both kinds are read by the names of their parts
    text = request.post_data or ""
    if "form-data" not in request.headers["content-type"]:
        return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
    parts = [part.split("\r\n\r\n", 1) for part in text.split("--" + text[2:].split("\r\n", 1)[0])[1:-1]]
    return {head.split('name="')[1].split('"')[0]: value.rstrip("\r\n") for head, value in parts}


def ok(version):
    body = {"ok": True, "saved_at": "2026-11-22T06:05:00Z", "versions": {"row_version": str(version)}}
    return {"status": 200, "content_type": "application/json", "body": json.dumps(body)}


@pytest.fixture
def portal(chromium):
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    played = Portal(context.new_page())
    yield played
    context.close()


def status(portal):
    return portal.page.locator("[data-autosave-status]")


def drafts(portal):
    return portal.page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('qc-draft:')).length"
    )


def test_a_draft_is_saved_once_after_the_pause_and_brings_back_the_version(portal):
    portal.open()
    portal.page.locator("#progress").press_sequentially("抽查 126 批次", delay=20)
    portal.page.locator("[name=row_version][value='2']").wait_for(state="attached")
    assert [draft["progress"] for draft in portal.saved] == ["抽查 126 批次"]
    assert portal.saved[0]["csrfmiddlewaretoken"] == "token"
    assert "14:05" in status(portal).inner_text()
    assert drafts(portal) == 0
    assert portal.faults == []


def test_a_link_is_followed_only_after_what_was_typed_is_saved(portal):
    portal.body = FORM.format(text="") + '<a id="away" href="/elsewhere/">佐证材料</a>'
    portal.open()
    order = []
    portal.page.on("request", lambda request: order.append(request.url.removeprefix(ORIGIN)))
    portal.page.fill("#progress", "没等到自动保存")
    portal.page.click("#away")
    portal.page.wait_for_url("**/elsewhere/")
    assert order.index("/save/") < order.index("/elsewhere/")
    assert [draft["progress"] for draft in portal.saved] == ["没等到自动保存"]


def test_a_link_asks_before_leaving_when_saving_fails(portal):
    portal.body = FORM.format(text="") + '<a id="away" href="/elsewhere/">佐证材料</a>'
    portal.answers = [None]
    asked = []
    portal.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    portal.open()
    portal.page.fill("#progress", "断网时写的")
    portal.page.click("#away")
    portal.page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and portal.page.url == f"{ORIGIN}/form/"
    assert portal.page.input_value("#progress") == "断网时写的"


def test_a_conflict_is_said_keeps_the_text_and_stops_saving(portal):
    refusal = json.dumps({"ok": False, "message": "这一行刚被李建国保存过"})
    portal.answers = [{"status": 409, "content_type": "application/json", "body": refusal}]
    portal.open()
    portal.page.fill("#progress", "我的文字")
    portal.page.get_by_text("这一行刚被李建国保存过").first.wait_for()
    portal.page.fill("#progress", "我的文字，再改")
    portal.page.wait_for_timeout(2000)
    assert len(portal.saved) == 1
    assert portal.page.input_value("#progress") == "我的文字，再改"
    assert drafts(portal) == 1


def test_after_an_expired_session_the_text_is_offered_back(portal):
    portal.answers = [{"status": 302, "headers": {"Location": "/login/"}, "body": ""}]
    portal.open()
    portal.page.fill("#progress", "没有保存的文字")
    link = portal.page.locator("#qc-message a")
    link.wait_for()
    assert link.get_attribute("href") == "/login/?next=%2Fform%2F"
    portal.page.on("dialog", lambda dialog: dialog.accept())
    portal.open()
    assert portal.page.input_value("#progress") == ""
    portal.page.locator(".qc-kept button").first.click()
    assert portal.page.input_value("#progress") == "没有保存的文字"
    portal.page.locator("[name=row_version][value='3']").wait_for(state="attached")
    assert portal.saved[-1]["progress"] == "没有保存的文字"


@pytest.mark.parametrize(("version", "offered"), [(2, 0), (1, 1)])
def test_a_copy_is_dropped_when_the_same_form_comes_back_for_a_later_version(portal, version, offered):
    """The portal took the text and added to it, or refused it and shows the row as it stood."""
    portal.body = KEPT.format(version=1, text="")
    portal.open()
    portal.page.fill("textarea", "写了一半")
    portal.body = KEPT.format(version=version, text="写了一半\n采纳的话" if version == 2 else "")
    portal.page.click("#send")
    portal.page.wait_for_load_state("networkidle")
    assert portal.page.locator(".qc-kept").count() == offered
    portal.open()
    assert portal.page.locator(".qc-kept").count() == offered


def test_a_kept_copy_is_dropped_when_the_portals_own_is_newer(portal):
    portal.answers = [None]
    portal.open()
    portal.page.fill("#progress", "旧文字")
    portal.page.locator("form[data-unsaved]").wait_for()
    portal.body = FORM.format(text="新文字").replace("<form ", '<form data-saved-at="2099-01-01T00:00:00Z" ')
    portal.page.on("dialog", lambda dialog: dialog.accept())
    portal.open()
    assert portal.page.locator(".qc-kept").count() == 0
    assert drafts(portal) == 0


def test_a_double_click_sends_once_with_the_buttons_own_value(portal):
    portal.page.route(
        "**/sent/", lambda route: (portal.sent.append(fields(route.request)), route.fulfill(status=204))
    )
    portal.open()
    portal.page.dblclick("#send")
    portal.page.wait_for_timeout(300)
    assert len(portal.sent) == 1
    assert portal.sent[0]["action"] == "submit"
    assert portal.page.get_attribute("#send", "aria-busy") == "true"
    portal.page.locator("#send:not([aria-busy])").wait_for()
    portal.page.click("#send")
    portal.page.wait_for_timeout(300)
    assert len(portal.sent) == 2


def test_sending_waits_for_a_draft_on_its_way_and_carries_the_new_version(portal):
    on_its_way = []
    portal.page.route("**/save/", lambda route: on_its_way.append(route))
    portal.open()
    with portal.page.expect_request("**/save/"):
        portal.page.fill("#progress", "文字")
    portal.page.click("#send", no_wait_after=True)
    portal.page.wait_for_timeout(300)
    assert portal.sent == []
    on_its_way[0].fulfill(**ok(9))
    portal.page.get_by_text("收到").wait_for()
    assert [form["row_version"] for form in portal.sent] == ["9"]
    assert portal.sent[0]["action"] == "submit"


def test_steps_move_the_percentage_within_its_limits(portal):
    portal.open()
    more = portal.page.locator('[data-step="1"]')
    for _ in range(10):
        more.click()
    assert portal.page.input_value("#percent") == "100"
    portal.page.locator('[data-step="-1"]').click()
    assert portal.page.input_value("#percent") == "95"


def test_keys_walk_the_list_accept_and_return_but_never_while_typing(portal):
    portal.body = LIST
    portal.open()
    page = portal.page
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    page.locator("[data-key-row] a").first.focus()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "乙"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "甲"
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.matches('[data-key-return]')")
    page.keyboard.type("jakar")
    assert page.input_value("[data-key-return]") == "jakar"
    page.locator("[data-key-row] a").first.focus()
    page.keyboard.press("a")
    page.get_by_text("收到").wait_for()
    assert len(portal.sent) == 1


def test_chosen_files_are_listed_and_a_large_one_is_named(portal):
    portal.body = (
        '<div data-upload data-max-mb="1"><input type="file" accept=".pdf"><ul data-upload-list></ul></div>'
    )
    portal.open()
    portal.page.set_input_files(
        "input", {"name": "通报.pdf", "mimeType": "application/pdf", "buffer": b"0" * 1_500_000}
    )
    row = portal.page.locator("[data-upload-list] li").first
    assert "通报.pdf · 1.4 MB" in row.inner_text()
    assert row.locator(".qc-file-bad").count() == 1
    portal.page.locator("[data-upload-list] button").click()
    assert portal.page.locator("[data-upload-list] li").count() == 0
