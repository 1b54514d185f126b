"""Time and memory of recognising: `python -m benchmarks.importing`.

The document of the tests in this process and through `manage.py extract_policy`, the same repeated to 1 MB of text (some
500 pages), and the slowest pattern of the package on hostile texts of 50,000 characters. Seconds on the clock and of the
processor; goals are 1 s, 3 s, 30 s with 300 MB, and 1 s. Nothing fails here; the tests hold generous bounds.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "tests" / "importing" / "samples" / "opinions.txt"
MEGABYTE = 1_000_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualitycity.settings.test")
    from programs.importing.coverage import cover
    from programs.importing.output import as_json
    from programs.importing.reading.plain import read_text
    from programs.importing.recognising import recognise

    def whole(data: bytes) -> str:
        source = read_text(data)
        found = recognise(source)
        as_json(source, found)
        share = cover(source, found).fraction
        return f"{len(source.text)} characters, {len(found.tasks)} tasks, {share:.0%} covered"

    sample = SAMPLE.read_bytes()
    whole(sample)  # what is loaded once is not measured
    measured("the sample, in this process", lambda: whole(sample))
    measured("the sample, by the command", command)
    measured("1 MB of text, in this process", lambda: whole(long_text(sample.decode()).encode()))
    print(f"{'memory at its highest':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    hostile()


def measured(label: str, work: Callable[[], str]) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = work()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() - processor + spent.ru_utime - children.ru_utime
    print(f"{label:34} {time.perf_counter() - clock:6.2f} s  {used:6.2f} s of the processor  {said}")


def command() -> str:
    subprocess.run(
        [sys.executable, "manage.py", "extract_policy", str(SAMPLE)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return ""


def long_text(text: str) -> str:
    """The chapters of the sample again and again between its head and its end."""
    head, tail = text.index("一、总体目标"), text.index("四、保障措施")
    chapters = text[head:tail]
    return text[:head] + chapters * (MEGABYTE // len(chapters.encode())) + text[tail:]


def hostile() -> None:
    from tests.importing import hostile

    worst = (0.0, "", "")
    for where, pattern in hostile.patterns():
        for text in hostile.texts(every=3):
            began = time.process_time()
            for count, _ in enumerate(pattern.finditer(text)):
                if count == 2000:
                    break
            worst = max(worst, (time.process_time() - began, where, text[:8]))
    seconds, where, text = worst
    print(f"{'the slowest pattern':34} {seconds:6.2f} s of the processor  {where} on {text!r}…")


if __name__ == "__main__":
    main()
