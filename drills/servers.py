"""What a drill starts for itself, on free loopback ports, in a folder of its own, and stops again: nothing else."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from aiosmtpd.controller import Controller
from django.db import connection

from ops import run
from ops.paths import ROOT

Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition: Callable[[], Found], seconds: float, what: str, every: float = 0.1) -> Found:
    """Polls until `condition()` is true and returns its value; `what` is the sentence of the failure."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)


def database_address() -> str:
    """The address of the database this process works on, as DATABASE_URL wants it."""
    # what the driver is really given: the embedded server answers on a socket whose folder stands in the options
    words = connection.get_connection_params()
    user = quote(words["user"]) + (f":{quote(words['password'])}" if words.get("password") else "")
    where = urlencode({"host": words.get("host", ""), "port": words.get("port", 5432)})
    return f"postgres://{user}@/{words['dbname']}?{where}"


class Sink:
    """An SMTP server that keeps what it is given; `delay` seconds per letter, which arrives in the middle of them."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.letters: list[tuple[list[str], Any]] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        # whoever dies before the middle has not sent it, whoever dies after it has: nobody can tell from outside
        await asyncio.sleep(self.delay / 2)
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        await asyncio.sleep(self.delay / 2)
        return "250 OK"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


class Program:
    """A process that leads a group of its own. `mark` stands in its log once it is ready to work."""

    def __init__(self, name: str, words: list[str], environ: dict[str, str], folder: Path, mark: bytes = b"") -> None:
        self.name, self.words, self.environ, self.mark = name, words, environ, mark
        self.log = folder / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    @property
    def backend(self) -> str:
        """The name under which the database knows the connections of the present group."""
        return f"drill-{self.name}-{self.starts}"

    def start(self) -> "Program":
        assert self.process is None, f"{self.name} runs already"
        self.starts += 1
        begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words,
                cwd=ROOT,
                env={**self.environ, "PGAPPNAME": self.backend},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self.mark:
            wait_for(lambda: self.mark in self._said(begun) or self.ended(), 60, f"{self.name} is ready")
            assert not self.ended(), self._said(begun).decode(errors="replace")[-2000:]
        return self

    def _said(self, begun: int) -> bytes:
        return self.log.read_bytes()[begun:]

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """`kill -9` of the whole group: head and children at once."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(10)
        self.process = None

    def stop(self, patience: float = 25) -> None:
        """Ask the head, wait, and kill what is left of the group."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def signal_group(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, number)


class Redis:
    """A redis-server as compose.yaml runs it, that can be killed, frozen, and robbed of its data."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed"
        self.port, self.data = free_port(), folder / "redis"
        self.url = f"redis://127.0.0.1:{self.port}/0"
        words = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.data), "--save", ""]
        words += ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
        self.program = Program("redis", words, dict(os.environ), folder, b"Ready to accept connections")

    def start(self) -> None:
        self.data.mkdir(exist_ok=True)
        self.program.start()

    def kill(self, *, data_gone: bool = False) -> None:
        self.program.kill()
        if data_gone:
            shutil.rmtree(self.data)

    def freeze(self) -> None:
        self.program.signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        self.program.signal_group(signal.SIGCONT)

    def stop(self) -> None:
        self.program.kill()


class Place:
    """The servers of one drill: Redis and the sink are up, the portal's programs are started by name."""

    def __init__(self, folder: Path, *, delay: float = 0.0, **environ: str) -> None:
        self.folder = folder
        self.redis, self.sink, self.port = Redis(folder), Sink(delay), free_port()
        self.environ = {**environ, "DATABASE_URL": database_address(), "REDIS_URL": self.redis.url}
        self.environ |= {"QC_VAR": str(folder), "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}"}
        self.environ |= {"DJANGO_SETTINGS_MODULE": "drills.settings", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
        self.environ |= {"PORTAL_BASE_URL": self.address, "WEB_CONCURRENCY": "2", "LOG_LEVEL": "INFO"}
        self.programs: list[Program] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def program(self, kind: str, name: str = "") -> Program:
        """The same commands as those of `make run`: `kind` is web, worker or beat. Not started yet."""
        words, name = run.commands(self.port)[kind], name or kind
        if kind == "beat":
            words += ["--schedule", str(self.folder / f"{name}-schedule")]
        if kind == "worker":
            words += ["--loglevel", "INFO"]
        program = Program(
            name, words, {**os.environ, **self.environ}, self.folder, b"ready." if kind == "worker" else b""
        )
        self.programs.append(program)
        return program

    def moved(self) -> None:
        """Programs started from now on go by the clock as it has been moved since."""
        for program in self.programs:
            program.environ = {**os.environ, **self.environ}

    @contextmanager
    def open(self) -> Iterator["Place"]:
        self.redis.start()
        self.sink.start()
        try:
            yield self
        finally:
            for program in reversed(self.programs):
                program.stop()
            self.redis.stop()
            self.sink.stop()


def backends_gone(program: Program) -> None:
    """Wait until the database has noticed that the program's connections are dead: what it had begun is then undone."""

    def none() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [program.backend])
            return cursor.fetchone()[0] == 0

    wait_for(none, 40, f"the database lets go of {program.backend}", every=0.05)
