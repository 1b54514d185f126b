"""The child process that sets a paper: content in, PDF out, held by limits on time, memory and reach.

    python -m qualitycity.reports.render OUT.pdf [--seconds 60] [--megabytes 1024] [CONTENT.json]

Content comes from the file, or from standard input. Exit codes: 0 done, 2 the content is not valid, 3 not
enough memory, 4 a chart could not be drawn, anything else a fault; details go to standard error.
Two runs over one content on one machine give the same bytes: the dates in the file are those of the content.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from qualitycity.confined.limits import forbid_network, limit_memory, limit_time
from qualitycity.reports import charts, document, fonts
from qualitycity.reports.blocks import ReportContent
from qualitycity.reports.codec import from_json

BAD_CONTENT, OUT_OF_MEMORY, NO_CHART = 2, 3, 4


def set_paper(content: ReportContent, *, seconds: int, megabytes: int) -> bytes:
    """Return the paper as PDF. Binds this process to the limits for good: only for a process of its own."""
    paper = document.build(content)
    with ThreadPoolExecutor(max_workers=1) as helper:
        drawing = helper.submit(charts.draw, paper.charts, timeout=seconds)
        # WeasyPrint takes a second to load: the charts are drawn meanwhile.
        from qualitycity.reports import press

        pictures = drawing.result()
    forbid_network()
    limit_memory(megabytes)  # only now: the process that draws the charts inherits no limit of memory
    return press.to_pdf(paper, pictures, fonts.find_faces())


def main() -> int:
    """Do what the module says; return the exit code."""
    options = argparse.ArgumentParser(description="Set a paper as PDF.")
    options.add_argument("target", type=Path)
    options.add_argument("source", type=Path, nargs="?")
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--megabytes", type=int, default=1024)
    given = options.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    limit_time(given.seconds)
    try:
        text = given.source.read_text("utf-8") if given.source else sys.stdin.buffer.read().decode()
        content = from_json(json.loads(text))
    except ValueError as error:
        print(error, file=sys.stderr)
        return BAD_CONTENT
    try:
        pdf = set_paper(content, seconds=given.seconds, megabytes=given.megabytes)
    except MemoryError:
        return OUT_OF_MEMORY
    except subprocess.SubprocessError as error:
        print(error, getattr(error, "stderr", ""), file=sys.stderr)
        return NO_CHART
    given.target.write_bytes(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
