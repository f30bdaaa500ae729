"""Figures: they show what happened, the same bytes every time, and say so in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from moving_people import later, somebody
from patience import patient_s

from mirrorsync.__main__ import main
from mirrorsync.analysis import export_session
from mirrorsync.engine.engine import Engine
from mirrorsync.errors import ExportError, UsageError
from mirrorsync.export.figures import KINDS, FigureData, alt_text, draw, save, style
from mirrorsync.export.figures.timeline import ROWS
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.tables import SYNC_CHANNELS
from mirrorsync.types import Features, Pair
from mirrorsync.ui.theme import LIGHT

SETTINGS = Settings(
    rate_hz=10.0, window_s=3.0, lag_s=1.0, step_s=0.5, surrogates=2, baseline_s=2.0, mirror="anatomical"
)
N, LAG_TICKS = 500, 6
STARTS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """B does what A does 0.6 s later, over a minute; nobody is seen from 30 s to 35 s."""
    a = somebody(1, N, rate_hz=10.0)
    b = later(a, LAG_TICKS, before=somebody(2, N, rate_hz=10.0))
    a[300:350] = b[300:350] = np.nan
    meta = SessionMeta(
        feed_a="a.mp4", feed_b="b.mp4", label_b="Bé", parameters=SETTINGS.as_dict(scores_only=True)
    )
    path = tmp_path_factory.mktemp("figures") / "s.mirrorsync"
    engine = Engine(SETTINGS)
    with SessionWriter(path, meta) as writer:
        for tick in range(N):
            t_ns = tick * 100_000_000
            of_a, of_b = (Features(t_ns, v[tick], np.isfinite(v[tick]) * 1.0) for v in (a, b))
            writer.add(engine.step(Pair(tick, t_ns, of_a, of_b)))
    return path


@pytest.fixture(scope="module")
def folder(session: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as the folder of an analysis."""
    out = tmp_path_factory.mktemp("tables")
    with SessionReader(session) as reader:
        export_session(reader, out)
    return out


@pytest.fixture(scope="module")
def data(folder: Path) -> FigureData:
    return FigureData.from_folder(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_says_in_words_what_its_axes_name(data: FigureData, kind: str, tmp_path: Path) -> None:
    figure = draw(data, kind)
    assert any(axes.get_ylabel() for axes in figure.axes)
    assert any("(" in axes.get_xlabel() for axes in figure.axes)
    save(figure, tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_bytes().startswith(b"<?xml")
    sentence = alt_text(data, kind)
    assert sentence.endswith(".")
    assert "nan" not in sentence
    assert 40 < len(sentence) < 600


def test_the_same_session_gives_the_same_bytes_in_every_format(data: FigureData, tmp_path: Path) -> None:
    for k in range(2):
        figure = draw(data, "recurrence")
        for suffix in STARTS:
            save(figure, tmp_path / f"{k}{suffix}")
    for suffix, start in STARTS.items():
        content = (tmp_path / f"0{suffix}").read_bytes()
        assert content.startswith(start)
        assert content == (tmp_path / f"1{suffix}").read_bytes()


def test_the_known_lag_is_told_and_drawn(data: FigureData) -> None:
    assert "head above chance, highest at +0.60 s" in alt_text(data, "lagprofile")
    assert "median lag +0.6" in alt_text(data, "heatmap")
    assert "+0.6 s later" in alt_text(data, "recurrence")
    titles = [axes.get_title(loc="left") for axes in draw(data, "lagprofile").axes]
    assert titles[0].startswith("Head: +0.6")
    a, b = data.signals()
    middles_s, lags_s, z = data.mean_z(a, b, "head_synchrony")
    gone = (middles_s > 32.0) & (middles_s < 33.5)
    assert gone.any()
    assert np.isnan(z[gone]).all()  # a gap stays a gap
    seen = ~np.isnan(z).all(axis=1) & (middles_s > 5.0)
    assert np.median(np.abs(lags_s[np.nanargmax(z[seen], axis=1)] - 0.6)) < 0.05


def _strangers(seed: int) -> FigureData:
    """Two people who have nothing to do with each other, for two minutes."""
    n = 1200
    a, b = (somebody(2 * seed + side, n, rate_hz=10.0) for side in (0, 1))
    nothing = np.full(n, np.nan)
    return FigureData(
        np.arange(n) / 10.0, {"attunement": nothing}, nothing, np.full(n, "none"), np.full(n, True), a, b, {},
        Settings(rate_hz=10.0, window_s=5.0, lag_s=2.0, mirror="anatomical"), "Ann", "Ben",
    )  # fmt: skip


def test_strangers_are_not_said_to_go_together() -> None:
    """The highest of many lags is held against the highest of as many: about one channel in 20 stands out."""
    said = [alt_text(_strangers(seed), "lagprofile") for seed in range(1, 31)]
    above = sum(one.count("above chance") for one in said)
    assert above + sum(one.count("no more than chance") for one in said) == 90
    assert above <= 6, said


def test_the_grey_of_the_lag_profile_is_left_exactly_by_what_is_told_apart_from_chance() -> None:
    seen = set()
    for seed in range(1, 6):
        data = _strangers(seed)
        for name, axes in zip(SYNC_CHANNELS, draw(data, "lagprofile").axes, strict=True):
            test = data.test(name)
            assert test is not None
            (grey,) = [p for p in axes.patches if isinstance(p, Rectangle)]
            top = grey.get_y() + grey.get_height()
            profile = np.asarray(axes.lines[1].get_ydata())
            out = bool(np.nanmax(profile) > top)
            assert out == (test.p_value < 0.05) == data.sure(name)
            assert (":" in axes.get_title(loc="left")) == out  # a lag is named only then
            seen.add(out)
    assert seen == {True, False}


def test_figures_show_the_numbers_of_the_summary(data: FigureData) -> None:
    """The p-value of synchrony is that of the shuffled copies, the effect size that of the shifted ones."""
    words = alt_text(data, "distribution")
    figure = draw(data, "distribution")
    below = [text.get_text() for text in figure.axes[-1].texts]
    for name in SYNC_CHANNELS:
        told = data.statistics[name]
        test = data.test(name)
        assert test is not None
        assert test.p_value == pytest.approx(told["p_value"])
        assert f"p = {told['p_value']:.3f}" in words
        assert (
            f"{told['effect_size']:+.1f}".replace("-", "\N{MINUS SIGN}") in below
        )  # and no p-value of other surrogates beside it
    assert (
        f"{data.statistics['posture_alignment']['effect_size']:+.1f}".replace("-", "\N{MINUS SIGN}") in words
    )


def test_nothing_written_is_crossed_or_cut_off(data: FigureData) -> None:
    for kind in ("distribution", "lagprofile"):
        figure = draw(data, kind)
        figure.draw_without_rendering()
        for axes in figure.axes[: len(SYNC_CHANNELS)]:
            lines = [line.get_window_extent() for line in axes.lines]
            for text in axes.texts:
                if text.get_text().startswith(("line", "p =", "no more")):
                    box = text.get_window_extent()
                    assert not any(box.overlaps(line) for line in lines)
                    assert figure.bbox.contains(box.x1, box.y1)
    figure = draw(data, "timeline")
    for name, axes in zip(
        ("attunement", *(n for n in ROWS if n != "attunement")),
        (figure.axes[0], *figure.axes[2:]),
        strict=True,
    ):
        values = data.scores[name]
        low, high = axes.get_ylim()
        assert np.nanmin(values, initial=1.0) >= low
        assert np.nanmax(values, initial=0.0) <= high


def test_a_folder_and_a_session_show_the_same(session: Path, data: FigureData) -> None:
    with SessionReader(session) as reader:
        direct = FigureData.from_session(reader, data.statistics)
    assert direct.label_b == "Bé"
    for kind in ("lagprofile", "distribution"):
        assert alt_text(direct, kind) == alt_text(data, kind).replace("B follows", "Bé follows").replace(
            "moments of B", "moments of Bé"
        )
    np.testing.assert_array_equal(direct.leader, data.leader)
    assert set(direct.scores) == set(data.scores)


def test_colours_are_those_of_the_window() -> None:
    assert (LIGHT.you, LIGHT.partner, LIGHT.both) == (style.YOU, style.PARTNER, style.BOTH)
    assert (LIGHT.ink, LIGHT.soft, LIGHT.band) == (style.INK, style.SOFT, style.BAND)


def test_the_command_draws_and_says_what(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figure.svg"
    assert main(["plot", str(folder), "--kind", "recurrence", "--out", str(out)]) == 0
    assert "share a state most often" in capsys.readouterr().err
    assert out.read_bytes().startswith(b"<?xml")
    assert main(["plot", str(folder), "--kind", "recurrence", "--out", str(tmp_path / "x.bmp")]) == 2
    assert ".svg" in capsys.readouterr().err
    assert main(["plot", str(tmp_path), "--out", str(out)]) == 1
    assert "does not hold a whole analysis" in capsys.readouterr().err
    assert main(["plot", str(folder), "--kind", "recurrence", "--out", str(tmp_path / "none" / "x.svg")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_too_short_a_session_is_refused(session: Path) -> None:
    with SessionReader(session) as reader:
        whole = FigureData.from_session(reader)
    part = FigureData(
        whole.time_s[:30], {n: v[:30] for n, v in whole.scores.items()}, whole.lag_s[:30], whole.leader[:30],
        whole.anatomical[:30], whole.features_a[:30], whole.features_b[:30], {}, whole.settings,
    )  # fmt: skip
    with pytest.raises(ExportError, match="too short"):
        draw(part, "heatmap")
    with pytest.raises(UsageError, match="must end in"):
        save(draw(whole, "heatmap"), Path("x.jpg"))


def test_matplotlib_keeps_no_state() -> None:
    code = "import sys, mirrorsync.export.figures; assert 'matplotlib.pyplot' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=patient_s(60)).returncode == 0
