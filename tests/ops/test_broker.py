"""The filesystem broker: writers and readers at once, every message whole and taken once."""

import threading
from queue import Empty

import pytest
from kombu import Connection

from qualitycity import broker

MESSAGES, WRITERS = 100, 3
FILLING = "满" * 20_000


@pytest.fixture
def channel(tmp_path):
    broker.install()
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.channel()


def test_messages_are_never_read_half_written(channel):
    taken, faults = [], []
    written = threading.Event()

    def write(writer: int) -> None:
        for number in range(MESSAGES):
            channel._put("default", {"mark": [writer, number], "filling": FILLING})

    def read() -> None:
        while True:
            last_look = written.is_set()
            try:
                taken.append(tuple(channel._get("default")["mark"]))
            except Empty:
                if last_look:
                    return
            except Exception as fault:
                faults.append(repr(fault))
                return

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join(60)
    written.set()
    reader.join(60)
    assert faults == []
    assert len(taken) == len(set(taken)) == MESSAGES * WRITERS


def test_a_table_of_bindings_that_is_just_being_written_is_read_again(channel, tmp_path, monkeypatch):
    file = tmp_path / "control" / "ring.exchange"
    file.write_text("")
    monkeypatch.setattr(broker.time, "sleep", lambda _seconds: file.write_text('[["a", "", "default"]]'))
    assert [row.queue for row in channel.get_table("ring")] == ["default"]
