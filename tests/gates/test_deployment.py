"""What stands in compose.yaml, the Dockerfile and .env.example agrees with itself and with how the portal runs."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ops.run import QUEUES
from tests.gates.tree import ROOT, plant

SECRET = re.compile(r"PASSWORD|SECRET")


def compose_faults(root: Path) -> list[str]:
    """What would make the composed portal unsafe or lame."""
    composed = yaml.safe_load((root / "compose.yaml").read_text())
    services = composed["services"]
    example = (root / ".env.example").read_text()
    out = [f"no service {name}" for name in ("web", "worker", "beat", "postgres", "redis") if name not in services]
    if out:
        return out
    redis = " ".join(services["redis"]["command"])
    for words in ("--appendonly yes", "--maxmemory-policy noeviction"):
        if words not in redis:
            out.append(f"redis runs without {words}")
    for name, service in services.items():
        environment = service.get("environment", {})
        owner = "quality_owner" in environment.get("DATABASE_URL", "")
        if owner != (name == "migrate") and "DATABASE_URL" in environment:
            out.append(f"{name} uses the wrong database role")
        for variable, value in environment.items():
            if SECRET.search(variable) and not re.fullmatch(r"\$\{\w+:-\}", str(value)):
                out.append(f"{name}: {variable} has a value of its own")
        for port in service.get("ports", ()):
            if not port.startswith("127.0.0.1:"):
                out.append(f"{name} is open to the network without TLS: {port}")
    worker = services["worker"]["command"]
    if QUEUES not in worker or "--without-gossip" not in worker or "--without-mingle" not in worker:
        out.append("the worker is started otherwise than by make run")
    named = set(re.findall(r"\$\{(\w+)", (root / "compose.yaml").read_text())) - {"PORTAL_VERSION"}
    out += [f".env.example does not name {name}" for name in sorted(named) if not re.search(rf"^{name}=", example, re.M)]
    filled = re.findall(r"^\w*(?:PASSWORD|SECRET)\w*=.+$", example, re.M)
    out += [f".env.example holds a secret: {line}" for line in filled]
    return out


def deploy_warnings(**changed: str) -> list[str]:
    """What `manage.py check --deploy` says of the production settings with a sound environment, or a changed one."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qualitycity.settings.production",
        "DJANGO_SECRET_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": "quality.example.gov.cn",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment | changed, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def test_the_deployment_check_is_silent() -> None:
    assert deploy_warnings() == []


def test_an_unsafe_setting_is_found() -> None:
    assert any("security.W008" in line for line in deploy_warnings(SECURE_SSL_REDIRECT="no"))


def test_a_missing_setting_is_named() -> None:
    assert any("SECRET_KEY" in line for line in deploy_warnings(DJANGO_SECRET_KEY=""))


def test_compose_file_is_sound() -> None:
    assert compose_faults(ROOT) == []


@pytest.mark.parametrize(
    ("sound", "planted", "word"),
    [
        ("noeviction", "allkeys-lru", "noeviction"),
        ("quality_app:${POSTGRES_APP_PASSWORD:-}", "quality_owner:${POSTGRES_APP_PASSWORD:-}", "wrong database role"),
        ("DJANGO_SECRET_KEY: ${DJANGO_SECRET_KEY:-}", "DJANGO_SECRET_KEY: abc", "has a value"),
        ("127.0.0.1:${PORT:-8000}:8000", "8000:8000", "open to the network"),
        ("default,mail,pdf,import", "default", "otherwise than"),
        ("${EMAIL_URL:-}", "${MAIL_SERVER:-}", "does not name MAIL_SERVER"),
    ],
)
def test_planted_faults_are_found(tmp_path: Path, sound: str, planted: str, word: str) -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert sound in text
    plant(tmp_path, ".env.example", (ROOT / ".env.example").read_text())
    plant(tmp_path, "compose.yaml", text.replace(sound, planted))
    assert any(word in fault for fault in compose_faults(tmp_path))


def test_docker_reads_the_compose_file(tmp_path: Path) -> None:
    """With the example settings, and in a fresh checkout without any."""
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose on this machine")
    for name in ("compose.yaml", "Dockerfile", ".env.example"):
        plant(tmp_path, name, (ROOT / name).read_text())
    for settings in ([], ["--env-file", ".env.example"]):
        command = ["docker", "compose", *settings, "config", "--quiet"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
