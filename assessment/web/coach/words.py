"""What stored values read on pages: English source sentences, translated where they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from reports.follow_up import HealthFact
from reports.languages import phrase


@dataclass(frozen=True)
class WayWords:
    """A way to answer: its name, what it takes, what it protects and what it does not."""

    name: str
    takes: str
    protects: str
    not_protects: str


WAYS = {
    "cards": WayWords(
        phrase("Printed cards"),
        phrase("As many single-use cards as people, with a QR code; shuffled and drawn from a hat or a box."),
        phrase("Nobody can know who drew which card, and each card counts once."),
        phrase("Hand them out yourself and look away: cards given to people by name protect nobody."),
    ),
    "open_link": WayWords(
        phrase("Open link"),
        phrase("One address and QR code for everybody in the room; made for workshops."),
        phrase("There is no code: nothing that is sent tells one person from another."),
        phrase("One person can answer several times, so nothing is shown of fewer than 8 answers."),
    ),
    "email": WayWords(
        phrase("E-mail invitations"),
        phrase(
            "A mail to each person, with a link that collects a credential; they answer with it later, on any device. "
            "Needs HTTPS, mail settings and an address for every member."
        ),
        phrase("Nobody who reads the database can tell which answer came with which invitation, and each counts once."),
        phrase("Collecting needs JavaScript, and whoever loses what they collected cannot answer this time."),
    ),
    "imported": WayWords(phrase("Imported answers"), "", "", ""),
}


@dataclass(frozen=True)
class FactWords:
    """A health fact: its name, the unit it is typed in, its target, and what it means."""

    name: str
    unit: str
    target: str
    meaning: str


FACTS = {
    HealthFact.PAGES_PER_WEEK: FactWords(
        phrase("Pages per engineer on call and week"),
        phrase("a number such as 1.5"),
        phrase("under 2"),
        phrase("More leaves no time to look into causes between two pages."),
    ),
    HealthFact.NIGHT_PAGES: FactWords(
        phrase("Pages at night per rotation"),
        phrase("a number such as 0.5"),
        phrase("under 1"),
        phrase("Broken sleep costs the day after as well."),
    ),
    HealthFact.OVER_30_MINUTES: FactWords(
        phrase("Share of pages that took longer than 30 minutes"),
        phrase("such as 40 % or 0.4"),
        "",
        phrase("Many long ones say that systems are hard to understand when it matters."),
    ),
    HealthFact.TOIL: FactWords(
        phrase("Share of work that is toil"),
        phrase("such as 40 % or 0.4"),
        phrase("under 50 %, and not rising"),
        phrase("Manual, repeated work that grows with the service and leaves nothing behind."),
    ),
    HealthFact.REVIEWS_DUE: FactWords(
        phrase("Incidents that called for a review"),
        phrase("a whole number"),
        "",
        phrase("By the team’s own rule of when it holds one."),
    ),
    HealthFact.REVIEWS_WRITTEN: FactWords(
        phrase("Reviews written"), phrase("a whole number"), phrase("all of them"), phrase("Of the incidents above.")
    ),
    HealthFact.ACTIONS_DUE: FactWords(
        phrase("Actions of reviews that were due"), phrase("a whole number"), "", phrase("In this quarter.")
    ),
    HealthFact.ACTIONS_ON_TIME: FactWords(
        phrase("Actions closed on time"), phrase("a whole number"), phrase("70 % or more"), phrase("Of the ones above.")
    ),
}
PAGES_WORDS = FactWords(
    phrase("Pages per member of the rotation"),
    phrase("whole numbers with spaces, such as 9 7 4 4 2 1 1 0, without names"),
    phrase("the busiest fifth takes under 60 %"),
    phrase("Only for rotations of 8 or more: below that it would be data about single people."),
)
