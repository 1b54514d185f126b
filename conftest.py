"""How the suite runs: what it needs, what it skips, and the closing lines that say so.

Tests marked `browser` need Chromium (CHROMIUM holds its path), tests marked `redis` need REDIS_URL. Without them
they are skipped and counted; with REQUIRE=redis,chromium they fail instead.
"""

import os

import pytest

from ops import system

NEEDS = {"browser": "chromium", "redis": "redis"}


def _present() -> dict[str, bool]:
    return {"chromium": system.chromium() is not None, "redis": bool(os.environ.get("REDIS_URL"))}


def _required() -> set[str]:
    return {word.strip() for word in os.environ.get("REQUIRE", "").split(",") if word.strip()}


def pytest_configure(config: pytest.Config) -> None:
    browser = system.chromium()
    if browser:
        os.environ.setdefault("CHROMIUM", browser)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    present, required = _present(), _required()
    for item in items:
        # one browser and one worker at a time: on two processors a second one only makes both late
        if item.get_closest_marker("browser") or item.get_closest_marker("worker"):
            item.add_marker(pytest.mark.xdist_group("live"))
        for mark, part in NEEDS.items():
            if item.get_closest_marker(mark) and not present[part] and part not in required:
                item.add_marker(pytest.mark.skip(reason=f"no {part}"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Groups must hold: two workers of two live tests on one broker would take each other's messages.

    pytest-xdist writes the group into the node id; a pytest that keeps its ids elsewhere makes that fail silently.
    """
    if not session.config.getoption("loadgroup", default=False):
        return
    loose = [item.nodeid for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
    if loose:
        raise pytest.UsageError(f"groups of pytest-xdist do not hold for this pytest: {loose[0]} and others")


def pytest_runtest_setup(item: pytest.Item) -> None:
    present = _present()
    for mark, part in NEEDS.items():
        if item.get_closest_marker(mark) and not present[part]:
            pytest.fail(f"{part} is required (REQUIRE) and missing", pytrace=False)


def _database_version() -> str:
    """Server version in words, asked of the server the suite ran on."""
    import psycopg2
    from django.conf import settings
    from django.db import connections

    words = connections["default"].get_connection_params() | {"dbname": "postgres"}
    words.pop("cursor_factory", None)
    where = "embedded" if "/pg" in str(words.get("host", "")) else str(words.get("host") or "local socket")
    try:
        connection = psycopg2.connect(**words)
    except psycopg2.Error as error:
        return f"PostgreSQL: {settings.DATABASES['default']['NAME']} does not answer ({error})"
    version = connection.info.parameter_status("server_version")
    connection.close()
    return f"PostgreSQL {version} ({where})"


def _redis_version() -> str | None:
    url = os.environ.get("REDIS_URL")
    if not url:
        return None
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return f"Redis {client.info('server')['redis_version']}"
    except redis.RedisError as error:
        return f"Redis does not answer ({error})"


def _skipped_for(reporter, part: str) -> int:
    reports = reporter.stats.get("skipped", [])
    return sum(f"no {part}" in str(report.longrepr) for report in reports)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    from django.conf import settings

    line = terminalreporter.write_line
    terminalreporter.section("ran on")
    line(_database_version())
    line(_redis_version() or f"no Redis: {_skipped_for(terminalreporter, 'redis')} tests skipped")
    if not _present()["chromium"]:
        line(f"no Chromium: {_skipped_for(terminalreporter, 'chromium')} tests skipped")
    line("broker: " + ("Redis" if os.environ.get("REDIS_URL") else settings.CELERY_BROKER_URL.partition(":")[0]))
