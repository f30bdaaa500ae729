"""Every setting, declared once: default, unit, range, help.

The command line, the settings dialog, the configuration file, the metadata stored with a session and the
documentation are all made from this one declaration.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mirrorsync.errors import SettingsError

__all__ = ["MACHINE_PRESETS", "SETTINGS", "Setting", "Settings", "load_settings"]


@dataclass(frozen=True, slots=True)
class Setting:
    """The declaration of one setting, as shown to people.

    `affects_scores` says whether a change of it changes results; those are stored with every session.
    A text must match `pattern` in full, which `form` says in words.
    """

    name: str
    default: Any
    kind: type
    group: str
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    affects_scores: bool = True

    def check(self, value: object) -> Any:
        """Return `value` in this setting's type, or raise SettingsError with the allowed range."""
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, self.kind) or (self.kind is not bool and isinstance(value, bool)):
            raise SettingsError(f"{self.name} takes {self.describe()}; {value!r} is not that.")
        if self.choices and value not in self.choices:
            raise SettingsError(f"{self.name} takes {self.describe()}; {value!r} is not one of them.")
        if self.pattern and not re.fullmatch(self.pattern, str(value)):
            raise SettingsError(f"{self.name} takes {self.describe()}; {value!r} is not that.")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            too_low = self.low is not None and not value >= self.low
            too_high = self.high is not None and not value <= self.high
            if too_low or too_high:
                raise SettingsError(f"{self.name} takes {self.describe()}; {value} is outside.")
        return value

    def describe(self) -> str:
        """Say in words what the setting accepts."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind is bool:
            return "true or false"
        if self.form:
            return self.form
        noun = {float: "a number", int: "a whole number", str: "a text"}[self.kind]
        if self.low is not None and self.high is not None:
            noun += f" from {self.low:g} to {self.high:g}"
        return f"{noun} ({self.unit})" if self.unit else noun


_SECONDS = r"\s*\d+(\.\d+)?\s*"
_RANGES = rf"({_SECONDS}-{_SECONDS}(,{_SECONDS}-{_SECONDS})*)?\s*"


def _s(default: Any, group: str, help: str, **more: Any) -> Any:  # noqa: A002
    return field(default=default, metadata={"group": group, "help": help, **more})


def _cue(what: str) -> Any:
    return _s(True, "cues", f"Say it when this happens: {what[0].lower()}{what[1:]}", affects_scores=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force, checked. Make a changed copy with `with_(name=value)`."""

    # clock
    rate_hz: float = _s(
        25.0, "clock", "Rate of the common clock that both feeds are brought to.", unit="Hz", low=5, high=60
    )
    max_gap_s: float = _s(
        0.2, "clock", "Gaps up to this long are bridged by interpolation; longer ones stay gaps.",
        unit="s", low=0.0, high=2.0,
    )  # fmt: skip
    offset_s: float = _s(
        0.0, "clock", "How late feed B is against feed A; subtracted from B's times.",
        unit="s", low=-3600, high=3600,
    )  # fmt: skip
    # synchrony
    window_s: float = _s(5.0, "synchrony", "Length of the correlation window.", unit="s", low=1.0, high=120.0)
    lag_s: float = _s(2.0, "synchrony", "Longest lag looked at, each way.", unit="s", low=0.0, high=10.0)
    step_s: float = _s(0.2, "synchrony", "A new window is scored this often.", unit="s", low=0.02, high=60.0)
    smooth_s: float = _s(
        0.2, "synchrony", "Time constant of the causal smoothing before movement is measured.",
        unit="s", low=0.0, high=2.0,
    )  # fmt: skip
    min_coverage: float = _s(
        0.6, "synchrony", "Below this share of data a score says nothing.", low=0.0, high=1.0
    )
    surrogates: int = _s(
        8, "chance", "Shifted copies of the partner's past that the live meters are compared with.",
        low=2, high=64,
    )  # fmt: skip
    chance_memory_s: float = _s(
        60.0, "chance", "How long the live chance level remembers.", unit="s", low=10.0, high=600.0
    )
    seed: int = _s(1, "chance", "Seed of every random choice; recorded.", low=0, high=2**31 - 1)
    # alignment
    mirror: str = _s(
        "auto", "alignment",
        "Which form counts: mirror image (my left is your right), anatomical, or whichever fits better.",
        choices=("auto", "mirror", "anatomical"),
    )  # fmt: skip
    baseline_s: float = _s(
        60.0, "alignment", "Each person's neutral is learnt over this first stretch.",
        unit="s", low=0.0, high=600.0,
    )  # fmt: skip
    # attunement weights
    weight_posture: float = _s(1.0, "attunement", "Weight of posture alignment.", low=0.0, high=10.0)
    weight_expression: float = _s(1.0, "attunement", "Weight of expression alignment.", low=0.0, high=10.0)
    weight_head: float = _s(1.0, "attunement", "Weight of head synchrony.", low=0.0, high=10.0)
    weight_body: float = _s(1.0, "attunement", "Weight of body synchrony.", low=0.0, high=10.0)
    weight_face: float = _s(1.0, "attunement", "Weight of expression synchrony.", low=0.0, high=10.0)
    weight_breathing: float = _s(0.5, "attunement", "Weight of breathing match.", low=0.0, high=10.0)
    weight_gaze: float = _s(0.5, "attunement", "Weight of mutual gaze.", low=0.0, high=10.0)
    weight_pace: float = _s(0.5, "attunement", "Weight of pace match.", low=0.0, high=10.0)
    # analysis of recordings
    exclude: str = _s(
        "", "analysis", "Stretches that are left out of everything, on the clock of A.",
        unit="s", pattern=_RANGES, form="stretches in seconds, such as 12-30.5, 60-75",
    )  # fmt: skip
    length_s: float = _s(
        0.0, "analysis", "Only this much from the start is analysed; 0 for all.", unit="s", low=0.0, high=1e6
    )
    chance: bool = _s(True, "analysis", "Whether recordings are compared with chance.")
    preset: str = _s(
        "none", "analysis", "The field's own statistic that is told beside ours, by its own definition.",
        choices=("none", "rmea", "susy", "wcc"),
    )  # fmt: skip
    landmarks: bool = _s(
        False, "analysis", "Whether all landmarks are written too, as Parquet.", affects_scores=False
    )
    label_a: str = _s(
        "A", "analysis", "What person A is called where results are shown.", affects_scores=False
    )
    label_b: str = _s(
        "B", "analysis", "What person B is called where results are shown.", affects_scores=False
    )
    # capture
    camera_width: int = _s(
        640, "capture", "Width asked of a camera.", unit="px", low=160, high=3840, affects_scores=False
    )
    camera_height: int = _s(
        480, "capture", "Height asked of a camera.", unit="px", low=120, high=2160, affects_scores=False
    )
    max_side: int = _s(
        960, "capture", "Pictures larger than this are shrunk before analysis.", unit="px", low=160, high=3840
    )
    step_down: bool = _s(
        True, "capture",
        "Live, on a slow machine: look for the body in every second picture, then in smaller ones, before "
        "pictures are missed.",
    )  # fmt: skip
    # network: off unless asked for
    lsl: bool = _s(
        False, "network",
        "Send scores, features and markers (never pictures) to this network by Lab Streaming Layer: whoever "
        "is on it can receive them.", affects_scores=False,
    )  # fmt: skip
    lsl_landmarks: bool = _s(False, "network", "Send the points of body and face, too.", affects_scores=False)

    # practice: how the exercises go; none of it changes a score
    warmup_s: float = _s(
        60.0, "practice", "Length of the warm-up, without its questions.",
        unit="s", low=20.0, high=300.0, affects_scores=False,
    )  # fmt: skip
    breathing_pace: str = _s(
        "partner", "practice", "Rhythm of the breathing pacer: your partner's, or breaths a minute.",
        choices=("partner", "5", "6", "8", "10", "12", "14", "16"), affects_scores=False,
    )  # fmt: skip
    gaze_s: float = _s(
        30.0, "practice", "How long to look at each other, in all.",
        unit="s", low=5.0, high=300.0, affects_scores=False,
    )  # fmt: skip
    gaze_calibrate: bool = _s(
        True, "practice",
        "Measure where the eyes rest, on the picture and on the camera, before the first look of a session.",
        affects_scores=False,
    )  # fmt: skip
    label_hold_s: float = _s(
        3.0, "practice", "An expression must stay this long before a sentence is offered.",
        unit="s", low=1.0, high=20.0, affects_scores=False,
    )  # fmt: skip
    label_pause_s: float = _s(
        90.0, "practice", "Least time from one offered sentence to the next.",
        unit="s", low=20.0, high=600.0, affects_scores=False,
    )  # fmt: skip
    # cues: each has a switch, named after its key
    cues: bool = _s(True, "cues", "Show mirroring cues, at most one at a time.", affects_scores=False)
    cue_gap_s: float = _s(
        20.0, "cues", "Least time from one cue to the next.", unit="s", low=20.0, high=600.0,
        affects_scores=False,
    )  # fmt: skip
    cue_too_exact: bool = _cue("You move like your partner with no delay at all.")
    cue_partner_closed: bool = _cue("Your partner's upper body has closed.")
    cue_own_closed: bool = _cue("Your own upper body has closed.")
    cue_partner_leaned_back: bool = _cue("Your partner has leaned back.")
    cue_partner_leaned_in: bool = _cue("Your partner has leaned in.")
    cue_partner_slowed: bool = _cue("Your partner moves more slowly.")
    cue_partner_quickened: bool = _cue("Your partner moves more quickly.")
    cue_own_faster: bool = _cue("You move much more than your partner.")
    cue_partner_smiles: bool = _cue("Your partner smiles and your face stays as it was.")
    cue_eyes_apart: bool = _cue("You have not looked at each other for a while.")
    cue_postures_apart: bool = _cue("Your postures are less alike than those of two strangers.")

    def __post_init__(self) -> None:
        for setting in SETTINGS.values():
            object.__setattr__(self, setting.name, setting.check(getattr(self, setting.name)))

    def with_(self, **changes: Any) -> Settings:
        """Return a checked copy with `changes`; raises SettingsError for a name nobody declared."""
        unknown = sorted(set(changes) - set(SETTINGS))
        if unknown:
            raise SettingsError(
                f"There is no setting called {unknown[0]!r}; the settings are: {', '.join(SETTINGS)}."
            )
        return replace(self, **changes)

    def as_dict(self, *, scores_only: bool = False) -> dict[str, Any]:
        """Return name to value, in declared order; `scores_only` leaves out what changes no result."""
        return {
            name: getattr(self, name) for name, s in SETTINGS.items() if s.affects_scores or not scores_only
        }


def _declared() -> dict[str, Setting]:
    kinds = {"float": float, "int": int, "str": str, "bool": bool}
    return {
        f.name: Setting(name=f.name, default=f.default, kind=kinds[str(f.type)], **f.metadata)
        for f in fields(Settings)
    }


SETTINGS: Mapping[str, Setting] = _declared()

MACHINE_PRESETS: Mapping[str, Mapping[str, Any]] = {
    "weak": {
        "rate_hz": 15.0, "step_s": 0.4, "surrogates": 4,
        "camera_width": 640, "camera_height": 480, "max_side": 480,
    },
    "normal": {
        name: SETTINGS[name].default
        for name in ("rate_hz", "step_s", "surrogates", "camera_width", "camera_height", "max_side")
    },
    "strong": {
        "rate_hz": 30.0, "step_s": 0.2, "surrogates": 16,
        "camera_width": 1280, "camera_height": 720, "max_side": 1280,
    },
}  # fmt: skip
"""Settings that suit a weak, a normal and a strong machine; the rest stays as it is."""


def load_settings(path: Path | None = None, **changes: Any) -> Settings:
    """Return the defaults, changed by a TOML file (flat table) and then by `changes`.

    Raises
    ------
    SettingsError
        The file cannot be read, is not TOML, or names an unknown or impossible value.
    """
    from_file: dict[str, Any] = {}
    if path is not None:
        try:
            from_file = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(
                f"The configuration {path} could not be read ({error}); it must be a TOML file "
                "with lines such as 'window_s = 5.0'."
            ) from error
    return Settings().with_(**{**from_file, **changes})
