"""A web process that stops: what it still takes, and whom it sends away."""

import os
import selectors
import socket

import pytest
from gunicorn.config import Config


@pytest.fixture(autouse=True)
def web(monkeypatch):
    """Importing the settings of the web server would set that for good."""
    monkeypatch.setenv("PORTAL_PROCESS", "web")


def test_web_process_that_stops_takes_who_is_connected_and_listens_no_more(monkeypatch):
    from portal.gunicorn import Worker

    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    worker = Worker(0, os.getpid(), [listener], None, 30, Config(), None)
    worker.poller = selectors.DefaultSelector()
    taken = []
    monkeypatch.setattr(worker, "enqueue_req", taken.append)
    worker.set_accept_enabled(True)
    clients = [socket.create_connection(address) for _ in range(2)]
    worker.alive = False
    worker.set_accept_enabled(False)
    assert [conn.client for conn in taken] == [client.getsockname() for client in clients]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    for open_one in (*clients, *(conn.sock for conn in taken), worker.poller, worker.tmp):
        open_one.close()


def test_web_process_that_is_busy_goes_on_listening():
    """It takes nobody while it has as many connections as it may."""
    from portal.gunicorn import Worker

    listener = socket.create_server(("127.0.0.1", 0))
    worker = Worker(0, os.getpid(), [listener], None, 30, Config(), None)
    worker.poller = selectors.DefaultSelector()
    worker.set_accept_enabled(True)
    worker.set_accept_enabled(False)
    client = socket.create_connection(listener.getsockname())
    for open_one in (client, listener, worker.poller, worker.tmp):
        open_one.close()
