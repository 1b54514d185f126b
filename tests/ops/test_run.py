"""The supervisor of `make run`: a taken port is said, a stop reaches everything, a stop is gentle."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ops import run
from ops.paths import ROOT

# a parent with a child of its own, like gunicorn and Celery: asked to stop, it lets the child finish its work
PARENT = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", CHILD])
def stop(*_):
    child.wait()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
while True:
    time.sleep(0.05)
"""
CHILD = 'import pathlib, time; time.sleep(2); pathlib.Path({done!r}).write_text("finished")'
SUPERVISE = """
import os, sys
from ops.supervisor import Supervisor
commands = {"one": [sys.executable, "-c", sys.argv[1]], "two": ["sleep", "600"]}
supervisor = Supervisor(commands, dict(os.environ), patience=float(sys.argv[2]))
print("by hand" if supervisor.run() else "by itself")
"""


def supervise(program: str, *, patience: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", SUPERVISE, program, str(patience)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """In a container nobody may collect the orphans: a zombie does nothing and counts as gone."""
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def lines_until(supervisor: subprocess.Popen[str], word: str) -> list[str]:
    assert supervisor.stdout is not None
    lines: list[str] = []
    while not lines or word not in lines[-1]:
        lines.append(supervisor.stdout.readline())
        assert lines[-1], f"it ended without saying {word!r}: {lines}"
    return lines


def test_a_taken_port_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit, match=rf"Port {port} cannot be used .*choose another: make run PORT="):
            run.chosen_port()


@pytest.mark.parametrize("words", ["http", "0", "70000", "-1", "80 80"])
def test_a_port_that_is_none_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("PORT", words)
    with pytest.raises(SystemExit, match="PORT must be a number from 1 to 65535"):
        run.chosen_port()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_lets_work_finish_and_leaves_no_process(tmp_path: Path, sign: signal.Signals) -> None:
    done = tmp_path / "done"
    parent = PARENT.replace("CHILD", repr(CHILD.format(done=str(done))))
    supervisor = supervise(parent, patience=10)
    assert lines_until(supervisor, "up")[-1] == "one | up\n"
    family = psutil.Process(supervisor.pid).children(recursive=True)
    assert len(family) == 3
    supervisor.send_signal(sign)
    said, _ = supervisor.communicate(timeout=20)
    assert said.endswith("by hand\n")
    assert done.read_text() == "finished"
    assert still_alive(family) == []


def test_one_that_does_not_stop_is_killed_with_all_its_children() -> None:
    stubborn = PARENT.replace("CHILD", repr("import time; time.sleep(600)"))
    supervisor = supervise(stubborn, patience=0.5)
    lines_until(supervisor, "up")
    family = psutil.Process(supervisor.pid).children(recursive=True)
    supervisor.send_signal(signal.SIGINT)
    said, _ = supervisor.communicate(timeout=20)
    assert said.endswith("by hand\n")
    assert still_alive(family) == []


def test_one_that_dies_takes_the_others_along() -> None:
    started = time.monotonic()
    said, _ = supervise("import sys; sys.exit(3)", patience=10).communicate(timeout=20)
    assert said == "one | ended by itself with 3\nby itself\n"
    assert time.monotonic() - started < 10


def test_worker_and_beat_are_started_as_the_design_says() -> None:
    commands = run.commands(8000)
    assert set(commands) == {"web", "worker", "beat"}
    worker = " ".join(commands["worker"])
    for words in ("-Q default,mail,pdf,import", "--without-gossip", "--without-mingle", "--concurrency 2"):
        assert words in worker
    assert "127.0.0.1:8000" in commands["web"]
