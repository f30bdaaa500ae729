"""From two people's features to scores: alignment, synchrony, chance (NumPy).

What a researcher needs can be had from here, as in `from mirrorsync.synchrony import windowed_correlation`;
nothing is loaded before it is asked for. `rmea`, `susy` and `wcc` are the modules of these tools' presets, as
in `rmea.rmea(a, b, rate_hz=25)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirrorsync.synchrony import rmea, susy, wcc
    from mirrorsync.synchrony.alignment import Alignment, expression_alignment, posture_alignment
    from mirrorsync.synchrony.chance import SurrogateTest, repaired_tests, synchrony_test
    from mirrorsync.synchrony.clock import UniformClock, resample
    from mirrorsync.synchrony.correlation import CorrelationGrid, fisher_z, windowed_correlation
    from mirrorsync.synchrony.crosslagged import CrossLagged, cross_lagged
    from mirrorsync.synchrony.leading import LeadVerdict, who_leads
    from mirrorsync.synchrony.movement import Movement
    from mirrorsync.synchrony.peaks import LeaderShares, Peak, find_peak, leader_shares, window_peaks
    from mirrorsync.synchrony.phase import PhaseSynchrony, phase_synchrony
    from mirrorsync.synchrony.rmea import RmeaResult, moving_average, scale_by_sd
    from mirrorsync.synchrony.scorer import Scored, Scorer
    from mirrorsync.synchrony.streaming import StreamingCorrelation
    from mirrorsync.synchrony.susy import SusyResult
    from mirrorsync.synchrony.wcc import WccResult, pick_peaks

# A name that a module here has too (`movement`, say) stays the module's: which of the two one got would
# depend on what was loaded before.
_HOME = {
    "Alignment": "alignment",
    "CorrelationGrid": "correlation",
    "CrossLagged": "crosslagged",
    "LeadVerdict": "leading",
    "LeaderShares": "peaks",
    "Movement": "movement",
    "Peak": "peaks",
    "PhaseSynchrony": "phase",
    "RmeaResult": "rmea",
    "Scored": "scorer",
    "Scorer": "scorer",
    "StreamingCorrelation": "streaming",
    "SurrogateTest": "chance",
    "SusyResult": "susy",
    "UniformClock": "clock",
    "WccResult": "wcc",
    "cross_lagged": "crosslagged",
    "expression_alignment": "alignment",
    "find_peak": "peaks",
    "fisher_z": "correlation",
    "leader_shares": "peaks",
    "moving_average": "rmea",
    "phase_synchrony": "phase",
    "pick_peaks": "wcc",
    "posture_alignment": "alignment",
    "repaired_tests": "chance",
    "resample": "clock",
    "scale_by_sd": "rmea",
    "synchrony_test": "chance",
    "who_leads": "leading",
    "window_peaks": "peaks",
    "windowed_correlation": "correlation",
}
_PRESETS = ("rmea", "susy", "wcc")

__all__ = [
    "Alignment",
    "CorrelationGrid",
    "CrossLagged",
    "LeadVerdict",
    "LeaderShares",
    "Movement",
    "Peak",
    "PhaseSynchrony",
    "RmeaResult",
    "Scored",
    "Scorer",
    "StreamingCorrelation",
    "SurrogateTest",
    "SusyResult",
    "UniformClock",
    "WccResult",
    "cross_lagged",
    "expression_alignment",
    "find_peak",
    "fisher_z",
    "leader_shares",
    "moving_average",
    "phase_synchrony",
    "pick_peaks",
    "posture_alignment",
    "repaired_tests",
    "resample",
    "rmea",
    "scale_by_sd",
    "susy",
    "synchrony_test",
    "wcc",
    "who_leads",
    "window_peaks",
    "windowed_correlation",
]


if not TYPE_CHECKING:  # else every name would pass for one of these

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in _PRESETS:
            return import_module(f"mirrorsync.synchrony.{name}")
        if name in _HOME:
            return getattr(import_module(f"mirrorsync.synchrony.{_HOME[name]}"), name)
        raise AttributeError(f"module 'mirrorsync.synchrony' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
