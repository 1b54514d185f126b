"""The passwords of one machine, made once and kept in var/secrets (0600): `NAME=value` lines."""

import secrets

from ops.paths import SECRETS, open_private

NAMES = (
    "DJANGO_SECRET_KEY",
    "POSTGRES_SUPERUSER_PASSWORD",
    "POSTGRES_OWNER_PASSWORD",
    "POSTGRES_APP_PASSWORD",
    "POSTGRES_TEST_PASSWORD",
)


def load() -> dict[str, str]:
    """Every name in NAMES with its value; a value not yet there is made and written down."""
    known: dict[str, str] = {}
    if SECRETS.exists():
        pairs = (line.partition("=") for line in SECRETS.read_text().splitlines() if "=" in line)
        known = {name: value for name, _, value in pairs}
    absent = [name for name in NAMES if name not in known]
    if absent:
        # hexadecimal: safe in an address and in a shell
        known |= {name: secrets.token_hex(32) for name in absent}
        open_private(SECRETS)
        SECRETS.write_text("".join(f"{name}={value}\n" for name, value in known.items()))
    return known
