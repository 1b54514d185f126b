"""Run one command in the portal's environment: `python -m ops.within local|test -- command and its words`.

Starts the embedded database when it does not run, and stops it afterwards. `python` stands for the virtual
environment's; `local-owner` is `local` with the role that owns the tables.
"""

import os
import subprocess
import sys

from ops import environment, setup, system
from ops.database import addresses
from ops.paths import ROOT, VENV

KINDS = ("local", "local-owner", "test")


def main() -> None:
    words = sys.argv[1:]
    if len(words) < 3 or words[0] not in KINDS or words[1] != "--":
        sys.exit(f"usage: python -m ops.within {'|'.join(KINDS)} -- command …")
    kind, command = words[0], words[2:]
    if kind == "test":
        # pictures and measurements of a fresh clone: what `make run` and `make test` set up by themselves
        setup.parts(system.RUN + system.TEST)
    with addresses() as urls:
        if kind == "test":
            environ = environment.testing(urls)
            setup.manage(environ, ["compile_catalogues"])
        else:
            port = int(os.environ.get("PORT") or 8000)
            environ = environment.local(urls, port, role="owner" if kind == "local-owner" else "app")
        browser = system.chromium()
        if browser:
            environ["CHROMIUM"] = browser
        environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environ.get('PATH', '')}"
        done = subprocess.run(command, cwd=ROOT, env=environ)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
