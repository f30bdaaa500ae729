"""The wheel's words, check-ins, and weeks beside attunement."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from made_journal import BEGIN, Clock

from mirrorsync.errors import JournalError
from mirrorsync.journal import Feeling, Journal, add_check_in, check_in_state, feelings_of, weeks
from mirrorsync.journal.weeks import balance
from mirrorsync.journal.wheel import WHEEL, core_of, is_pleasant


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.db", clock=clock) as opened:
        yield opened


def test_the_wheel_has_eighty_different_words() -> None:
    words = [w for c in WHEEL for w in (c.word, *(x for s in c.shades for x in (s.word, *s.words)))]
    assert len(words) == len(set(words)) == 8 + 24 + 48
    assert {core_of(word) for word in words} == {core.word for core in WHEEL}
    assert [core.pleasant for core in WHEEL] == [True] * 4 + [False] * 4, "right half, left half"
    assert core_of("saudade") == ""
    assert is_pleasant("saudade") is None


def test_a_check_in_comes_back(journal: Journal) -> None:
    entry = add_check_in(
        journal, [Feeling("calm", 0.5), Feeling(" my  own ", 1), Feeling("calm", 0.7)], "Hm."
    )
    kept = journal.entry(entry.id)
    assert kept is not None
    assert feelings_of(kept) == (Feeling("calm", 0.7), Feeling("my own", 1.0))
    assert [f.core for f in feelings_of(kept)] == ["peaceful", ""]
    assert [hit.entry.id for hit in journal.search("cal own hm")] == [entry.id]
    assert journal.undo() == "add check_in"


@pytest.mark.parametrize(
    ("feelings", "says"),
    [
        ([], "at least one feeling"),
        ([Feeling("calm", 1.1)], "no intensity"),
        ([Feeling("calm", math.nan)], "no intensity"),
        ([Feeling("  ", 0.5)], "1 to 80 letters"),
        ([Feeling("x" * 81, 0.5)], "1 to 80 letters"),
    ],
)
def test_an_impossible_check_in_is_refused(journal: Journal, feelings: list[Feeling], says: str) -> None:
    with pytest.raises(JournalError, match=says):
        add_check_in(journal, feelings)
    assert journal.entries() == []


def test_what_is_no_feeling_is_passed_over(journal: Journal) -> None:
    odd = [{"word": "calm", "intensity": 7}, {"word": "x"}, 5, {"word": "y", "intensity": "much"}]
    entry = journal.add("check_in", data={"choices": odd})
    assert feelings_of(entry) == (Feeling("calm", 1.0),)


def test_a_check_in_is_due_after_seven_days(journal: Journal, clock: Clock) -> None:
    assert check_in_state(journal, clock.now).due
    add_check_in(journal, [Feeling("calm", 0.5)])
    for passed, due in (
        (timedelta(0), False),
        (timedelta(days=7), False),
        (timedelta(days=7, seconds=1), True),
    ):
        state = check_in_state(journal, clock.now + passed)
        assert (state.due, state.days) == (due, passed.days)
    assert check_in_state(journal).due, "by the real clock it is long ago"


def test_weeks_stand_in_a_row_with_gaps(journal: Journal, clock: Clock) -> None:
    assert weeks(journal) == []
    add_check_in(journal, [Feeling("calm", 0.8), Feeling("tense", 0.2), Feeling("own", 1.0)])
    clock.forward(days=1)
    add_check_in(journal, [Feeling("peaceful", 0.4), Feeling("relaxed", 0.6)])
    for day, mean, coverage, duration_s in ((0, 0.4, 1.0, 100.0), (1, 0.7, 0.5, 400.0), (15, 0.5, 1.0, 60.0)):
        started = (BEGIN + timedelta(days=day)).isoformat()
        ref = journal.session(f"/{day}.mirrorsync", started_utc=started, duration_s=duration_s)
        journal.note_attunement(ref.id, mean, coverage, "")
    silent = journal.session("/silent.mirrorsync", started_utc=BEGIN.isoformat(), duration_s=9.0)
    journal.note_attunement(silent.id, None, 0.0, "")
    one, two, three = weeks(journal, zone=UTC)
    assert [w.monday for w in (one, two, three)] == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    assert one.check_ins == 2
    assert one.intensity["peaceful"] == pytest.approx((0.8 + 0.6) / 2)
    assert one.intensity["afraid"] == pytest.approx(0.1)
    assert one.intensity["angry"] == 0.0
    assert one.own_words == ("own",)
    assert one.balance == pytest.approx((0.8 + 0.4 + 0.6 - 0.2) / 2.0)
    assert one.sessions == 2
    assert one.attunement == pytest.approx((0.4 * 100 + 0.7 * 200) / 300)
    assert (two.check_ins, two.sessions) == (0, 0)
    assert math.isnan(two.intensity["sad"])
    assert math.isnan(two.balance)
    assert math.isnan(two.attunement)
    assert three.attunement == 0.5


def test_balance_says_nothing_without_words_of_the_wheel() -> None:
    assert math.isnan(balance([Feeling("own", 1.0)]))
    assert math.isnan(balance([Feeling("calm", 0.0)]))
    assert balance([Feeling("sad", 0.3)]) == -1.0


def test_a_week_begins_on_monday_where_one_lives(journal: Journal, clock: Clock) -> None:
    from zoneinfo import ZoneInfo

    clock.now = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)  # Sunday in London, Monday in Berlin
    add_check_in(journal, [Feeling("calm", 0.5)])
    assert weeks(journal, zone=UTC)[0].monday == date(2026, 3, 2)
    assert weeks(journal, zone=ZoneInfo("Europe/Berlin"))[0].monday == date(2026, 3, 9)
