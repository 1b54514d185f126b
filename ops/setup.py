"""Everything between an installed virtual environment and a portal that can start. Each step is quick when done."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

from ops import assets, fonts, stamps, system
from ops.commands import SEPARATOR
from ops.paths import ACCOUNTS, ASSETS, ROOT, STAMPS, VAR

SAMPLE_STAMP = STAMPS / "sample-city"
STATIC_STAMP = STAMPS / "static"


def parts(needs: tuple[system.Need, ...] = system.RUN) -> list[system.Need]:
    """System packages, fonts and front-end files; returns the essential packages that are still missing."""
    absent = system.ensure(needs)
    fonts.ensure()
    assets.ensure()
    return [need for need in absent if need.essential]


def manage(environment: dict[str, str], *commands: list[str]) -> str:
    """Run management commands in one process; ends the set-up with their own words when one fails.

    Returns what they printed.
    """
    words = [word for command in commands for word in (SEPARATOR, *command)][1:]
    done = subprocess.run(
        [sys.executable, "-m", "ops.commands", *words], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE
    )
    if done.returncode:
        print(done.stdout, end="", flush=True)
        sys.exit("The set-up did not get through; why stands above.")
    return done.stdout


def static_digest() -> str:
    """Of everything static files are collected from: the project's own, the front-end parts, and the packages'."""
    folders = [*ROOT.glob("*/static"), *ROOT.glob("qualitycity/*/static"), ASSETS]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    settings = sorted((ROOT / "qualitycity" / "settings").glob("*.py"))
    return stamps.digest(*files, *settings, ROOT / "requirements" / "base.txt", extra=map(str, files))


def data(owner: dict[str, str], app: dict[str, str]) -> None:
    """Catalogues, static files, tables and rights as the owner; programmes and the sample city as the portal."""
    commands = [["compile_catalogues"], ["migrate", "--noinput", "--verbosity=0"]]
    static = static_digest()
    if not (stamps.is_current(STATIC_STAMP, static) and (VAR / "static" / "staticfiles.json").exists()):
        # compressing takes half a minute
        commands.append(["collectstatic", "--noinput", "--clear", "--verbosity=0"])
    if owner["DATABASE_URL"] != app["DATABASE_URL"]:
        role = urlsplit(app["DATABASE_URL"]).username
        assert role is not None, "DATABASE_URL names the role the portal runs as"
        commands.append(["grant_runtime_role", role])
    print("setup: tables, texts and static files", flush=True)
    manage(owner, *commands)
    stamps.write(STATIC_STAMP, static)
    manage(app, ["load_programmes"])
    sample(app)


def sample(app: dict[str, str]) -> None:
    """Build the fictional city once per database and keep its accounts in var/accounts.txt (0600).

    QC_SAMPLE=no leaves it out: for a portal meant for real work.
    """
    if os.environ.get("QC_SAMPLE", "yes").lower() in ("no", "0", "false"):
        return
    value = stamps.digest(extra=[app["DATABASE_URL"]])
    if stamps.is_current(SAMPLE_STAMP, value):
        return
    print("setup: building the fictional city 示例市 with a year of work (a minute or two, once)", flush=True)
    manage(app, ["load_sample_city", f"--accounts-file={ACCOUNTS}"])
    stamps.write(SAMPLE_STAMP, value)
