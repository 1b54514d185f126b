"""The child process of `parsing`: a file on standard input, what it says as JSON on standard output.

    python -m programs.importing.read_child FORMAT SECONDS MEGABYTES read|recognise

Exit codes: 0 done or refused with a reason (in the JSON), 3 not enough memory, anything else a fault; details go to
standard error.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

from qualitycity.confined.limits import forbid_network, limit_memory, limit_time, limit_written
from qualitycity.sealing.canonical import canonical_json

OUT_OF_MEMORY = 3
#: Megabytes of the answer; the longest text with its findings fills a tenth.
MOST_ANSWER = 128


def answer(format: Any, data: bytes, *, recognise: bool) -> dict[str, Any]:
    """What `parsing` expects: `source` and `extraction`, or `unreadable` with its values."""
    from programs.importing.packing import pack
    from programs.importing.reading import read_as
    from programs.importing.source import Unreadable

    try:
        source = read_as(format, data)
    except Unreadable as error:
        return {"unreadable": error.code, "values": error.values}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged or forged file makes a library stumble over
        traceback.print_exc()
        return {"unreadable": "damaged", "values": {}}
    if not recognise:
        return {"source": pack(source), "extraction": None}
    from programs.importing.recognising import recognise as find

    return {"source": pack(source), "extraction": pack(find(source))}


def main() -> int:
    """Do what the module says; return the exit code."""
    format, seconds, megabytes, wish = sys.argv[1:]
    limit_time(int(seconds))
    limit_written(MOST_ANSWER)
    forbid_network()
    limit_memory(int(megabytes))
    try:
        said = canonical_json(answer(format, sys.stdin.buffer.read(), recognise=wish == "recognise"))
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(said.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
