"""The filesystem broker of an installation without Redis, made safe against reading what is half written.

The library's transport creates a message under its final name and writes it afterwards; a worker that looks in between
finds an empty file and ends. Here a message gets its name only when it is complete.
"""

import os
import time
import uuid
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

#: A table of bindings is rewritten within milliseconds; a reader that meets it in between looks again.
READS, PAUSE = 10, 0.02


class Channel(filesystem.Channel):
    """Messages appear whole; the table of bindings is read until it is whole."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{int(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        # the part before the first dot differs in nothing, the rest is no queue's name: no reader takes it
        unfinished = os.path.join(self.data_folder_out, f"{name}.part")
        try:
            with open(unfinished, "wb") as file:
                file.write(str_to_bytes(dumps(payload)))
            os.replace(unfinished, os.path.join(self.data_folder_out, name))
        except OSError as error:
            raise ChannelError(f"Cannot add file {name!r} to directory") from error

    def get_table(self, exchange: str) -> list[Any]:
        for read in range(READS):
            try:
                return super().get_table(exchange)
            except ValueError:
                if read == READS - 1:
                    raise
                time.sleep(PAUSE)
        return []


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """From now on broker addresses that begin with filesystem:// mean this transport, redis:// that of broker_redis."""
    TRANSPORT_ALIASES["filesystem"] = "qualitycity.broker:Transport"
    TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "qualitycity.broker_redis:Transport"
