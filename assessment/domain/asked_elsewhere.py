"""What was really asked elsewhere: an import keeps its own wording, and with it a meaning of its own.

A mapping lays somebody's question over one of ours, so that it finds its aspect. Mostly the two are worded differently,
and then a difference between a quarter that was imported and one that was answered here may be the wording's. So the
frozen copy of the questionnaire takes the question as the spreadsheet words it, and a meaning id computed from these
words and from what its answers were said to be worth: two imports of the same form can be compared, an import and our
own questionnaire only where the question and its scale are ours to the letter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from assessment.domain.mapping import MatchedColumn, own_words
from assessment.domain.spreadsheet import normal
from questionnaires.instrument import Aspect, Choice, Instrument, Item, Ladder, Questionnaire

LONGEST_TEXT = 500


def as_asked(questionnaire: Questionnaire, columns: Sequence[MatchedColumn], header: Sequence[str]) -> Questionnaire:
    """Return the questionnaire with the wording and meaning ids of the questions that were worded elsewhere.

    :param columns: which of the spreadsheet's columns answer which question.
    :param header: the spreadsheet's header.
    """
    asked = {
        column.question.key: (header[column.position], _strange_words(column, questionnaire)) for column in columns
    }
    return Questionnaire(tuple(_worded(instrument, asked) for instrument in questionnaire.instruments))


def reworded(questionnaire: Questionnaire, frozen: Questionnaire) -> tuple[str, ...]:
    """Return the keys of the questions whose meaning is another one in the copy that an import freezes."""
    pairs = zip(questionnaire.questions, frozen.questions, strict=True)
    return tuple(ours.key for ours, theirs in pairs if ours.meaning != theirs.meaning)


Asked = Mapping[str, tuple[str, Mapping[str, int]]]


def _worded(instrument: Instrument, asked: Asked) -> Instrument:
    def changed(part: Item | Choice | Ladder, key: str, field: str) -> dict[str, Any]:
        words, worth = asked.get(key, ("", {}))
        own: Mapping[str, str] = getattr(part, field)
        if not words or (not worth and normal(words) in {normal(sentence) for sentence in own.values()}):
            return {}
        return {"meaning": meaning_of(words, worth), field: dict.fromkeys(own, words.strip()[:LONGEST_TEXT])}

    def aspect(part: Aspect) -> Aspect:
        items = tuple(item.model_copy(update=changed(item, f"item:{item.id}", "text")) for item in part.items)
        if part.choice is None:
            return part.model_copy(update={"items": items})
        choice = part.choice.model_copy(update=changed(part.choice, f"choice:{part.id}", "prompt"))
        return part.model_copy(update={"items": items, "choice": choice})

    ladders = (
        ladder.model_copy(update=changed(ladder, f"ladder:{ladder.id}", "prompt")) for ladder in instrument.ladders
    )
    return instrument.model_copy(update={"aspects": tuple(map(aspect, instrument.aspects)), "ladders": tuple(ladders)})


def meaning_of(words: str, worth: Mapping[str, int]) -> str:
    """Return the meaning id of a question worded elsewhere, whatever its case and spaces."""
    told = json.dumps([normal(words), sorted(worth.items())], ensure_ascii=False)
    return f"elsewhere_{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _strange_words(column: MatchedColumn, questionnaire: Questionnaire) -> dict[str, int]:
    """Return the answers' words that are not the instrument's own, and what they were said to be worth."""
    own = own_words(column.question, questionnaire)
    return {word: worth for word, worth in column.worth.items() if worth is not None and own.get(word) != worth}
