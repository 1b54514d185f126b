"""The embedded database: reached by password, by roles without superuser rights, started and stopped as needed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from ops.paths import ROOT


def ask(var: Path, *words: str) -> str:
    command = [sys.executable, "-m", "ops.database", *words]
    environment = {**os.environ, "QC_VAR": str(var)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    # not below pytest's own folder, which another run makes unreachable for the server's user
    var = Path(tempfile.mkdtemp(prefix="quality-embedded-"))
    yield var
    ask(var, "stop")
    shutil.rmtree(var)


def test_only_the_tests_role_is_a_superuser_and_every_role_needs_its_password(cluster: Path) -> None:
    for role, superuser in (("owner", False), ("app", False), ("test", True)):
        address = ask(cluster, "url", role)
        with psycopg2.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (f"quality_{role}", superuser)
        connection.close()
        wrong = address.replace(":" + address.split(":")[2].split("@")[0] + "@", ":wrong@")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(wrong)


def test_the_portals_role_may_not_define_tables(cluster: Path) -> None:
    with psycopg2.connect(ask(cluster, "url", "app")) as connection, connection.cursor() as cursor:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE planted (x int)")
    connection.close()


def test_an_address_asked_for_stays_until_the_server_is_stopped(cluster: Path) -> None:
    address = ask(cluster, "url")
    psycopg2.connect(address).close()
    assert ask(cluster, "url") == address
    ask(cluster, "stop")
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(address)
    assert ask(cluster, "url") == address
