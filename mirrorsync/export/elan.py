"""ELAN annotation files (.eaf), format 3.0: https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from mirrorsync.capture.feed import parse_feed
from mirrorsync.export.annotations import Tier, plain_text
from mirrorsync.session.meta import SessionMeta

__all__ = ["write_eaf"]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_NO_DATE = "2000-01-01T00:00:00+00:00"  # an analysis that gives the same bytes every time has none
_TYPE = "stretch"


def write_eaf(path: Path, tiers: Sequence[Tier], meta: SessionMeta, *, folder: Path | None = None) -> None:
    """Write tiers as an ELAN file that links the recordings, where these are files.

    Parameters
    ----------
    path : Path
        The file to write.
    tiers : sequence of Tier
        Independent, time-aligned tiers; `PARTICIPANT` is the person's label.
    meta : SessionMeta
        Feeds, labels, date, and the offset by which B's recording is late.
    folder : Path, optional
        Where the file will lie in the end, for the relative links.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    ET.register_namespace("xsi", _XSI)
    root = ET.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "MirrorSync",
            "DATE": meta.created or _NO_DATE,
            "FORMAT": "3.0",
            "VERSION": "3.0",
            f"{{{_XSI}}}noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    header = ET.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    _link_media(header, meta, (path.parent if folder is None else folder).absolute())
    _time_slots(root, tiers)
    labels = {"A": plain_text(meta.label_a), "B": plain_text(meta.label_b)}
    number = 0
    for tier in tiers:
        attributes = {"TIER_ID": tier.name, "ANNOTATOR": "MirrorSync", "LINGUISTIC_TYPE_REF": _TYPE}
        if tier.person:
            attributes["PARTICIPANT"] = labels[tier.person]
        element = ET.SubElement(root, "TIER", attributes)
        for one in tier.intervals:
            start_ms, end_ms = _ms(one.start_s), _ms(one.end_s)
            if end_ms <= start_ms:
                continue
            number += 1
            annotation = ET.SubElement(
                ET.SubElement(element, "ANNOTATION"),
                "ALIGNABLE_ANNOTATION",
                ANNOTATION_ID=f"a{number}",
                TIME_SLOT_REF1=f"ts{start_ms}",
                TIME_SLOT_REF2=f"ts{end_ms}",
            )
            ET.SubElement(annotation, "ANNOTATION_VALUE").text = plain_text(one.text)
    ET.SubElement(
        root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=_TYPE, TIME_ALIGNABLE="true", GRAPHIC_REFERENCES="false"
    )
    prop = ET.SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId")
    prop.text = str(number)
    ET.indent(root, "    ")
    path.write_bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")


def _ms(time_s: float) -> int:
    return max(round(time_s * 1000), 0)


def _time_slots(root: ET.Element, tiers: Sequence[Tier]) -> None:
    order = ET.SubElement(root, "TIME_ORDER")
    times = {_ms(time) for tier in tiers for one in tier.intervals for time in (one.start_s, one.end_s)}
    for time_ms in sorted(times):
        ET.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=f"ts{time_ms}", TIME_VALUE=str(time_ms))


def _link_media(header: ET.Element, meta: SessionMeta, folder: Path) -> None:
    """Link the recordings; one that holds both people is linked once."""
    linked: set[Path] = set()
    late_ms = round(float(meta.parameters.get("offset_s", 0.0)) * 1000)
    for feed, origin_ms in ((meta.feed_a, 0), (meta.feed_b, late_ms)):
        spec = parse_feed(feed)
        path = Path(spec.target).absolute()
        if spec.kind != "file" or path in linked:
            continue
        linked.add(path)
        attributes = {
            "MEDIA_URL": path.as_uri(),
            "MIME_TYPE": mimetypes.guess_type(path.name)[0] or "video/*",
        }
        if path.drive == folder.drive:
            attributes["RELATIVE_MEDIA_URL"] = quote(Path(os.path.relpath(path, folder)).as_posix())
        if origin_ms:
            attributes["TIME_ORIGIN"] = str(origin_ms)
        ET.SubElement(header, "MEDIA_DESCRIPTOR", attributes)
