from __future__ import annotations

import json

import numpy as np
import pytest
from made_speech import RATE_HZ, conversation
from numpy.typing import NDArray

from mirrorsync.voice.conversation import Conversation, conversation_of_mix, conversation_of_two
from mirrorsync.voice.listening import VoiceListener, VoiceTrack

SPOKEN = [
    ("a", 0.5, 3.0), ("b", 3.4, 6.4), ("a", 6.0, 9.0), ("b", 7.2, 7.7), ("b", 9.5, 12.0), ("a", 12.3, 14.0),
]  # fmt: skip
LENGTH_S = 15.0


def heard(sound: NDArray[np.float32], chunk: int = 7001) -> VoiceTrack:
    listener = VoiceListener()
    for start in range(0, sound.size, chunk):
        listener.add(sound[start : start + chunk])
    return listener.finish()


@pytest.fixture(scope="module")
def two() -> Conversation:
    a, b = conversation(SPOKEN, LENGTH_S)
    found, notes = conversation_of_two(heard(a), heard(b))
    assert notes == ()
    assert found is not None
    return found


def test_turns_of_two_channels_come_back(two: Conversation) -> None:
    told = [(turn.person, turn.kind) for turn in two.turns]
    assert told == [
        ("a", "turn"), ("b", "turn"), ("a", "interruption"), ("b", "backchannel"), ("b", "turn"),
        ("a", "turn"),
    ]  # fmt: skip
    for turn, (person, start_s, end_s) in zip(two.turns, SPOKEN, strict=True):
        assert turn.person == person
        assert turn.start_s == pytest.approx(start_s, abs=0.08)
        assert turn.end_s == pytest.approx(end_s, abs=0.12)
    assert two.turns[0].pitch_hz == pytest.approx(115, rel=0.15)
    assert two.turns[1].pitch_hz == pytest.approx(205, rel=0.15)
    assert two.turns[2].transition_s == pytest.approx(-0.4, abs=0.12)


def test_talk_shares_come_back(two: Conversation) -> None:
    measures = two.measures()
    spoken = {person: sum(e - s for p, s, e in SPOKEN if p == person) for person in "ab"}
    assert measures["talk_share_a"] == pytest.approx(spoken["a"] / sum(spoken.values()), abs=0.03)
    assert measures["interruptions_a_per_min"] == pytest.approx(4)
    assert measures["vocal_synchrony_pitch"]["pairs"] == 4
    assert np.isnan(measures["vocal_synchrony_pitch"]["synchrony_p"])  # too few turns to say


def test_any_chunking_hears_the_same() -> None:
    a, _ = conversation(SPOKEN, LENGTH_S)
    small, large = heard(a, 997), heard(a, 100_000)
    np.testing.assert_array_equal(small.speech, large.speech)
    np.testing.assert_array_equal(small.power, large.power)
    np.testing.assert_allclose(small.prosody.pitch_hz, large.prosody.pitch_hz, rtol=1e-3, equal_nan=True)


def test_what_is_stored_comes_back(two: Conversation) -> None:
    again = Conversation.from_dict(json.loads(json.dumps(two.as_dict(), allow_nan=False)))
    np.testing.assert_allclose(again.speech_a, two.speech_a, atol=1e-4)
    assert [(t.person, t.kind) for t in again.turns] == [(t.person, t.kind) for t in two.turns]
    assert json.dumps(again.as_dict()) == json.dumps(two.as_dict())
    with pytest.raises(KeyError):
        Conversation.from_dict({"source": "two channels"})


def test_the_same_mixture_twice_is_no_conversation_of_two() -> None:
    a, b = conversation(SPOKEN, LENGTH_S)
    mix = a + b
    assert conversation_of_two(heard(mix), heard(np.asarray(0.9 * mix, np.float32))) == (None, ())


def test_an_echo_is_told_and_left_out() -> None:
    a, b = conversation(SPOKEN, LENGTH_S)
    late = round(0.15 * RATE_HZ)
    echoed = np.asarray(a + 0.2 * np.concatenate([np.zeros(late, np.float32), b[:-late]]), np.float32)
    found, notes = conversation_of_two(heard(echoed), heard(b))
    assert found is not None
    assert len(notes) == 1
    assert notes[0].startswith("B is heard in A's sound, 150 ms late")
    assert np.diff(found.speech_a).sum() == pytest.approx(7.2, abs=0.8)


def test_a_mixture_is_given_to_the_mouths_that_move() -> None:
    a, b = conversation(SPOKEN, LENGTH_S)
    times = np.arange(round(LENGTH_S * 25)) / 25
    mouths = []
    for person in "ab":
        talks = np.zeros(times.size, bool)
        for who, start_s, end_s in SPOKEN:
            talks |= (who == person) & (times >= start_s) & (times < end_s)
        mouths.append(0.05 + 0.25 * np.abs(np.sin(2 * np.pi * 2 * times)) * talks)
    found = conversation_of_mix(heard(a + b), mouths[0], mouths[1], rate_hz=25)
    floor = found.floor(times)
    truth_a = np.isin(times, times[(times >= 0.5) & (times < 3.0)])
    assert np.mean(floor[truth_a] == "a") > 0.7
    assert np.mean(floor[truth_a] == "b") == 0
    assert found.source == "one mixture"
    assert found.measures()["unclear_share"] > 0


def test_excluded_stretches_are_cut_out(two: Conversation) -> None:
    cut = two.without([(4.0, 5.0), (13.0, 99.0)])
    assert cut.duration_s == pytest.approx(LENGTH_S - 3.0, abs=0.1)
    assert np.all(cut.floor(np.array([4.5, 13.5])) == "none")
    assert {turn.start_s for turn in cut.turns} < {turn.start_s for turn in two.turns}
    assert two.without([]) is two


def test_clipping_is_measured() -> None:
    loud = np.clip(conversation([("a", 0.0, 3.0)], 3)[0] * 20, -1, 1)
    assert heard(np.asarray(loud, np.float32)).clipped_share > 0.2
    assert heard(conversation([("a", 0.0, 3.0)], 3)[0]).clipped_share == 0
