"""The Redis broker, made safe against a Redis that dies while a job is being done.

Celery then closes its connection twice, and between the two the library's channel has forgotten where Redis is. Asked
to give back the message of the running job, it fails with an AttributeError that nobody expects there, and the worker
ends. Here it says what is the case – there is no connection – and the worker waits for Redis as it should.
"""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as Disconnected


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise Disconnected("the connection of this channel is closed")
        return super()._connparams(asynchronous=asynchronous)


class Transport(redis.Transport):
    Channel = Channel
