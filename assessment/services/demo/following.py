"""What teams of the sample organisation agree on after their reports, and their health facts: through the services."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.domain.campaign import Quarter
from assessment.services.actor import Actor
from assessment.services.agree_change import agree_change
from assessment.services.agree_focus import agree_focus
from assessment.services.end_agreement import end_agreement
from assessment.services.platform import Platform
from assessment.services.record_health import record_health
from assessment.services.set_in_place import set_in_place
from reports.follow_up import HealthFact

DUE_AFTER = timedelta(days=90)
MEASURES = (HealthFact.PAGES_PER_WEEK, HealthFact.NIGHT_PAGES, HealthFact.OVER_30_MINUTES, HealthFact.TOIL)
PAIRS = (
    (HealthFact.REVIEWS_DUE, HealthFact.REVIEWS_WRITTEN, (2, 5)),
    (HealthFact.ACTIONS_DUE, HealthFact.ACTIONS_ON_TIME, (6, 12)),
)
# The last place known: after the comma for pages, whole per cents for shares.
ROUNDED = (1, 1, 2, 2)


class Following:
    """Agrees after each report and ends what was agreed before the next, for the teams that the sample has."""

    def __init__(self, platform: Platform, actor: Actor, seed: int, n_closed: int) -> None:
        self.platform, self.actor, self.seed, self.n_closed = platform, actor, seed, n_closed
        self.language = platform.settings.language
        self.under_way: list[tuple[int, Mapping[str, Any]]] = []

    def begin(self, teams: Mapping[str, int]) -> None:
        """Note what teams had before their first report, and what a longer story would have brought."""
        for name, steps in self._stories(teams):
            story = _data()["teams"].get(name or "", {})
            before = [step["change"] for step in steps if step["back"] >= self.n_closed and step.get("ends") == "done"]
            for change in dict.fromkeys([*story.get("in_place", ()), *before]):
                set_in_place(self.platform, self.actor, teams[name] if name else None, change, True)

    def agree(self, teams: Mapping[str, int], index: int, quarter: Quarter) -> None:
        """Agree on changes and focus aspects with the reports of a closed quarter, the oldest of which is 0."""
        back = self.n_closed - 1 - index
        self.under_way = []
        for name, steps in self._stories(teams):
            team_id = teams[name] if name else None
            for step in steps:
                if step["back"] == back:
                    self.under_way.append((self._agreed(team_id, quarter, step), step))
            focus = _data()["teams"][name].get("focus", {}).get(back) if name else None
            if team_id is not None and focus:
                agree_focus(self.platform, self.actor, team_id, str(quarter), focus)

    def end(self) -> None:
        """End what the story ends before the next report."""
        for number, step in self.under_way:
            if "ends" in step:
                evidence = self._text(step.get("evidence", {}))
                end_agreement(self.platform, self.actor, number, state=step["ends"], evidence=evidence)

    def note_health(self, teams: Mapping[str, int], index: int, quarter: Quarter) -> None:
        """Note the health facts of a quarter, of the teams that count them."""
        for name, story in _data()["health"].items():
            if name not in teams:
                continue
            share = index / max(self.n_closed, 1)
            chance = random.Random(f"health|{self.seed}|{name}|{index}")  # noqa: S311 - sample data
            levels = [
                max(0.0, first + (last - first) * share) * chance.uniform(0.93, 1.07)
                for first, last in zip(story["from"], story["to"], strict=True)
            ]
            facts: dict[str, float | None] = {
                fact: round(min(level, 1.0) if places == 2 else level, places)
                for fact, level, places in zip(MEASURES, levels, ROUNDED, strict=False)
            }
            for (due, part, (fewest, most)), level in zip(PAIRS, levels[len(MEASURES) :], strict=True):
                n_due = chance.randint(fewest, most)
                facts |= {due: n_due, part: min(n_due, round(level * n_due))}
            pages = [max(0, round(count * chance.uniform(0.9, 1.1))) for count in story.get("pages", ())]
            record_health(self.platform, self.actor, teams[name], str(quarter), facts, pages or None)

    def _stories(self, teams: Mapping[str, int]) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return the steps of the organisation, under no name, and of the teams there are."""
        told = [(name, story.get("steps", [])) for name, story in _data()["teams"].items() if name in teams]
        return [("", _data()["organisation"]), *told]

    def _agreed(self, team_id: int | None, quarter: Quarter, step: Mapping[str, Any]) -> int:
        return agree_change(
            self.platform,
            self.actor,
            team_id,
            str(quarter),
            step["change"],
            role=self._text(_data()["roles"][step["role"]]),
            due=self.platform.clock().date() + DUE_AFTER,
            sign=self._text(step["sign"]),
        )

    def _text(self, texts: Mapping[str, str]) -> str:
        return texts.get(self.language, texts.get("en", ""))


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("follow_up.yaml").read_text(encoding="utf-8"))
    return found
