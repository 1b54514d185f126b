"""A live portal: real PostgreSQL, real Redis, a real worker process, a real SMTP sink, and Chromium.

Every page fails its test on a CSP report, a console error, or a request to anywhere else.
"""

import mimetypes
import os
import shutil
import subprocess
import sys
import time
from contextvars import copy_context
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from drills.servers import Sink, database_address

ROOT = Path(__file__).resolve().parent.parent.parent
#: Where pages live that the test's own client answers: see `browse`.
BASE = "http://portal.test"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


# before the hook of conftest.py above, which gives everything that drives a browser its group
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium on this machine")
    # the driver runs an event loop in this thread; the ORM would take it for asynchronous code
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=[*flags, "--disable-component-update", "--disable-sync"]
        )
        yield browser
        browser.close()
    # other tests look at the same environment, `check --deploy` among them
    patch.undo()


@pytest.fixture
def sink():
    handler = Sink()
    handler.start()
    yield handler
    handler.stop()


@pytest.fixture
def media(settings, tmp_path):
    """One folder for files, shared by the live server and the worker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture
def worker(transactional_db, sink, media):
    """A real Celery worker on the test database, over Redis where one answers, otherwise the filesystem broker."""
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qualitycity.settings.local",
        "DJANGO_SECRET_KEY": "only-for-tests-" + "0" * 50,
        "DATABASE_URL": database_address(),
        "QC_VAR": str(media),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }
    environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    log = (media / "worker.log").open("wb")
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "qualitycity",
        "worker",
        "-c",
        "1",
        "-Q",
        "default,mail,pdf,import",
    ]
    command += ["--without-gossip", "--without-mingle", "-l", "INFO"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    wait_until(lambda: b"ready." in (media / "worker.log").read_bytes() or process.poll() is not None)
    yield process
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    # what the worker could not do is the cause, not the page that waited for it in vain
    told = (media / "worker.log").read_text()
    assert "OperationalError" not in told, told[-2000:]


class Person:
    """One browser window of one person. `faults` must be empty at the end of every test."""

    def __init__(self, browser, base: str, size: dict) -> None:
        self.context = browser.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        self.page = self.context.new_page()
        self.base, self.clicks, self.faults, self.refusals = base, 0, [], []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message) -> None:
        # the browser itself reports refused statuses (422, 409) of pages that answer with a form: not a fault
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"request elsewhere: {request.url}")

    def open(self, path: str):
        return self.page.goto(self.base + path)

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.click(selector)

    def go(self, selector: str) -> None:
        """A click that leads to another page (or the same one anew); waits until it is there."""
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.click(selector)
        refused = self.page.locator(".qc-alert-bad, .qc-errors")
        self.refusals = [refused.nth(index).inner_text() for index in range(refused.count())]

    def sign_in(self, username: str, password: str = "secret-pass") -> "Person":
        self.open("/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.click("form:has(input[name=password]) button[type=submit]")
        self.page.wait_for_url(self.base + "/")
        return self


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Lets fixtures know whether the test itself failed, so that they can leave a picture of it."""
    report = yield
    if report.when == "call":
        item.failed_in_call = report.failed
    return report


@pytest.fixture
def portal(chromium, live_server, media, request):
    """`portal("liaison")` opens a window of that person; faults of all windows fail the test.

    When the test fails, the last view of every window is left in var/e2e.
    """
    people: list[Person] = []

    def open_window(username: str = "", size: dict = WIDE) -> Person:
        person = Person(chromium, live_server.url, size)
        people.append(person)
        return person.sign_in(username) if username else person

    yield open_window
    faults = [fault for person in people for fault in person.faults]
    for number, person in enumerate(people):
        if getattr(request.node, "failed_in_call", False):
            person.page.screenshot(
                path=ROOT / "var" / "e2e" / f"{request.node.name}-{number}.png", full_page=True
            )
        person.context.close()
    assert faults == []


@pytest.fixture
def browse(chromium, as_user):
    """`browse("leader", path)` → a page of Chromium whose every request the test client answers."""
    contexts, faults, inside = [], [], copy_context()

    def open_page(who, path, size=WIDE):
        client = as_user(who)

        def answer(route):
            asked = urlsplit(route.request.url)
            if asked.path.startswith("/static/"):
                found = finders.find(asked.path.removeprefix("/static/"))
                kind = mimetypes.guess_type(asked.path)[0] or "application/octet-stream"
                route.fulfill(path=found, content_type=kind) if found else route.fulfill(status=404)
                return
            headers = {name: value for name, value in route.request.headers.items() if name.startswith("hx-")}
            # the driver answers in a context of its own, in which the test's connection would not be found
            given = inside.copy().run(client.get, f"{asked.path}?{asked.query}", headers=headers)
            route.fulfill(status=given.status_code, body=given.content, headers=dict(given.items()))

        context = chromium.new_context(viewport=size, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.route("**/*", answer)
        page.goto(BASE + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def wait_until(condition, seconds: float = 40.0, every: float = 0.3):
    """Polls until `condition()` is true; returns its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise AssertionError("it did not happen in time")
