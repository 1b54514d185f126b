"""Static files can be collected as `make run` and the image do it, and every name they hold leads somewhere."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from qualitycity.home.storage import PortalStaticStorage


@pytest.fixture
def collected(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Plain name → hashed name."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "qualitycity.home.storage.PortalStaticStorage"}
    }
    # compressing takes half a minute and changes no name
    monkeypatch.setattr(PortalStaticStorage, "compress_files", lambda self, names: [])
    call_command("collectstatic", "--noinput", verbosity=0)
    return json.loads((tmp_path / "staticfiles.json").read_text())["paths"]


def test_what_pages_load_is_collected(collected: dict[str, str]) -> None:
    assert {"vendor/tabler.min.css", "vendor/icons.svg", "django_htmx/htmx-2.min.js"} <= set(collected)


def test_imports_between_the_portals_scripts_carry_hashed_names(collected: dict[str, str], tmp_path: Path) -> None:
    followed = 0
    for plain, hashed in collected.items():
        if not (plain.startswith("portal/") and plain.endswith(".js")):
            continue
        for name in re.findall(r"""^import\b[^;]*?["'](\.[^"']+)["']""", (tmp_path / hashed).read_text(), re.M):
            target = (tmp_path / hashed).parent / name
            assert target.is_file() and target.name in {Path(path).name for path in collected.values()}, (plain, name)
            followed += 1
    assert followed
