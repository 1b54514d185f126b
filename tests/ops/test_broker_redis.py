"""The Redis broker: a Redis that dies while a job is being done does not take the worker along."""

import pytest
from kombu import Connection, Consumer, Producer, Queue

from drills.servers import Redis
from qualitycity import broker, broker_redis


@pytest.fixture
def own_redis(tmp_path):
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.redis
def test_a_channel_whose_connection_is_closed_says_so(own_redis):
    """Celery expects this error and asks Redis again; the library's own AttributeError would end the worker."""
    broker.install()
    connection, taken = Connection(own_redis.url), []
    assert isinstance(connection.transport, broker_redis.Transport)
    channel, errors = connection.default_channel, connection.connection_errors
    ring = Queue("ring", channel=channel)
    Consumer(channel, [ring], callbacks=[lambda _body, message: taken.append(message)]).consume()
    Producer(channel).publish({"ring": 1}, routing_key="ring")
    connection.drain_events(timeout=5)
    assert len(taken) == 1
    own_redis.kill()
    connection.close()
    channel._disconnect_pools()
    with pytest.raises(errors):
        taken[0].ack()
    with pytest.raises(errors):
        channel.qos.restore_unacked()
