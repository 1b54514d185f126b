"""Several programs as one: their lines under their names, and one stop for all of them.

Each program leads its own session, so that Ctrl-C in the terminal reaches the supervisor alone, and it can ask the
heads to stop: gunicorn and Celery then let their children finish. What is left after `patience` is killed.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import IO

COLOURS = ("36", "33", "32", "35")
# a closed terminal window stops everything like Ctrl-C
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs `commands` (name → words) under `environment` until one of them ends or a stop is asked for."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str], *, patience: float) -> None:
        self.commands = commands
        self.environment = environment
        self.patience = patience
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.width = max(map(len, commands))
        self.asked = 0
        self.writing = threading.Lock()

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked += 1

    def say(self, name: str, line: str) -> None:
        head = f"{name:<{self.width}} |"
        if sys.stdout.isatty():
            colour = COLOURS[list(self.commands).index(name) % len(COLOURS)]
            head = f"\033[{colour}m{head}\033[0m"
        with self.writing:
            print(head, line, flush=True)

    def _relay(self, name: str, lines: IO[bytes]) -> None:
        for line in lines:
            self.say(name, line.decode(errors="replace").rstrip())

    def _start(self) -> list[threading.Thread]:
        readers = []
        for name, words in self.commands.items():
            program = subprocess.Popen(
                words,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.programs[name] = program
            assert program.stdout is not None
            readers.append(threading.Thread(target=self._relay, args=[name, program.stdout], daemon=True))
            readers[-1].start()
        return readers

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [program for program in self.programs.values() if program.poll() is None]

    def _stop(self) -> None:
        """Ask every head, wait, then kill every session whole: a second Ctrl-C ends the waiting."""
        for program in self._running():
            program.terminate()
        asked, until = self.asked, time.monotonic() + self.patience
        while self._running() and time.monotonic() < until and self.asked == asked:
            time.sleep(0.05)
        for program in self.programs.values():
            try:
                # also where the head is gone: a child it left behind is in its session
                os.killpg(program.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            program.wait()

    def run(self) -> bool:
        """Block until all have stopped; whether a person asked for it (otherwise a program ended by itself)."""
        before = {sign: signal.signal(sign, self._ask) for sign in STOP_SIGNALS}
        readers = []
        try:
            readers = self._start()
            while not self.asked and len(self._running()) == len(self.programs):
                time.sleep(0.1)
            if self.asked:
                print("\nStopping; what is being done is finished first (Ctrl-C again: at once).", flush=True)
            for name, program in self.programs.items():
                if not self.asked and program.poll() is not None:
                    self.say(name, f"ended by itself with {program.returncode}")
        finally:
            self._stop()
            for reader in readers:
                reader.join(timeout=1)
            for sign, handler in before.items():
                signal.signal(sign, handler)
        return self.asked > 0
