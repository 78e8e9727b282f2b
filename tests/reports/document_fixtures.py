"""Released values for documents and figures: the fixed cast in every state a report can meet."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from questionnaires.instrument import AREAS, ASPECTS, Instrument, Questionnaire
from reports.histograms import Histogram
from reports.released import (
    Agreement,
    Change,
    OpenEnd,
    OrganisationChange,
    Reason,
    Released,
    ReleasedAlpha,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedItem,
    ReleasedLadder,
    ReleasedOrganisation,
    Series,
    Spread,
    Status,
    Suggestion,
    Suggestions,
    Tier,
    Withheld,
)

ASPECT_NAMES = {
    "cooperation": ("Cooperation", "Zusammenarbeit"),
    "messengers": ("Messengers of bad news", "Überbringer schlechter Nachrichten"),
    "risk_sharing": ("Sharing of risks", "Gemeinsam getragene Risiken"),
    "bridging": ("Bridging between teams", "Brücken zwischen den Teams"),
    "inquiry": ("Inquiry after failure", "Nachforschen nach Ausfällen"),
    "novelty": ("Room for novelty", "Raum für Neues"),
}
AREA_NAMES = {
    "language": ("Reaction and language", "Reaktion und Sprache"),
    "review": ("Incident review", "Nachbesprechung von Vorfällen"),
    "follow_through": ("Follow-through", "Umsetzung der Maßnahmen"),
    "sharing": ("Sharing what was learned", "Teilen des Gelernten"),
    "fairness": ("Fair rules of accountability", "Faire Regeln der Verantwortung"),
}
LEVELS = (
    (
        "People ask who did it, and the answer ends the talk.",
        "Es wird gefragt, wer es war, und damit endet das Gespräch.",
    ),
    (
        "Nobody is blamed aloud, and little is written down.",
        "Niemand wird laut beschuldigt, und wenig wird aufgeschrieben.",
    ),
    ("Reviews name conditions and end with changes.", "Nachbesprechungen nennen Bedingungen und enden mit Änderungen."),
    (
        "The same written rules hold for everybody, up to the top.",
        "Dieselben Regeln gelten für alle, bis ganz nach oben.",
    ),
    (
        "Near-misses are looked at before anything has broken.",
        "Beinahe-Ausfälle werden angesehen, bevor etwas zerbricht.",
    ),
)


def text(en: str, de: str | None = None) -> dict[str, str]:
    return {"en": en, "de": de or en}


def a_questionnaire() -> Questionnaire:
    aspects = [
        {
            "id": aspect,
            "name": text(*ASPECT_NAMES[aspect]),
            "explanation": text(f"What {aspect} means for operating services.", "Was das für den Betrieb bedeutet."),
            "items": [
                {
                    "id": f"{aspect}_{i}",
                    "meaning": f"m_{aspect}_{i}",
                    "text": text(
                        f"In our team, statement {i} about {aspect} held in the last three months.",
                        f"In unserem Team traf in den letzten drei Monaten die Aussage {i} zu.",
                    ),
                }
                for i in range(1, 4)
            ],
            "choice": {
                "meaning": f"m_{aspect}_choice",
                "prompt": text("Which of these is nearest to your team?", "Was beschreibt Ihr Team am besten?"),
                "pathological": text(
                    "People guard their own part; asking for help is taken as a sign of weakness.",
                    "Alle schützen den eigenen Teil; wer um Hilfe bittet, gilt als schwach.",
                ),
                "bureaucratic": text(
                    "Help is to be had through the formal path, and it comes when the form says so.",
                    "Hilfe gibt es auf dem Dienstweg, und sie kommt, wenn das Formular es vorsieht.",
                ),
                "generative": text(
                    "People step in for each other and settle operational questions together.",
                    "Man springt füreinander ein und klärt Betriebsfragen gemeinsam.",
                ),
            },
        }
        for aspect in ASPECTS
    ]
    ladders = [
        {
            "id": area,
            "meaning": f"m_{area}",
            "name": text(*AREA_NAMES[area]),
            "explanation": text(f"About {area}."),
            "prompt": text("The highest sentence that was true last quarter"),
            "rungs": [text(*level) for level in LEVELS],
        }
        for area in AREAS
    ]
    common = {
        "version": 1,
        "introduction": text("Introduction"),
        "minutes": 4,
        "source": {"credit": text("After Ron Westrum", "Nach Ron Westrum"), "licence": "Apache-2.0"},
        "languages": ["en", "de"],
    }
    labels = {1: text("strongly disagree", "stimme gar nicht zu"), 7: text("strongly agree", "stimme völlig zu")}
    westrum = {"id": "westrum", "name": text("Six aspects"), "scale": {"labels": labels}, "aspects": aspects, **common}
    blameless = {"id": "blameless", "name": text("Five areas"), "ladders": ladders, **common}
    return Questionnaire((Instrument.model_validate(westrum), Instrument.model_validate(blameless)))


QUESTIONNAIRE = a_questionnaire()


def aspect(
    scores: Sequence[float], *, invited: int | None, coarse: bool = False, change: Change | None = None
) -> ReleasedAspect:
    """Release one aspect's scores in points, about as disclosure does."""
    n = len(scores)
    mean = sum(scores) / n
    low, high = sum(s <= 3 for s in scores), sum(s >= 5 for s in scores)
    spread = math.sqrt(sum((s - mean) ** 2 for s in scores) / max(1, n - 1))
    half = 1.8 * max(spread, 0.4) / math.sqrt(n) * math.sqrt(1 - n / (invited or 10**9))
    everyone = invited == n
    agreement = Agreement.SPLIT if low >= 2 and high >= 2 else Agreement.SHARED if spread < 0.8 else Agreement.NEITHER
    open_end = None
    if coarse:
        mean = round(mean, 1)
        if mean >= 6.7:
            mean, open_end = 6.7, OpenEnd.TOP
        elif mean <= 1.3:
            mean, open_end = 1.3, OpenEnd.BOTTOM
    bounds = None if invited is None else ((n * mean + invited - n) / invited, (n * mean + 7 * (invited - n)) / invited)
    words = (Spread.MOSTLY_HIGH, high), (Spread.MOSTLY_LOW, low), (Spread.MOSTLY_MIDDLE, n - low - high)
    return ReleasedAspect(
        n=n,
        tier=Tier.COARSE if coarse else Tier.DETAIL,
        scale=(1, 7),
        mean=mean,
        open_end=open_end,
        interval_90=None if everyone or invited is None else (max(1, mean - half), min(7, mean + half)),
        bounds=bounds,
        everyone_answered=everyone,
        low_response=invited is not None and n < 0.6 * invited,
        agreement=agreement,
        spread=next((word for word, count in words if count > n / 2), Spread.MIXED),
        low_middle_high=None if coarse else (low, n - low - high, high),
        histogram=None if coarse else Histogram.count(round(s * 6) for s in scores),
        items={} if coarse else {"item": ReleasedItem(n, mean, Histogram.count(round(s) for s in scores))},
        change=change or Change(Status.FIRST_QUARTER),
    )


def choice(counts: tuple[int, int, int], coarse: bool = False) -> ReleasedChoice:
    n = sum(counts)
    names = ("pathological", "bureaucratic", "generative")
    name = next((name for name, count in zip(names, counts, strict=True) if 3 * count >= 2 * n), None)
    return ReleasedChoice(n, Tier.COARSE if coarse else Tier.DETAIL, name, None if coarse else counts)


def ladder(rungs: Sequence[int], coarse: bool = False) -> ReleasedLadder:
    n = len(rungs)
    needed = -(-2 * n // 3)
    reached = max(r for r in range(5) if sum(v >= r for v in rungs) >= needed)
    majority = None if coarse else max(r for r in range(5) if 2 * sum(v >= r for v in rungs) > n)
    missing = None if coarse or reached == 4 else needed - sum(v >= reached + 1 for v in rungs)
    histogram = None if coarse else Histogram.count(rungs)
    return ReleasedLadder(n, Tier.COARSE if coarse else Tier.DETAIL, reached, majority, needed, missing, histogram)


def team(
    name: str = "Atlas",
    *,
    invited: int | None = 14,
    answered: int = 12,
    seed: int = 1,
    first: bool = False,
    **changes: object,
) -> Released:
    """A team of the sample organisation; below eight answers everything is coarse."""
    draw = random.Random(seed)
    coarse = answered < 8
    aspects: dict[str, ReleasedAspect | Withheld] = {}
    statuses = [Status.CHANGED, Status.NOT_DISTINGUISHABLE, *[Status.NOT_TESTED] * 4]
    for index, key in enumerate(ASPECTS):
        centre = draw.choice([3.2, 4.2, 5.0, 5.6, 6.1])
        scores = [min(7, max(1, round((centre + draw.gauss(0, 0.9)) * 3) / 3)) for _ in range(answered)]
        mean = sum(scores) / answered
        before = max(1.3, min(6.7, mean - (1.4 if index == 0 else draw.uniform(-0.5, 0.5))))
        change = Change(Status.FIRST_QUARTER)
        if not first:
            exact = statuses[index] is Status.CHANGED and not coarse
            change = Change(
                statuses[index],
                before=round(before, 1) if coarse else before,
                before_interval_90=(max(1, before - 0.5), min(7, before + 0.5)),
                direction=1 if statuses[index] is Status.CHANGED else 0,
                p=0.012 if exact else None,
                delta=0.55 if exact else None,
                pairs=(0.7, 0.15, 0.15) if exact else None,
                detectable=1.1,
            )
        aspects[key] = aspect(scores, invited=invited, coarse=coarse, change=change)
    choices: dict[str, ReleasedChoice | Withheld] = {}
    for key in ASPECTS:
        first_part = draw.randint(0, answered // 4)
        second = draw.randint(0, answered // 2)
        choices[key] = choice((first_part, second, answered - first_part - second), coarse)
    ladders: dict[str, ReleasedLadder | Withheld] = {
        area: ladder([min(4, max(0, round(draw.gauss(level, 0.8)))) for _ in range(answered)], coarse)
        for area, level in zip(AREAS, draw.choices([0.8, 1.4, 2.0, 2.6], k=5), strict=True)
    }
    released = Released(
        node=1,
        kind="team",
        name=name,
        parent_name="Payments",
        quarter="2026-Q3",
        previous_quarter=None if first else "2026-Q2",
        questionnaire=QUESTIONNAIRE,
        reporting_size=5,
        detail_size=8,
        way="cards",
        n_invited=invited,
        n_answered=answered,
        n_joined=None if first else 2,
        n_left=None if first else 1,
        focus=("cooperation", "messengers"),
        aspects=aspects,
        choices=choices,
        ladders=ladders,
        suggestions=Suggestions(
            (Suggestion("C04", ("cooperation",)), Suggestion("C15", ("inquiry", "review"))), (), ()
        ),
    )
    return replace(released, **changes)  # type: ignore[arg-type]


def atlas() -> Released:
    return team()


def cygnus() -> Released:
    """Exactly at the reporting size, and a bit more: six of six, everything coarse."""
    return team("Cygnus", invited=7, answered=6, seed=3)


def withheld(released: Released, reason: Reason = Reason.TOO_FEW) -> Released:
    nothing = Withheld(reason)

    def all_of(figures: Mapping[str, object]) -> dict[str, Withheld]:
        return dict.fromkeys(figures, nothing)

    return replace(
        released,
        aspects=all_of(released.aspects),
        choices=all_of(released.choices),
        ladders=all_of(released.ladders),
        suggestions=Suggestions(),
    )


def borealis() -> Released:
    """One below the reporting size: nothing of its own."""
    return withheld(team("Borealis", invited=5, answered=4))


def unanimous() -> Released:
    released = team("Unison", invited=14, answered=14, seed=5)
    change = Change(Status.NOT_DISTINGUISHABLE, before=6.6, before_interval_90=(6.2, 6.9), detectable=1.0)
    return replace(
        released,
        aspects={key: aspect([7.0] * 14, invited=14, change=change) for key in ASPECTS},
        choices={key: choice((0, 0, 14)) for key in ASPECTS},
        ladders={key: ladder([4] * 14) for key in AREAS},
        suggestions=Suggestions((), (), (*ASPECTS, *AREAS)),
    )


def split() -> Released:
    released = team("Janus", invited=12, answered=10, seed=7)
    scores = [1.0, 1.67, 2.0, 2.33, 2.67, 5.33, 5.67, 6.0, 6.33, 7.0]
    return replace(
        released,
        aspects={key: aspect(scores, invited=12, change=released.aspects[key].change) for key in ASPECTS},  # type: ignore[union-attr]
        choices={key: choice((4, 1, 5)) for key in ASPECTS},
        ladders={key: ladder([0, 0, 0, 1, 1, 3, 3, 4, 4, 4]) for key in AREAS},
        suggestions=Suggestions((), ("cooperation", "inquiry"), ()),
    )


def first_quarter() -> Released:
    return team("Nova", first=True, seed=4)


LONG = "Zahlungsverkehrsabwicklungsplattform Süd-Ost 2"
TEAM_NAMES = [
    "Abrechnung", "Atlas", "Backoffice-Werkzeuge", "Borealis", "Checkout", "Cygnus", "Datenplattform", "Edge",
    "Fraud Signals", "Identity", "Janus", "Kernbank", "Lager & Versand", "Logistik Nord", "Mobile Apps", "Nova",
    "Observability", "Payments Core", "Risk Engine", "Search", "Storefront", "Stammdaten und Partnerverwaltung",
    "Unison", "Vertragsmanagement", LONG,
]  # fmt: skip


def organisation() -> ReleasedOrganisation:
    draw = random.Random(11)
    teams = []
    for index, name in enumerate(TEAM_NAMES):
        invited = draw.randint(6, 14)
        answered = max(5, invited - draw.randint(0, 3))
        one = team(name, invited=invited, answered=answered, seed=100 + index)
        teams.append(withheld(one) if name == "Borealis" else replace(one, node=10 + index))
    n = sum(one.n_answered for one in teams)
    whole = team("Nordlicht AG", invited=n + 40, answered=n, seed=42)
    change = Change(
        Status.NOT_DISTINGUISHABLE,
        before=4.6,
        before_interval_90=(4.4, 4.8),
        p=0.3,
        delta=0.04,
        pairs=(0.4, 0.24, 0.36),
        detectable=0.3,
    )
    aspects = {k: replace(v, change=change) for k, v in whole.aspects.items() if isinstance(v, ReleasedAspect)}
    whole = replace(whole, kind="organisation", parent_name=None, way=None, n_teams=25, aspects=aspects, focus=())
    departments = tuple(
        replace(team(name, invited=50, answered=40, seed=i), kind="department", n_teams=5)
        for i, name in enumerate(["Commerce", "Data", "Payments", "Plattform", "Service"])
    )
    return ReleasedOrganisation(whole, departments, tuple(teams), changes_within(), alphas())


def changes_within() -> dict[str, OrganisationChange]:
    changed = OrganisationChange(Status.CHANGED, 18, 170, 176, 1, 0.003, 0.018, 0.16, (0.5, 0.16, 0.34))
    unclear = OrganisationChange(Status.NOT_DISTINGUISHABLE, 17, 160, 166, 0, 0.4, 0.48, -0.03, (0.4, 0.17, 0.43))
    return {key: changed if key == "cooperation" else unclear for key in ASPECTS}


def alphas() -> dict[str, ReleasedAlpha | None]:
    return {key: None if key == "novelty" else ReleasedAlpha(0.78, (0.72, 0.83), 181) for key in ASPECTS}


def series() -> Series:
    quarters = ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    return Series(tuple(team(seed=20 + i, quarter=quarter) for i, quarter in enumerate(quarters)))
