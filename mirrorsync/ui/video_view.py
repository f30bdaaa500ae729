"""One person's picture, with the lines of that very frame and a sentence when the feed is in trouble."""

from __future__ import annotations

import numpy as np
from PyQt6 import sip
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mirrorsync.engine.status import FeedStatus
from mirrorsync.types import Frame, Observation
from mirrorsync.ui import texts
from mirrorsync.ui.overlay import EMPTY, overlay_of
from mirrorsync.ui.theme import LIGHT, Theme, mix, scaled_font
from mirrorsync.ui.troubles import sentence_of

__all__ = ["VideoView"]

# A layer's chip turns grey only after nothing was found for this long.
_RGB = QImage.Format.Format_RGB888
_LAYER_MEMORY_NS = 1_000_000_000


class VideoView(QWidget):
    """Paints an observation: the frame, and over it the landmarks found in that frame.

    Signals
    -------
    painted(int)
        A new frame is on the screen; carries its capture time (`time.monotonic_ns`).
    layers_changed(bool, bool)
        Whether there is a body and a face to draw.
    """

    painted = pyqtSignal(object)
    layers_changed = pyqtSignal(bool, bool)

    def __init__(self, side: str) -> None:
        super().__init__()
        self._side = side
        self._theme: Theme = LIGHT
        self._observation: Observation | None = None
        self._image = QImage()
        self._overlay = EMPTY
        self._sentence = ""
        self._note = ""
        self._faded = False
        self._unpainted = False
        self._placeholder = texts.NO_PICTURE
        self._layers = (False, False)
        self._found_ns = {"body": -_LAYER_MEMORY_NS, "face": -_LAYER_MEMORY_NS}
        self.body_shown = True
        self.face_shown = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(texts.PICKER_NAME[side])
        self.setToolTip(texts.VIDEO_TOOLTIP)

    @property
    def observation(self) -> Observation | None:
        """The observation on the screen."""
        return self._observation

    @property
    def note(self) -> str:
        """The words in the picture's corner."""
        return self._note

    @property
    def sentence(self) -> str:
        """The sentence shown on the picture, or an empty one."""
        return self._sentence

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_layers(self, *, body: bool, face: bool) -> None:
        """Choose which lines are drawn."""
        self.body_shown, self.face_shown = body, face
        self.update()

    def set_observation(self, observation: Observation | None) -> None:
        """Show a frame with its landmarks; None keeps the last one on the screen."""
        if observation is None or observation is self._observation:
            return
        self._observation = observation
        self._image = _image_over(observation.frame)
        self._overlay = overlay_of(observation.landmarks)
        self._unpainted = True
        t_ns = observation.frame.t_ns
        if self._overlay.body:
            self._found_ns["body"] = t_ns
        if self._overlay.face:
            self._found_ns["face"] = t_ns
        self._set_layers(*(0 <= t_ns - found < _LAYER_MEMORY_NS for found in self._found_ns.values()))
        self.update()

    def set_note(self, note: str) -> None:
        """Show a few words in the picture's corner, or none."""
        if note != self._note:
            self._note = note
            self.update()

    def set_status(self, status: FeedStatus) -> None:
        """Show what is wrong with the feed, if anything."""
        faded = status.state in ("stalled", "lost", "ended")
        placeholder = texts.OPENING if status.state == "opening" else texts.NO_PICTURE
        sentence = sentence_of(status, self._side)
        if (faded, sentence, placeholder) != (self._faded, self._sentence, self._placeholder):
            self._faded, self._sentence, self._placeholder = faded, sentence, placeholder
            self.setAccessibleDescription(sentence)
            self.update()

    def clear(self) -> None:
        """Take the picture away, before a new session."""
        self._observation = None
        self._image = QImage()
        self._overlay = EMPTY
        self._sentence, self._faded, self._placeholder = "", False, texts.NO_PICTURE
        self._found_ns = dict.fromkeys(self._found_ns, -_LAYER_MEMORY_NS)
        self._set_layers(False, False)
        self.update()

    def _set_layers(self, body: bool, face: bool) -> None:
        if (body, face) != self._layers:
            self._layers = (body, face)
            self.layers_changed.emit(body, face)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that suits a 4:3 picture."""
        return QSize(480, 360)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the smallest useful size."""
        return QSize(200, 150)

    def picture_rect(self) -> QRectF:
        """Return where the picture lies in the widget, its proportions kept."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        return QRectF(left, top, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's name
        """Paint the picture, its lines and the sentence."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.track))
        if self._image.isNull():
            painter.setPen(QColor(self._theme.soft))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._placeholder)
        else:
            self._paint_picture(painter)
        if self._sentence:
            self._paint_sentence(painter)
        if self._note:
            self._paint_note(painter)
        painter.end()
        if self._unpainted and self._observation is not None:
            self._unpainted = False
            if self._observation.captured_ns > 0:
                self.painted.emit(self._observation.captured_ns)

    def _paint_picture(self, painter: QPainter) -> None:
        place = self.picture_rect()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # Scaling 32-bit pixels is three times as quick as 24-bit ones, the conversion included.
        painter.drawImage(place, self._image.convertToFormat(QImage.Format.Format_RGB32))
        if self._faded:
            painter.fillRect(place, mix("#000000", 0.5))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.you_line if self._side == "a" else self._theme.partner_line
        unit = max(1.0, place.height() / 360)
        painter.save()
        painter.setClipRect(place)  # what the model guesses below the picture is not on it
        painter.translate(place.topLeft())
        painter.scale(place.width() / self._image.width(), place.height() / self._image.height())
        if self.face_shown and self._overlay.face:
            painter.setPen(_pen(mix(colour, 0.9), 1.1 * unit))
            painter.drawLines(*self._overlay.face)
        if self.body_shown and self._overlay.body:
            painter.setPen(_pen(mix("#000000", 0.35), 4.0 * unit))
            painter.drawLines(*self._overlay.body)
            painter.setPen(_pen(QColor(colour), 2.0 * unit))
            painter.drawLines(*self._overlay.body)
            painter.setPen(_pen(QColor(colour), 6.0 * unit))
            painter.drawPoints(*self._overlay.joints)
        painter.restore()

    def _paint_note(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled_font(self.font(), 0.9))
        place = self.picture_rect()
        text = painter.boundingRect(place, Qt.AlignmentFlag.AlignLeft, self._note)
        text.moveTopLeft(place.topLeft() + QPointF(16, 12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix("#101214", 0.85))
        painter.drawRoundedRect(text.adjusted(-8, -4, 8, 4), 6, 6)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft, self._note)

    def _paint_sentence(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled_font(self.font(), 1.05))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = QRectF(self.rect()).adjusted(32, 16, -32, -24)
        text = painter.boundingRect(room, flags, self._sentence)
        text.moveCenter(QPointF(self.width() / 2, self.height() - text.height() / 2 - 26))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix("#101214", 0.85))
        painter.drawRoundedRect(text.adjusted(-14, -8, 14, 8), 8, 8)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(text, flags, self._sentence)


def _image_over(frame: Frame) -> QImage:
    """Return an image over the frame's own memory; the frame must outlive it."""
    rgb = frame.rgb
    if rgb.strides[1:] != (3, 1) or rgb.strides[0] < 0:
        rgb = np.ascontiguousarray(rgb)
        packed = QImage(rgb.tobytes(), frame.width, frame.height, 3 * frame.width, _RGB)
        return packed.copy()
    memory = sip.voidptr(rgb.ctypes.data)
    return QImage(memory, frame.width, frame.height, rgb.strides[0], _RGB)  # type: ignore[no-any-return, call-overload]  # PyQt6's annotations know bytes only


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
