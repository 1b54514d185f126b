"""The environment variables under which the portal's processes run on this machine."""

import os
import socket
import zlib
from urllib.parse import urlsplit

from ops import secret
from ops.paths import ASSETS, FONTS, ROOT, TEST_VAR, VAR

# one of the server's databases by checkout: two test runs on one machine must not take each other's jobs
LOCAL_REDIS = f"redis://127.0.0.1:6379/{1 + zlib.crc32(str(ROOT).encode()) % 15}"


def base(addresses: dict[str, str], role: str) -> dict[str, str]:
    """What is common: this process's environment, the data folder and the database address of `role`."""
    return {
        **os.environ,
        "QC_VAR": str(VAR),
        "DATABASE_URL": addresses[role],
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def local(addresses: dict[str, str], port: int, *, role: str = "app") -> dict[str, str]:
    """For `make run`: production-like, plain HTTP on the loopback address."""
    environment = base(addresses, role) | {"DJANGO_SETTINGS_MODULE": "qualitycity.settings.local", "PORT": str(port)}
    environment.setdefault("DJANGO_SECRET_KEY", secret.load()["DJANGO_SECRET_KEY"])
    environment.setdefault("PORTAL_BASE_URL", f"http://127.0.0.1:{port}")
    # the number of the fictional city's office, as its contact book has it
    environment.setdefault("PORTAL_OFFICE_CONTACT", "示例市质量强市工作领导小组办公室 0999-5550100")
    return environment


def redis_answers(url: str) -> bool:
    """Whether something accepts connections where the address points, within a second."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=1).close()
    except OSError:
        return False
    return True


def testing(addresses: dict[str, str]) -> dict[str, str]:
    """For `make test`: own data folder (own broker), the assets and fonts of the real one, Redis where it answers."""
    TEST_VAR.mkdir(parents=True, exist_ok=True)
    for shared in (ASSETS, FONTS):
        shared.mkdir(parents=True, exist_ok=True)
        link = TEST_VAR / shared.name
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(shared)
    environment = base(addresses, "test") | {
        "DJANGO_SETTINGS_MODULE": "qualitycity.settings.test",
        "QC_VAR": str(TEST_VAR),
    }
    if "REDIS_URL" not in environment and redis_answers(LOCAL_REDIS):
        environment["REDIS_URL"] = LOCAL_REDIS
    return environment
