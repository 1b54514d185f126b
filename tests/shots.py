"""Pictures of every page and state at both widths, and of the pages of the papers: `python -m tests.shots [words]`.

The fictional city and the archives are loaded into a scratch database, a live portal is started, and every line of
`shot_list.SHOTS` is opened in Chromium. Words narrow the list to names that contain one of them. The pictures are
written to var/shots (emptied first when no words are given). A report of the Content-Security-Policy, a console
error, a request to anywhere else, a page wider than its screen, a broken rule of WCAG or an unexpected status make
the run fail, after the pictures are taken.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualitycity.settings.test")
# the driver of the browser runs an event loop in this thread; the ORM would take it for asynchronous code
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "shots"
DATABASE = "quality_city_shots"
#: Pictures of longer pages stop here: what follows are more of the same rows.
TALLEST = 6000
#: The innermost elements that reach beyond the right edge of the screen.
STICKS_OUT = """
    [...document.querySelectorAll("body *")]
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
      .filter((node) => ![...node.children].some((child) => child.getBoundingClientRect().right > innerWidth + 1))
      .slice(0, 3)
      .map((node) => `${node.tagName.toLowerCase()}.${node.className} “${node.textContent.trim().slice(0, 12)}”`)
      .join("; ")
"""


def main(words: list[str]) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = DATABASE
    connection = connections["default"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    if not words:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    with tempfile.TemporaryDirectory() as media:
        settings.MEDIA_ROOT = media
        settings.PORTAL_OFFICE_CONTACT = "市质量强市办 0999-5550010"
        try:
            return take(words)
        finally:
            connections.close_all()
            drop(connection)


def drop(connection: Any) -> None:
    """Removes the scratch database; threads of the portal that is going down may still hold a connection."""
    import psycopg2

    words = connection.get_connection_params() | {"dbname": "postgres"}
    words.pop("cursor_factory", None)
    admin = psycopg2.connect(**words)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    admin.close()


def take(words: list[str]) -> int:
    """Number of faults; the list is printed."""
    from qualitycity.outbox.drain import drain

    from .shot_list import LATE_SHOTS, SHOTS, City, lengthen, settle

    city = settle()
    with Portal() as portal, Camera(portal.url, city) as camera:
        for shot in SHOTS:
            if wanted(shot.name, words):
                camera.take(shot)
        if wanted("papers", words):
            # slips, bulletins and meetings are set by jobs
            drain("pdf", limit=200)
            camera.papers()
        late = [shot for shot in LATE_SHOTS if wanted(shot.name, words)]
        if late:
            lengthen(city)
        for shot in late:
            camera.take(shot)
        pictures, faults = camera.pictures, camera.faults
    assert isinstance(city, City)
    for picture in pictures:
        print(picture.relative_to(ROOT))
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(pictures)} pictures, {len(faults)} faults")
    return len(faults)


def wanted(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


class Portal:
    """The portal on a free port of this machine, with its static files."""

    def __enter__(self) -> "Portal":
        from django.contrib.staticfiles.handlers import StaticFilesHandler
        from django.test.testcases import LiveServerThread

        # style sheets and scripts as they stand in the tree, not as they were last collected
        self.thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        if self.thread.error:
            raise self.thread.error
        self.url = f"http://127.0.0.1:{self.thread.port}"
        return self

    def __exit__(self, *error: Any) -> None:
        self.thread.terminate()


class Camera:
    def __init__(self, base: str, city: Any) -> None:
        self.base, self.city = base, city
        self.pictures: list[Path] = []
        self.faults: list[str] = []

    def __enter__(self) -> "Camera":
        from playwright.sync_api import sync_playwright

        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        if not path:
            sys.exit("Chromium is needed: name it in CHROMIUM, or type: sudo apt-get install chromium")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
        self.driver = sync_playwright().start()
        self.browser = self.driver.chromium.launch(
            executable_path=path, args=[*flags, "--disable-component-update", "--disable-sync"]
        )
        return self

    def __exit__(self, *error: Any) -> None:
        self.browser.close()
        self.driver.stop()

    def take(self, shot: Any) -> None:
        from tests.e2e.conftest import NARROW, WIDE

        for size in (WIDE, NARROW):
            name = f"{shot.name}-{size['width']}"
            try:
                self._picture(shot, size, name)
            except Exception as error:  # noqa: BLE001 - one page that fails must not cost all other pictures
                self.faults.append(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}")

    def _picture(self, shot: Any, size: dict[str, int], name: str) -> None:
        from tests.e2e.axe import violations
        from tests.e2e.conftest import Person

        person = Person(self.browser, self.base, size)
        try:
            cookies = {"django_language": shot.language}
            if shot.who:
                cookies["sessionid"] = self.city.session(shot.person(self.city))
            person.context.add_cookies(
                [{"name": key, "value": value, "url": self.base} for key, value in cookies.items()]
            )
            answer = person.open(shot.address(self.city))
            if answer.status != shot.status:
                self.faults.append(f"{name}: answered {answer.status} instead of {shot.status}")
            if shot.act:
                shot.act(person.page)
            person.page.wait_for_load_state("networkidle")
            person.page.evaluate("document.fonts.ready")
            width, height = person.page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            )
            if width > size["width"]:
                outermost = person.page.evaluate(STICKS_OUT)
                self.faults.append(f"{name}: {width} pixels wide on a screen of {size['width']}: {outermost}")
            self._keep(person.page, name, size["width"], min(height, TALLEST))
            # as high as the page: bars that stay at the bottom of a screen lie below what they cover for a while
            person.page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
            self.faults += [f"{name}: {fault}" for fault in violations(person.page)]
            self.faults += [f"{name}: {fault}" for fault in person.faults]
        finally:
            person.context.close()

    def _keep(self, page: Any, name: str, width: int, height: int) -> None:
        path = FOLDER / f"{name}.png"
        page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
        self.pictures.append(path)

    def papers(self) -> None:
        """PDF pages as pictures: report, unit's form, and what the browser prints of a programme."""
        from tests.e2e.conftest import WIDE, Person

        from .shot_list import PAPERS, PRINTED

        for name, read in PAPERS.items():
            try:
                self._pages(name, read(self.city))
            except LookupError as missing:
                self.faults.append(f"{name}: {missing}")
        for shot in PRINTED:
            person = Person(self.browser, self.base, WIDE)
            person.context.add_cookies([{"name": "sessionid", "value": self.city.session(shot.who), "url": self.base}])
            person.open(shot.address(self.city))
            self._pages(shot.name, person.page.pdf(prefer_css_page_size=True, print_background=True))
            self.faults += [f"{shot.name}: {fault}" for fault in person.faults]
            person.context.close()

    def _pages(self, name: str, content: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(content)
            file.flush()
            target = FOLDER / name
            subprocess.run(["pdftoppm", "-png", "-r", "70", "-l", "12", file.name, str(target)], check=True)
        self.pictures += sorted(FOLDER.glob(f"{name}-*.png"))


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
