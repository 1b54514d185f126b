"""Reads `fixtures/sample/`. Raises FactError with file and key, as every reader of data files does."""

from datetime import date
from pathlib import Path

from programs.loading.reader import read_programmes
from taskforce.loading.reader import read_registers, yaml_files
from taskforce.loading.strict import FactError, build, load_yaml

from .facts import BreakdownFacts, ChapterFacts, CityFacts, FiguresFacts, LineFacts, PeopleFacts
from .supervision_facts import SupervisionFacts
from .timeline import PAST_QUARTERS, Timeline

FIGURES = "readings.yaml"


def read_city(folder: Path, today: date) -> CityFacts:
    """Everything of the city, with the programme's days moved to where they belong on `today`."""
    timeline = Timeline.of(today)
    registers = read_registers(folder / "registers")
    (programme,) = read_programmes(folder / "programmes", registers)
    people = _read(PeopleFacts, folder / "people.yaml")
    breakdown = _read(BreakdownFacts, folder / "breakdown.yaml")
    chapters = [path for path in yaml_files(folder / "story") if path.name != FIGURES]
    lines = [(path.name, line) for path in chapters for line in _read(ChapterFacts, path).lines]
    readings = _read(FiguresFacts, folder / "story" / FIGURES).readings
    _check_lines(lines)
    for reading in readings:
        _check_length(FIGURES, reading.indicator, len(reading.figures))
    return CityFacts(
        registers=registers,
        programme=timeline.programme(programme),
        people=people,
        breakdown=timeline.shifted(breakdown),
        lines=tuple(line for _file, line in lines),
        readings=readings,
        supervision=_read(SupervisionFacts, folder / "supervision.yaml"),
    )


def _read(kind, path: Path):
    return build(kind, load_yaml(path), file=path.name)


def _check_lines(lines: list[tuple[str, LineFacts]]) -> None:
    seen: set[tuple[str, str]] = set()
    for file, line in lines:
        key = f"lines[{line.task} {line.unit}]"
        if (line.task, line.unit) in seen:
            raise FactError(file, key, "重复 (written twice)")
        seen.add((line.task, line.unit))
        _check_length(file, key, len(line.quarters))


def _check_length(file: str, key: str, length: int) -> None:
    if length != PAST_QUARTERS + 1:
        raise FactError(file, key, f"应有{PAST_QUARTERS + 1}个季度 (five quarters), 写了{length}个")
