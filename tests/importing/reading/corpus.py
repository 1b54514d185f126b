"""Reads hundreds of damaged files in one process: `python -m tests.importing.reading.corpus`.

Prints as JSON, for each kind of damage, how often which answer came; a library that takes the process down ends it here.
"""

import json
import sys
from collections import Counter, defaultdict

from programs.importing.read_child import answer
from programs.importing.reading.kinds import judge
from programs.importing.source import Unreadable
from qualitycity.confined.limits import forbid_network, limit_memory, limit_time
from tests.importing.reading import builders, hostile, prints

FLIPS, CUTS, REPACKED = 24, 30, 80


def originals() -> dict[str, bytes]:
    return {
        "txt": builders.txt("gb18030"),
        "html": builders.sample_html(),
        "docx": builders.sample_docx(),
        "pdf": prints.sample_pdf(),
        "xlsx": builders.sample_xlsx(),
    }


def told(name: str, data: bytes) -> str:
    """ "read", or the code of the sentence."""
    try:
        format = judge(name, data)
    except Unreadable as error:
        return error.code
    said = answer(format, data, recognise=False)
    return said.get("unreadable", "read")


def main() -> None:
    import django
    from django.conf import settings

    settings.configure(USE_I18N=False)
    django.setup()
    files = originals()
    limit_time(300)
    forbid_network()
    limit_memory(1024)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for ending, data in files.items():
        for seed in range(FLIPS):
            found[f"{ending} flipped"][told(f"a.{ending}", hostile.flipped(data, seed))] += 1
            # past the head, so that the kind is still seen and the reader itself has to cope
            found[f"{ending} flipped inside"][
                told(f"a.{ending}", data[:400] + hostile.flipped(data[400:], seed, 3))
            ] += 1
        for seed in range(REPACKED if ending in ("docx", "xlsx") else 0):
            found[f"{ending} repacked"][told(f"a.{ending}", hostile.repacked(data, seed))] += 1
        for piece in hostile.cut(data, CUTS):
            found[f"{ending} cut"][told(f"a.{ending}", piece)] += 1
        for other in files:
            if other != ending:
                found[f"{ending} as another"][told(f"a.{other}", data)] += 1
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
