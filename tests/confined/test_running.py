"""A module as a child process: what goes in and comes out, and that it ends when it must."""

import os
import time
from pathlib import Path

import pytest

from qualitycity.confined import running
from qualitycity.confined.limits import child_environment
from qualitycity.confined.running import ENDED_FOR_TIME, TookTooLong, run_module

CHILD = """
import os, subprocess, sys, time
from qualitycity.confined.limits import forbid_network, limit_memory, limit_time, limit_written
wish = sys.argv[1]
if wish == "echo":
    sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])
    print("heard", file=sys.stderr)
if wish == "environment":
    print(sorted(os.environ))
if wish == "sleep":
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(other.pid, flush=True)
    open(os.environ["TMPDIR"] + "/started", "w").write(str(other.pid))
    time.sleep(60)
if wish == "spin":
    limit_time(1)
    while True: pass
if wish == "swell":
    limit_memory(300)
    try: bytearray(400 * 1024 * 1024)
    except MemoryError: sys.exit(3)
if wish == "write":
    limit_written(1)
    sys.stdout.buffer.write(bytes(3 * 1024 * 1024))
if wish == "call":
    forbid_network()
    import socket
    socket.create_connection(("127.0.0.1", 9))
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the little module above."""
    (tmp_path / "child_of_test.py").write_text(CHILD)
    given = child_environment()
    search = f"{tmp_path}{os.pathsep}{running.PROJECT}"
    monkeypatch.setattr(running, "child_environment", lambda: {**given, "PYTHONPATH": search})

    def started(wish: str, **options):
        return run_module("child_of_test", wish, **{"seconds": 20, **options})

    return started


def test_what_goes_in_and_comes_out(run):
    ended = run("echo", given=b"abc" * 1_000_000)
    assert (ended.code, ended.out, ended.said) == (0, b"cba" * 1_000_000, "heard\n")


def test_no_secret_goes_along(run, monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "never")
    assert b"SECRET" not in run("environment").out
    assert "DJANGO_SECRET_KEY" not in child_environment()


def test_what_takes_too_long_is_ended_with_what_it_started(run, tmp_path):
    began = time.monotonic()
    with pytest.raises(TookTooLong):
        run("sleep", seconds=3, folder=tmp_path)
    assert time.monotonic() - began < 15
    other = Path("/proc") / (tmp_path / "started").read_text() / "stat"
    deadline = time.monotonic() + 5
    while (
        time.monotonic() < deadline
        and other.exists()
        and other.read_text().rpartition(")")[2].split()[0] != "Z"
    ):
        time.sleep(0.05)
    assert not other.exists() or other.read_text().rpartition(")")[2].split()[0] == "Z"


def test_limits_end_it(run):
    assert run("spin").code in ENDED_FOR_TIME
    assert run("swell").code == 3
    written = run("write")
    assert written.code != 0 and len(written.out) <= 1024 * 1024


def test_it_reaches_nobody(run):
    ended = run("call")
    assert ended.code == 1
    assert "without the network" in ended.said
