"""What the Session tab says of a channel: whether, how much and how late, each by the statistic it names."""

from __future__ import annotations

from mirrorsync.ui.review.numbers_panel import _said


def test_what_is_no_more_than_chance_is_said_to_be_so_first() -> None:
    said = _said("head_synchrony", {"effect_size": 1.0, "p_value": 0.74, "peak_lag_s": 1.8})
    assert said == (
        "Head: no more than chance. With your partner's moments shuffled, you move together as much in 74% "
        "of the trials. That is 1.0 SD above them."
    )


def test_who_follows_is_said_where_it_is_told_apart_from_chance() -> None:
    said = _said("body_synchrony", {"effect_size": 5.0, "p_value": 0.005, "peak_lag_s": -0.6})
    assert said.startswith("Body: above chance. With your partner's moments shuffled, ")
    assert said.endswith("5.0 SD above them. Over the whole session you follow, 0.6 s behind.")
