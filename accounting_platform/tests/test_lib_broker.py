"""The file system broker: a worker never sees half a message."""

from queue import Empty

import pytest
from kombu import Connection
from kombu.utils.json import dumps

import accounting_platform.celery  # noqa: F401  (puts our transport in kombu's place)
from accounting_platform.lib import broker


@pytest.fixture
def channel(tmp_path):
    folders = {name: tmp_path / name for name in ("messages", "control", "processed")}
    for folder in folders.values():
        folder.mkdir()
    options = {"data_folder_in": folders["messages"], "data_folder_out": folders["messages"]}
    options |= {"control_folder": folders["control"], "processed_folder": folders["processed"]}
    with Connection("filesystem://localhost//", transport_options=options) as connection:
        yield connection.default_channel


def take(channel):
    try:
        return channel._get("celery")
    except Empty:
        return None


def test_file_system_broker_is_ours(channel):
    assert isinstance(channel, broker.Channel)


def test_message_is_out_of_sight_until_it_is_whole(channel, monkeypatch):
    seen_while_writing = []

    def look_and_dump(payload):
        seen_while_writing.append(take(channel))
        return dumps(payload)

    monkeypatch.setattr(broker, "dumps", look_and_dump)
    channel._put("celery", {"number": 1})

    assert seen_while_writing == [None]
    assert take(channel) == {"number": 1}
    assert take(channel) is None
