"""Setting up: what is missing is said with the line to type, and what is done is not done again."""

import stat
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from ops import assets, bootstrap, lock, secret, stamps, system


def test_an_old_python_is_named_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"(?s)Python 3\.11 or newer is needed.*is 3\.9\.2.*apt-get install"):
        bootstrap.check_python()


def test_a_python_without_venv_is_told_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bootstrap.sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match=r"apt-get install python3\.\d+-venv"):
        bootstrap.check_python()


def test_a_stamp_holds_until_a_file_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "lock.txt", tmp_path / "stamps" / "lock"
    source.write_text("a==1")
    stamps.write(stamp, stamps.digest(source))
    assert stamps.is_current(stamp, stamps.digest(source))
    source.write_text("a==2")
    assert not stamps.is_current(stamp, stamps.digest(source))


def test_the_tests_environment_serves_the_portal_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LOCK_FOLDER", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "venv")
    small, large = tmp_path / "local.txt", tmp_path / "test.txt"
    small.write_text("django==5.2 \\\n    --hash=sha256:00\n")
    large.write_text("django==5.2 \\\n    --hash=sha256:00\npytest==9 \\\n    --hash=sha256:00\n")
    assert not bootstrap.is_installed("local") and not bootstrap.is_installed("test")
    stamps.write(bootstrap.stamp("test"), stamps.digest(large))
    assert bootstrap.is_installed("local") and bootstrap.is_installed("test")
    small.write_text("django==5.3 \\\n    --hash=sha256:00\n")
    assert not bootstrap.is_installed("local") and bootstrap.is_installed("test")
    stamps.write(bootstrap.stamp("local"), stamps.digest(small))
    assert bootstrap.is_installed("local")


def test_a_user_without_root_is_given_one_line_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "as_root", lambda: None)
    there = system.Need("there", "something", lambda: True)
    gone = (system.Need("gone-a", "one thing", lambda: False), system.Need("gone-b", "another", lambda: False))
    assert system.ensure((there, *gone)) == list(gone)
    said = capsys.readouterr().out
    assert "gone-a (one thing), gone-b (another)" in said
    assert "\n    sudo apt-get install --no-install-recommends gone-a gone-b\n" in said


def test_a_complete_machine_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_words: object) -> None:
        raise AssertionError("nothing is to be installed")

    monkeypatch.setattr(system.subprocess, "run", fail)
    assert system.ensure((system.Need("there", "something", lambda: True),)) == []


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "SECRETS", tmp_path / "var" / "secrets")
    first = secret.load()
    assert set(first) == set(secret.NAMES)
    assert len(set(first.values())) == len(secret.NAMES)
    assert all(len(value) == 64 for value in first.values())
    assert stat.S_IMODE(secret.SECRETS.stat().st_mode) == 0o600
    assert secret.load() == first


def test_the_sprite_holds_each_icon_without_its_invisible_frame(tmp_path: Path) -> None:
    drawing = (
        '<svg xmlns="http' + '://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor">'
        '<path stroke="none" d="M0 0h24v24H0z" fill="none"/><path d="M1 1h2"/></svg>'
    )
    for kind in ("outline", "filled"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "bell.svg").write_text(drawing)
    names = assets.icon_names("# remark\nbell\n\nbell-filled  # twice drawn\nbell\n")
    assert names == ["bell", "bell-filled"]
    symbols = list(ET.fromstring(assets.sprite(names, tmp_path)))
    assert [(symbol.get("id"), len(symbol)) for symbol in symbols] == [("bell", 1), ("bell-filled", 1)]
    with pytest.raises(KeyError, match="names an icon that does not exist: horse"):
        assets.sprite(["horse"], tmp_path)


def test_the_npm_lock_keeps_hashes_and_loses_addresses() -> None:
    package = {"version": "1", "integrity": "sha512-x", "resolved": "x", "funding": {"url": "x"}}
    assert lock.without_addresses({"packages": {"node_modules/a": package}}) == {
        "packages": {"node_modules/a": {"version": "1", "integrity": "sha512-x"}}
    }
