"""One clock: the window, the journal and the report call the same moment the same."""

from __future__ import annotations

import math

import pytest

from mirrorsync.clock_text import clock_text
from mirrorsync.report.words import clock as in_the_report
from mirrorsync.ui.journal.texts import clock as in_the_journal
from mirrorsync.ui.review.texts import clock as in_the_window


@pytest.mark.parametrize(
    ("seconds", "said", "tenths"),
    [
        (0.0, "0:00", "0:00.0"), (6.96, "0:06", "0:06.9"), (59.6, "0:59", "0:59.6"),
        (59.96, "0:59", "0:59.9"), (59.99999999, "1:00", "1:00.0"), (61.0, "1:01", "1:01.0"),
        (3723.25, "1:02:03", "1:02:03.2"), (-1.0, "0:00", "0:00.0"), (math.nan, "–", "–"),
    ],
)  # fmt: skip
def test_a_moment_is_called_the_same_everywhere(seconds: float, said: str, tenths: str) -> None:
    assert (clock_text(seconds), clock_text(seconds, tenths=True)) == (said, tenths)
    assert in_the_report(seconds) == in_the_window(seconds) == said
    assert in_the_journal(seconds) == in_the_window(seconds, tenths=True) == tenths


def test_tenths_that_were_meant_are_not_lost_to_rounding() -> None:
    assert [clock_text(k / 10, tenths=True)[-1] for k in range(600)] == [str(k % 10) for k in range(600)]
