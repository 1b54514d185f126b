"""`make run`: set everything up, then gunicorn, a Celery worker and beat under one supervisor until Ctrl-C."""

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from ops import environment, setup
from ops.database import addresses
from ops.paths import ACCOUNTS, VAR
from ops.supervisor import Supervisor

QUEUES = "default,mail,pdf,import"
# a PDF takes up to some twenty seconds: let it finish; a job cut off is done again by the outbox
PATIENCE = 25


def chosen_port() -> int:
    words = os.environ.get("PORT") or "8000"
    if not words.isdecimal() or not 0 < int(words) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {words!r}.")
    port = int(words)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(
                f"Port {port} cannot be used ({error.strerror}). Stop what uses it, or choose another: "
                f"make run PORT={port + 1 if port < 65535 else 8000}"
            )
    return port


def commands(port: int) -> dict[str, list[str]]:
    """The three programs, by the name that stands before each of their lines."""
    programs = Path(sys.executable).parent
    web = [str(programs / "gunicorn"), "qualitycity.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    web += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--graceful-timeout", "20"]
    if not os.environ.get("WEB_CONCURRENCY"):
        web += ["--workers", "2"]
    if Path("/dev/shm").is_dir():
        web += ["--worker-tmp-dir", "/dev/shm"]
    celery = [str(programs / "celery"), "--quiet", "-A", "qualitycity.celery:app"]
    worker = [*celery, "worker", "-Q", QUEUES, "--concurrency", "2", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(VAR / "beat-schedule")]
    return {"web": web, "worker": worker, "beat": beat}


def announce(port: int) -> None:
    """Say that the portal is ready once it answers, with the demonstration accounts."""
    address = f"http://127.0.0.1:{port}/"
    # a proxy of the network has no business with this machine's own address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(240):
        try:
            opener.open(address, timeout=5).close()
        except urllib.error.HTTPError as answer:
            if answer.code >= 500:
                return  # it speaks for itself in the lines above
            break
        except OSError:
            time.sleep(0.25)
        else:
            break
    else:
        return
    accounts = ACCOUNTS.read_text() if ACCOUNTS.exists() else ""
    print(f"\n{accounts}\nThe portal is ready: {address}   (Ctrl-C stops it; the data stays)\n", flush=True)


def main() -> None:
    port = chosen_port()
    # what people upload is nobody else's business on this machine
    os.umask(0o077)
    setup.parts()
    with addresses() as urls:
        environ = environment.local(urls, port)
        setup.data(environment.local(urls, port, role="owner"), environ)
        supervisor = Supervisor(commands(port), environ, patience=PATIENCE)
        threading.Thread(target=announce, args=[port], daemon=True).start()
        by_hand = supervisor.run()
    print("The portal has stopped." if by_hand else "One of the programs ended by itself; its last lines are above.")
    sys.exit(0 if by_hand else 1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped before the portal was up; `make run` goes on from here.")
