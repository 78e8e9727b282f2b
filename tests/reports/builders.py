"""Questionnaires, nodes and campaigns for the tests of the numbers, small enough to read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from questionnaires.instrument import (
    AREAS,
    ASPECTS,
    Aspect,
    Choice,
    Instrument,
    Item,
    Ladder,
    Questionnaire,
    Scale,
    Source,
)
from questionnaires.loader import available
from questionnaires.roles import ROLES
from reports.carry_up import keep
from reports.counting import complete_measures, role_measure, role_measures
from reports.histograms import Histogram
from reports.kept import Kept, Node, NodeKind, Way

ORGANISATION = 1


def instrument(
    aspects: Iterable[str] = ASPECTS,
    areas: Iterable[str] = AREAS,
    n_items: int = 3,
    scale: tuple[int, int] = (1, 7),
    with_choices: bool = True,
    meanings: str = "",
) -> Instrument:
    """An instrument whose texts are its ids; `meanings` changes every meaning id."""

    def text(words: str) -> dict[str, str]:
        return {"en": words}

    return Instrument(
        id="sample",
        version=1,
        name=text("Sample"),
        introduction=text("Introduction"),
        minutes=7,
        source=Source(credit=text("ourselves"), licence="CC-BY-4.0"),
        languages=("en",),
        scale=Scale(lowest=scale[0], highest=scale[1], labels={value: text(str(value)) for value in scale}),
        aspects=tuple(
            Aspect(
                id=aspect,
                name=text(aspect),
                explanation=text(aspect),
                items=tuple(
                    Item(id=f"{aspect}_{i}", meaning=f"{aspect}_{i}{meanings}", text=text(f"{aspect} {i}"))
                    for i in range(1, n_items + 1)
                ),
                choice=Choice(
                    meaning=f"{aspect}_choice{meanings}",
                    prompt=text("nearest"),
                    pathological=text("P"),
                    bureaucratic=text("B"),
                    generative=text("G"),
                )
                if with_choices
                else None,
            )
            for aspect in aspects
        ),
        ladders=tuple(
            Ladder(
                id=area,
                meaning=f"{area}_ladder{meanings}",
                name=text(area),
                explanation=text(area),
                prompt=text("highest true"),
                rungs=tuple(text(f"rung {rung}") for rung in range(5)),
            )
            for area in areas
        ),
    )


def questionnaire(*, with_roles: bool = False, **options: Any) -> Questionnaire:
    """The sample instrument by itself, or with the role question behind it."""
    return Questionnaire((instrument(**options), *([available()["roles"]] if with_roles else [])))


def one_aspect(**options: Any) -> Questionnaire:
    """Cooperation only, without choice and ladders: three items and their score."""
    return questionnaire(**{"aspects": ("cooperation",), "areas": (), "with_choices": False, **options})


def team(node_id: int, parent: int | None = ORGANISATION, **more: Any) -> Node:
    defaults: dict[str, Any] = {"name": f"Team {node_id}", "n_invited": 12, "way": "cards", "team": node_id}
    return Node(id=node_id, kind="team", parent=parent, **{**defaults, **more})


def group(node_id: int, kind: NodeKind, parent: int | None, **more: Any) -> Node:
    defaults: dict[str, Any] = {"name": f"{kind.title()} {node_id}", "n_invited": 40, "team": node_id}
    return Node(id=node_id, kind=kind, parent=parent, **{**defaults, **more})


def organisation_of(*departments: Sequence[Node]) -> tuple[Node, ...]:
    """An organisation with one department (ids 100, 101, …) for each row of teams."""

    def invited(teams: Iterable[Node]) -> int | None:
        sizes = [node.n_invited for node in teams]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    everybody = invited(node for row in departments for node in row)
    nodes: list[Node] = [group(ORGANISATION, "organisation", None, name="Organisation", n_invited=everybody)]
    for department, row in enumerate(departments, start=100):
        nodes.append(group(department, "department", ORGANISATION, n_invited=invited(row)))
        nodes += [replace(node, parent=department) for node in row]
    return tuple(nodes)


def answers_of(
    asked: Questionnaire, n: int, dice: random.Random, skip: float = 0.0, level: float | None = None
) -> dict[str, Histogram]:
    """Random people's histograms, counted in plain Python."""
    people = []
    for _ in range(n):
        person: dict[str, int] = {}
        for question in asked.questions:
            if dice.random() < skip:
                continue
            value = dice.randint(question.lowest, question.highest) if level is None else round(dice.gauss(level, 1))
            person[question.key] = min(max(value, question.lowest), question.highest)
        people.append(person)
    return counted_of(asked, people)


def counted_of(asked: Questionnaire, people: Sequence[Mapping[str, int]]) -> dict[str, Histogram]:
    """The oracle of counting: raw answers, one person after the other."""
    values: dict[str, list[int]] = {question.key: [] for question in asked.questions if question.kind != "role"}
    values |= {f"aspect:{aspect}": [] for aspect in asked.aspects}
    values |= {key: [] for key in (*complete_measures(asked), *role_measures(asked))}
    for person in people:
        for key, value in person.items():
            if key != "role":
                values[key].append(value)
        for aspect_id, (_, aspect) in asked.aspects.items():
            given = [person[f"item:{item.id}"] for item in aspect.items if f"item:{item.id}" in person]
            if 3 * len(given) >= 2 * len(aspect.items):
                values[f"aspect:{aspect_id}"].append(sum(given) * (6 // len(given)))
                if "role" in person:
                    key = role_measure(ROLES[person["role"] - 1], aspect_id)
                    values[key].append(sum(given) * (6 // len(given)))
            if len(given) == len(aspect.items) > 1:
                values[f"complete:aspect:{aspect_id}"].append(sum(given) * (6 // len(given)))
                for item in aspect.items:
                    values[f"complete:item:{item.id}"].append(person[f"item:{item.id}"])
    return {key: Histogram.count(found) for key, found in values.items()}


def scores(*values: float) -> Histogram:
    """A histogram of aspect scores given in points."""
    return Histogram.count([round(6 * value) for value in values])


def team_campaign(
    figures: Mapping[str, Histogram],
    *,
    n_invited: int | None = 12,
    asked: Questionnaire | None = None,
    quarter: str = "2026-Q3",
    way: Way = "cards",
    reporting_size: int = 5,
    focus: tuple[str, ...] = (),
    n_answered: int | None = None,
) -> Kept:
    """A campaign of one team (node 10) in one department in one organisation, with these histograms."""
    answered = n_answered if n_answered is not None else max((h.n for h in figures.values()), default=0)
    nodes = organisation_of([team(10, name="Atlas", n_invited=n_invited, way=way, focus=focus, n_answered=answered)])
    return keep(
        nodes,
        {10: figures},
        reporting_size=reporting_size,
        questionnaire=asked or questionnaire(),
        quarter=quarter,
    )
