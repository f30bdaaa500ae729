"""A cluster that is not there: one sentence, soon; a worker that dies with its answer: done again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from made_series import energy, motion_energy_file

from mirrorsync.__main__ import main
from mirrorsync.batches.cluster import ClusterPool


@pytest.fixture
def manifest(tmp_path: Path) -> str:
    motion_energy_file(tmp_path / "mea.txt", energy(1, 800), energy(2, 800))
    path = tmp_path / "dyads.csv"
    path.write_text("id,a,b,rate\nx,mea.txt,mea.txt,25\n", "utf-8")
    return str(path)


@pytest.mark.parametrize("address", ["foo", "tcp://host", "http://host:80", "tcp://host:99999", ":8786"])
def test_what_is_no_address_is_wrong_usage(
    manifest: str, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", manifest, "--out", str(tmp_path / "out"), "--cluster", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "as in tcp://10.0.0.5:8786" in line
    assert repr(address) in line
    assert not (tmp_path / "out").exists()


def test_nobody_there_is_one_sentence_soon(
    manifest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"  # bound, and nobody listens
        began = time.monotonic()
        assert main(["batch", manifest, "--out", str(tmp_path / "out"), "--cluster", address]) == 1
    assert time.monotonic() - began < 10
    (line,) = capsys.readouterr().err.splitlines()
    assert f"No Dask scheduler answers at {address}" in line


def test_another_program_there_is_no_scheduler(
    manifest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with server.accept()[0] as visitor:
                visitor.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=greet, name="another-program")
        thread.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert main(["batch", manifest, "--out", str(tmp_path / "out"), "--cluster", address]) == 1
        thread.join()
    (line,) = capsys.readouterr().err.splitlines()
    assert "what answers is no scheduler" in line


class _Future:
    """Finished, then lost with its worker, then finished by another."""

    def __init__(self) -> None:
        self.statuses = ["lost", "pending", "finished"]

    @property
    def status(self) -> str:
        return self.statuses.pop(0)

    def result(self) -> dict[str, Any]:
        return {}

    def release(self) -> None: ...


class _Client:
    loop = None

    def __init__(self, *_: object, **__: object) -> None: ...
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...
    def run(self, _: object) -> dict[str, Any]:
        return {}

    def submit(self, *_: object, **__: object) -> _Future:
        return _Future()


class _AsCompleted:
    def __init__(self, futures: list[_Future], **_: object) -> None:
        self._futures = futures

    def add(self, future: _Future) -> None:
        self._futures.append(future)

    def __iter__(self) -> Iterator[_Future]:
        while self._futures:
            yield self._futures.pop()


def test_an_answer_lost_with_its_worker_is_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = ClusterPool("tcp://127.0.0.1:8786")
    monkeypatch.setattr("mirrorsync.batches.cluster._knock", lambda _: None)
    monkeypatch.setattr(pool, "_distributed", SimpleNamespace(Client=_Client, as_completed=_AsCompleted))
    task = {"kind": "scores", "key": "k"}
    (outcome,) = pool.run([task], lambda *_: None)
    assert (outcome.task, outcome.error) == (task, None)
