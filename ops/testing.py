"""`make test`: set up, then pytest under the test environment: `python -m ops.testing [pytest's words]`.

REQUIRE=redis,chromium makes a missing one a failure; without it the tests that need it are skipped and counted in
the closing lines (see conftest.py).
"""

import os
import subprocess
import sys

from ops import assets, environment, setup, system
from ops.database import addresses
from ops.paths import ROOT


def required() -> set[str]:
    words = {word.strip() for word in os.environ.get("REQUIRE", "").split(",") if word.strip()}
    unknown = words - {"redis", "chromium"}
    if unknown:
        sys.exit(f"REQUIRE knows redis and chromium, not {', '.join(sorted(unknown))}.")
    return words


def main() -> None:
    wanted = required()
    absent = setup.parts(system.RUN + system.TEST)
    assets.packages()
    if "chromium" in wanted and absent:
        sys.exit("Required and missing: " + ", ".join(need.package for need in absent))
    with addresses() as urls:
        environ = environment.testing(urls)
        if "redis" in wanted and not environment.redis_answers(environ.get("REDIS_URL", environment.LOCAL_REDIS)):
            sys.exit("Redis is required and does not answer. Start it, or name it in REDIS_URL.")
        browser = system.chromium()
        if browser:
            environ["CHROMIUM"] = browser
        setup.manage(environ, ["compile_catalogues"])
        done = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT, env=environ)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
