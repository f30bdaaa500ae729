"""Every word the exercises say, by key, in one place; English.

The words describe and invite. They do not judge, do not tell anybody what they feel, and promise nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["TEXTS", "say"]

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        # The panel that holds the exercises
        "panel.title": "Practice",
        "panel.back": "Back",
        "panel.back.tip": "Back to the list; an exercise that is under way ends (Alt+Left).",
        "panel.close": "Close",
        "panel.close.tip": "Put the practice panel away; an exercise that is under way ends (P).",
        "panel.first": "Press Start first: these exercises need both pictures.",
        "panel.kept": "Kept with the recording, and with it in your journal.",
        "panel.held": "Nothing is being recorded. Start a recording before you stop to keep this.",
        "panel.words": "Your answer is in your journal (Ctrl+J). Only a recording keeps measurements.",
        "words.title": "Your answer is not in your journal yet",
        "words.locked": "Your journal has a passphrase. Open it (Ctrl+J), and your answer is added.",
        "words.failed": "Something unexpected went wrong; try again, or copy your answer.",
        "words.leave_first": "Your answer is not in your journal yet: keep, copy or leave it, then close.",
        "words.text": "What you wrote",
        "words.text.tip": "Stays here until it is in your journal, or until you leave it.",
        "words.again": "Try again",
        "words.again.tip": "Write it into the journal once more.",
        "words.copy": "Copy",
        "words.copy.tip": "Copy it, to keep it somewhere else.",
        "words.leave": "Leave it",
        "words.leave.tip": "Keep it nowhere; it is gone then.",
        "panel.done": "Done",
        "panel.done.tip": "Back to the list (Enter).",
        "panel.warmup": "Warm-up",
        "panel.warmup.about": "One minute to arrive. Learns both faces at rest.",
        "panel.cues": "Mirroring cues",
        "panel.cues.about": "Now and then one plain sentence about what has just changed.",
        "panel.breathing": "Breathing together",
        "panel.breathing.about": "A circle at your partner's rhythm, and your own beside it.",
        "panel.gaze": "Looking at each other",
        "panel.gaze.about": "A ring that fills while both of you look. Stop at any time.",
        "panel.labelling": "Putting it into words",
        "panel.labelling.about": "When an expression stays: a question to ask. Off until you switch it on.",
        "panel.tip": "{about} ({key})",
        # Warm-up
        "warmup.title": "Warm-up",
        "warmup.flipped": "Hold up your right hand. On which side of your own picture is it?",
        "warmup.flipped.flipped": "On the right, as in a mirror",
        "warmup.flipped.not_flipped": "On the left, as others see me",
        "warmup.flipped.later": "Ask me later",
        "warmup.mirror": "Your partner lifts their left hand. Which hand of yours is the same?",
        "warmup.mirror.mirror": "My right: we mirror each other",
        "warmup.mirror.anatomical": "My left: the same side of the body",
        "warmup.mirror.auto": "Either: take what fits better",
        "warmup.mirror.later": "Ask me later",
        "warmup.posture": "Let your shoulders drop and your arms rest open. Feel the chair carry you.",
        "warmup.gaze": "Let your eyes rest softly on your partner's picture. Nothing to do.",
        "warmup.done": "Both faces at rest are known now.",
        "warmup.done_you": "Your face at rest is known now; your partner was not seen long enough.",
        "warmup.done_partner": "Your partner's face at rest is known now; you were not seen long enough.",
        "warmup.done_none": "Neither face was seen long enough; light from the front helps.",
        "warmup.stopped": "The warm-up ended early.",
        "warmup.now.flipped": "Your own picture arrives as in a mirror, and is turned back.",
        "warmup.now.not_flipped": "Your own picture arrives as others see you.",
        "warmup.now.mirror": "Postures are compared as in a mirror.",
        "warmup.now.anatomical": "Postures are compared left with left.",
        "warmup.now.auto": "Postures are compared by the form that fits better.",
        "warmup.unseen_you": "You are not in the picture at the moment.",
        "warmup.unseen_partner": "Your partner is not in the picture at the moment.",
        "warmup.unseen_both": "Neither of you is in the picture at the moment.",
        "warmup.flipped.flipped.tip": "Your own picture arrives flipped; this is remembered.",
        "warmup.flipped.not_flipped.tip": "Your own picture arrives as others see you; this is remembered.",
        "warmup.flipped.later.tip": "Leave it open; you are asked again next time.",
        "warmup.mirror.mirror.tip": "Postures are compared as in a mirror; this is remembered.",
        "warmup.mirror.anatomical.tip": "Postures are compared left with left; this is remembered.",
        "warmup.mirror.auto.tip": "The form that fits better counts; this is remembered.",
        "warmup.mirror.later.tip": "Leave it open; you are asked again next time.",
        "warmup.stop": "Stop",
        "warmup.stop.tip": "End the warm-up here (Esc).",
        "warmup.progress": "Warm-up, seconds left",
        "warmup.progress.tip": "How much of the minute is left.",
        "warmup.left": "{left:.0f} s",
        # Cues: what to say, and what each is about
        "cue.partner_closed": "Their shoulders have closed a little.",
        "cue.own_closed": "Your shoulders have closed a little.",
        "cue.partner_leaned_back": "They have leaned back.",
        "cue.partner_leaned_in": "They have leaned in.",
        "cue.partner_slowed": "Their pace has slowed.",
        "cue.partner_quickened": "Their pace has quickened.",
        "cue.own_faster": "You move much more than they do.",
        "cue.partner_smiles": "A smile came from them.",
        "cue.eyes_apart": "Your eyes have not met for a while.",
        "cue.postures_apart": "Your postures have moved apart.",
        "cue.too_exact": "You are copying a little exactly.",
        "cue.title": "Cue",
        "cue.page": "Which cues may come",
        "cue.page.about": (
            "A cue says what has just changed, at most one every {gap:.0f} seconds. It does not judge, and "
            "it asks nothing of you. It appears under the pictures."
        ),
        "cue.all": "Show mirroring cues",
        "cue.all.tip": "All of them, or none.",
        "cue.invitation": "Answer…",
        "cue.invitation.tip": "Open the page to confirm it, put it into other words, or let it pass.",
        "cue.dismiss": "Hide",
        "cue.dismiss.tip": "Take this away; the next comes no sooner for it (H).",
        "cue.off": "Not this one",
        "cue.off.tip": "Show this cue no more; the settings bring it back.",
        "cue.partner_closed.about": "Says when your partner's upper body has closed over the last minute.",
        "cue.own_closed.about": "Says when your own upper body has closed over the last minute.",
        "cue.partner_leaned_back.about": "Says when your partner has leaned back from where they were.",
        "cue.partner_leaned_in.about": "Says when your partner has leaned in from where they were.",
        "cue.partner_slowed.about": "Says when your partner moves more slowly than over the last minute.",
        "cue.partner_quickened.about": "Says when your partner moves more quickly than over the last minute.",
        "cue.own_faster.about": "Says when you move much more than your partner does.",
        "cue.partner_smiles.about": "Says when your partner smiles and your own face stays as it was.",
        "cue.eyes_apart.about": "Says when you have not looked at each other for a quarter of a minute.",
        "cue.postures_apart.about": "Says when your postures are less alike than those of two strangers.",
        "cue.too_exact.about": "Says when you move like your partner with no delay at all.",
        # Breathing
        "breathing.title": "Breathing together",
        "breathing.in": "in",
        "breathing.out": "out",
        "breathing.waiting": "Your partner's breath cannot be measured yet. Sit still, or choose a rhythm.",
        "breathing.measured": "This is your partner's rhythm.",
        "breathing.remembered": "Your partner's breath cannot be measured now; this is their last rhythm.",
        "breathing.chosen": "This is the rhythm you chose.",
        "breathing.limited": "This is as near to their breath as is comfortable to follow.",
        "breathing.done": "The exercise has ended.",
        "breathing.own_unknown": "Your own breath cannot be measured now.",
        "breathing.same": "You breathe at the same pace.",
        "breathing.near": "You breathe at a similar pace.",
        "breathing.apart": "You breathe at different paces.",
        "breathing.ease": "If you feel light-headed, breathe as you like.",
        "breathing.rate": "{rate:.0f} a minute",
        "breathing.pacer_mark": "pacer",
        "breathing.own_mark": "you",
        "breathing.pace": "Rhythm",
        "breathing.pace.tip": "Whose rhythm the pacer keeps: your partner's, or one you choose.",
        "breathing.pace.partner": "My partner's rhythm",
        "breathing.circle.tip": "Grows with the breath in, shrinks with the breath out. Below: both rhythms.",
        "breathing.stop": "Stop",
        "breathing.stop.tip": "End the breathing here (Esc).",
        # Mutual gaze
        "gaze.title": "Looking at each other",
        "gaze.ready": "Both of you look at each other's picture. You can stop at any moment.",
        "gaze.calibrate_partner": "Both of you: look at the other's eyes in the picture.",
        "gaze.calibrate_camera": "Now both look into the camera.",
        "gaze.unmeasured_you": "Where your eyes rest could not be measured.",
        "gaze.unmeasured_partner": "Where your partner's eyes rest could not be measured.",
        "gaze.unmeasured_both": "Where your eyes rest could not be measured, for either of you.",
        "gaze.unmeasured": "Light from the front and a still head help. Otherwise the ring is a plain timer.",
        "gaze.again": "Try again",
        "gaze.again.tip": "Measure once more, from the beginning (Enter).",
        "gaze.go_on": "Go on",
        "gaze.go_on.tip": "Go on with a plain timer, without measuring.",
        "gaze.together": "You look at each other.",
        "gaze.timer": "Look at each other. This is a timer: where you look is not measured.",
        "gaze.waiting": "The ring waits for you both.",
        "gaze.unknown": "The eyes cannot be seen well enough at the moment; the ring waits.",
        "gaze.grounding": "Let your eyes wander. Feel your feet on the floor, and breathe out slowly.",
        "gaze.reflect": "What did you notice in yourself while you looked at each other?",
        "gaze.done": "Thank you.",
        "gaze.left": "{left:.0f} s",
        "gaze.ring.tip": "How far you are. With measured gaze it fills only while both of you look.",
        "gaze.ring.described": "{prompt} {percent} of 100.",
        "gaze.begin": "Begin",
        "gaze.begin.tip": "Start looking at each other (Enter).",
        "gaze.ground": "It is a lot",
        "gaze.ground.tip": "Pause, and come back to yourself (G).",
        "gaze.resume": "Go on",
        "gaze.resume.tip": "Go on looking at each other (G).",
        "gaze.stop": "Stop",
        "gaze.stop.tip": "End it here; that is always fine (Esc).",
        "gaze.answer": "Your answer",
        "gaze.answer.tip": "Goes into your journal, on this computer only.",
        "gaze.keep": "Keep",
        "gaze.keep.tip": "Keep the answer in your journal (Ctrl+Enter).",
        "gaze.leave": "Leave it",
        "gaze.leave.tip": "Answer nothing (Esc).",
        # Emotion labelling
        "label.title": "Putting it into words",
        "label.explanation": (
            "When an expression stays on your partner's face, you are offered a sentence to ask them. The "
            "program sees only the form of a face, such as raised brows or a smile, and not every form. "
            "It cannot know what a person feels: people smile without joy, and are sad without showing it. "
            "Only your partner can say. With a recording, the form and their answer are noted."
        ),
        "label.listening": "Waiting for an expression that stays.",
        "label.unseen": "Your partner's face cannot be read at the moment.",
        "label.resting": "Leaving some room before the next one.",
        "label.answer.confirmed": "Confirmed",
        "label.answer.clarified": "Clarified as …",
        "label.answer.passed": "Let it pass",
        "label.answer.confirmed.tip": "It resonated, your partner said (1).",
        "label.answer.clarified.tip": "Your partner put it into other words; write them first (2).",
        "label.answer.passed.tip": "Let it pass; nothing is made of it (3).",
        "label.clarified_as": "Their words",
        "label.clarified_as.tip": "What your partner called it; kept with the session.",
        "label.on": "Switch on",
        "label.on.tip": "I have read this; offer me such sentences.",
        "label.stop": "Switch off",
        "label.stop.tip": "Offer no more sentences (Esc).",
        "label.seen": "Goes by {seen}",
        "label.log": "What was offered, and what became of it",
        "label.log.tip": "Minutes since the start, what was seen, and what your partner said to it.",
        "label.log.line": "{minutes}:{seconds:02d}  {seen}: {outcome}",
        "label.outcome.confirmed": "confirmed",
        "label.outcome.clarified": "“{words}”",
        "label.outcome.passed": "let pass",
        "label.outcome.unanswered": "not taken up",
        # Lines in the journal
        "journal.warmup": "Warm-up, {seconds:.0f} s. {outcome}",
        "journal.breathing": (
            "Breathing together, {minutes}:{seconds:02d} min: the circle at {pacer:.1f} breaths a minute, "
            "you at {own:.1f}."
        ),
        "journal.breathing_unknown": (
            "Breathing together, {minutes}:{seconds:02d} min: the circle at {pacer:.1f} breaths a minute; "
            "your own breath could not be measured."
        ),
        "journal.gaze": "Looking at each other: {filled:.0f} of {wanted:.0f} s.",
        "journal.gaze.timer": (
            "Mutual gaze with a plain timer: {filled:.0f} of {wanted:.0f} s. Your gaze was not measured."
        ),
        "journal.label": "{seen}: {outcome}.",
        "label.invite.happy": "I sense some lightness: does that resonate?",
        "label.invite.sad": "I sense some sadness: does that resonate?",
        "label.invite.surprise": "I sense some surprise: does that resonate?",
        "label.invite.anger": "I sense some tension, perhaps anger: does that resonate?",
        "label.invite.fear": "I sense some unease: does that resonate?",
        "label.invite.disgust": "I sense something that is hard to take: does that resonate?",
        "label.invite.contempt": "I sense some distance: does that resonate?",
        # Pause and reflect
        "reflect.what_happened": "What happened here?",
        "reflect.body": "What did you feel in your body?",
        "reflect.now": "What would you do now?",
    }
)


def say(key: str) -> str:
    """Return the words for a key; the empty key has none.

    Raises
    ------
    KeyError
        Nobody has written words for `key`.
    """
    return TEXTS[key] if key else ""
