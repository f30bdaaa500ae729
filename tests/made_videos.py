"""Videos made on the spot with OpenCV's own writer, and a small server that sends pictures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
from fakes import colours

FORMATS = {
    "mjpg_29.97_avi": ("MJPG", "avi", 30000 / 1001),
    "xvid_24_avi": ("XVID", "avi", 24.0),
    "mp4v_25_mp4": ("mp4v", "mp4", 25.0),
    "vp8_30_webm": ("VP80", "webm", 30.0),
    "mjpg_59.94_mkv": ("MJPG", "mkv", 60000 / 1001),
}


def make_video(
    folder: Path, name: str = "mjpg_29.97_avi", *, frames: int = 20, width: int = 64, height: int = 48
) -> Path:
    """Write a video of `colours` in one of `FORMATS`."""
    codec, ending, fps = FORMATS[name]
    path = folder / f"{name}.{ending}"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (width, height))
    assert writer.isOpened(), f"this OpenCV cannot write {codec} into {ending}"
    for index in range(frames):
        writer.write(cv2.cvtColor(colours(index, width, height), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


@contextmanager
def picture_server(pictures: int, file: Path | None = None) -> Iterator[str]:
    """Serve `pictures` JPEGs at /live as a camera on the network does, and `file` at /file."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            if self.path.startswith("/file") and file is not None:
                self.send_header("Content-Length", str(file.stat().st_size))
                self.end_headers()
                self._send(file.read_bytes())
                return
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=part")
            self.end_headers()
            for index in range(pictures):
                jpeg = cv2.imencode(".jpg", colours(index)[:, :, ::-1])[1].tobytes()
                head = f"--part\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self._send(head.encode() + jpeg + b"\r\n")

        def _send(self, data: bytes) -> None:
            try:
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the reader had enough

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="picture server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
