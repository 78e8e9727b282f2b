"""How people of the sample organisation answer: one person's answers as a pure function of seed, person and quarter."""

from __future__ import annotations

import random

from assessment.services.demo.people import Person
from assessment.services.demo.teams import SampleTeam, Story
from questionnaires.instrument import AREAS, ASPECTS, Question, Questionnaire

# What a story has moved by each quarter, in points or rungs: little at first, and a step once a change has settled. The
# step is in the latest closed quarter, large enough that a test can tell it from chance in a team of ten.
POINTS = (0.0, 0.1, 0.2, 1.9, 2.0)
RUNGS = (0.0, 0.1, 0.3, 0.9, 1.1)
# People differ from one another, and one person's answers differ among themselves.
BETWEEN_PEOPLE, WITHIN_PERSON, BETWEEN_QUARTERS = 0.7, 0.75, 0.12
# Two camps of the split team lie this far to either side of its level.
CAMP = 2.0
CANNOT_JUDGE, LEFT_OUT, STOPPED_EARLY = 0.03, 0.015, 0.04
# How many have which role, in the order of its values; the rest would rather not say.
ROLE_SHARES = (0.44, 0.24, 0.12, 0.1)
# What a role sees better or worse than the others in its team, in points: who leads hears less of bad news.
ROLE_LEANINGS: tuple[dict[str, float], ...] = (
    {},
    {"risk_sharing": -0.6},
    {"inquiry": -0.3},
    {"messengers": 0.8},
)


def answering(
    team: SampleTeam, people: tuple[Person, ...], quarter: int, seed: int, smallest: int = 5
) -> tuple[Person, ...]:
    """Return who of a team answers this quarter: its usual share, give or take one, at least `smallest` where possible.

    :raise ValueError: when nobody is in the team.
    """
    if not people:
        raise ValueError(f"{team.name} has nobody to answer")
    chance = random.Random(f"answering|{seed}|{team.name}|{quarter}")  # noqa: S311 - sample data
    usual = round(team.response * len(people))
    n = usual + (chance.choice((-1, 0, 0, 1)) if usual < len(people) else 0)
    lowest = max(smallest, -(-55 * len(people) // 100))
    n = min(len(people), max(lowest, n))
    if team.story is Story.TINY:
        n = min(n, smallest - 1)
    return tuple(sorted(chance.sample(people, n), key=lambda person: person.number))


def answers(
    team: SampleTeam, person: Person, quarter: int, questionnaire: Questionnaire, seed: int
) -> dict[str, int | None]:
    """Return one person's answers: values, None for "cannot judge", no entry where a question was left out."""
    chance = random.Random(f"answers|{seed}|{person.number}|{quarter}")  # noqa: S311 - sample data
    nature = random.Random(f"nature|{seed}|{person.number}")  # noqa: S311 - sample data
    weather = random.Random(f"weather|{seed}|{team.name}|{quarter}")  # noqa: S311 - sample data
    agreed = team.story is Story.UNANIMOUS
    leaning = 0.0 if agreed else nature.gauss(0, BETWEEN_PEOPLE)
    if team.story is Story.SPLIT:
        leaning = leaning * 0.4 + (CAMP if person.number % 2 else -CAMP)
    moods: dict[str, float] = {
        part: 0.0 if agreed else weather.gauss(0, BETWEEN_QUARTERS) for part in (*ASPECTS, *AREAS)
    }
    role = _role(person, seed)
    sees = {} if agreed or role is None else ROLE_LEANINGS[role - 1]
    questions = [question for question in questionnaire.questions if question.kind != "role"]
    stops_at = None
    if not agreed and chance.random() < STOPPED_EARLY:
        stops_at = chance.randrange(8, len(questions)) if len(questions) > 8 else None
    found: dict[str, int | None] = {}
    for place, question in enumerate(questions):
        drawn = chance.random()
        noise = 0.0 if agreed else chance.gauss(0, WITHIN_PERSON)
        if stops_at is not None and place >= stops_at:
            break
        if not agreed and drawn < LEFT_OUT:
            continue
        if not agreed and drawn < LEFT_OUT + CANNOT_JUDGE * (2 if question.kind == "ladder" else 1):
            found[question.key] = None
            continue
        level = _level(team, question, quarter) + moods[question.part] + sees.get(question.part, 0.0)
        found[question.key] = _value(question, level, leaning, noise)
    if questionnaire.role is not None and role is not None:
        found["role"] = role
    return found


def _role(person: Person, seed: int) -> int | None:
    """Return the role that somebody keeps through the quarters, and would name; None who would rather not say."""
    drawn = random.Random(f"role of|{seed}|{person.number}").random()  # noqa: S311 - sample data
    for value, share in enumerate(ROLE_SHARES, start=1):
        drawn -= share
        if drawn < 0:
            return value
    return None


def _level(team: SampleTeam, question: Question, quarter: int) -> float:
    """Return what a team is like this quarter: points of the 1-7 scale, or rungs for a ladder."""
    ladder = question.kind == "ladder"
    order: tuple[str, ...] = AREAS if ladder else ASPECTS
    level = (team.ladders if ladder else team.levels)[order.index(question.part)]
    if question.part in team.moves:
        moved = (RUNGS if ladder else POINTS)[min(quarter, len(POINTS) - 1)]
        level += moved * {Story.RISES: 1, Story.FALLS: -1}.get(team.story, 0)
    return level


def _value(question: Question, level: float, leaning: float, noise: float) -> int:
    """Return the offered value nearest to what somebody thinks."""
    if question.kind == "ladder":
        thought = level + 0.35 * leaning + 0.6 * noise
    elif question.kind == "choice":
        # Up to 3 reads pathological, from 5 generative, and between the two bureaucratic.
        felt = level + leaning + noise
        thought = 1.0 if felt < 3.2 else 3.0 if felt > 5.0 else 2.0
    else:
        share = (level + leaning + noise - 1) / 6
        thought = question.lowest + share * (question.highest - question.lowest)
    return max(question.lowest, min(question.highest, round(thought)))
