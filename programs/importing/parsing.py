"""Reading a stranger's file: in a child process held to time and memory, with one clear sentence for what cannot be
read. Nothing is unpacked before it was judged, nothing is fetched, nothing is left behind."""

import json
import logging
from dataclasses import dataclass
from typing import Final

from qualitycity.confined.running import ENDED_FOR_MEMORY, ENDED_FOR_TIME, TookTooLong, run_module

from .extraction import Extraction
from .packing import unpack
from .read_child import OUT_OF_MEMORY
from .reading.kinds import judge
from .source import Source, Unreadable

logger = logging.getLogger(__name__)

READER: Final = "programs.importing.read_child"
#: Seconds of clock and of processor, and megabytes of address space, that reading one file may take.
TIMEOUT: Final = 60
MEMORY: Final = 512


@dataclass(frozen=True)
class Parsed:
    """`extraction` is None where nothing was to be recognised."""

    source: Source
    extraction: Extraction | None


def parse(
    name: str, data: bytes, *, recognise: bool = True, seconds: int = TIMEOUT, megabytes: int = MEMORY
) -> Parsed:
    """The text of the file and what is found in it. Raises `Unreadable`, whatever the bytes are.

    With `recognise` a text that is no policy document is refused too; without, any text is taken, for work by hand.
    """
    format = judge(name, data)
    try:
        ended = run_module(
            READER, format, str(seconds), str(megabytes), "recognise" if recognise else "read",
            given=data, seconds=seconds,
        )  # fmt: skip
    except TookTooLong as error:
        raise Unreadable("timeout") from error
    if ended.code != 0:
        logger.warning("reading a file ended with %s: %s", ended.code, ended.said)
        raise Unreadable(_failure(ended.code))
    said = json.loads(ended.out)
    if "unreadable" in said:
        raise Unreadable(said["unreadable"], **said["values"])
    found = said["extraction"]
    parsed = Parsed(unpack(Source, said["source"]), None if found is None else unpack(Extraction, found))
    if parsed.extraction is not None and not resembles_policy(parsed.extraction):
        raise Unreadable("no_policy")
    return parsed


def resembles_policy(found: Extraction) -> bool:
    """Whether anything was found that only such documents have; a novel has a first line and chapters too."""
    answered = any(task.role_mode != "unspecified" for task in found.tasks)
    titled = bool(found.document.title) and bool(
        found.tasks or found.indicators or found.phases or found.deliverables
    )
    return bool(answered or titled or found.document.number or found.leading_group)


def _failure(code: int) -> str:
    if code in ENDED_FOR_TIME:
        return "timeout"
    return "memory" if code == OUT_OF_MEMORY or code in ENDED_FOR_MEMORY else "fault"
