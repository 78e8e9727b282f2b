"""The sample organisation with several quarters, made by answering through the same services as everybody else."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assessment.domain.campaign import REFRESH_HOUR, Quarter
from assessment.services.actor import Actor
from assessment.services.campaigns import get_campaign
from assessment.services.close_campaign import close_campaign
from assessment.services.coaches import add_coach
from assessment.services.demo.answering import answering, answers
from assessment.services.demo.following import Following
from assessment.services.demo.people import organisation_csv, rosters
from assessment.services.demo.teams import SampleTeam, chosen, sample
from assessment.services.draft_campaign import draft_campaign
from assessment.services.import_organisation import import_organisation
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation import get_organisation, set_up
from assessment.services.platform import Platform
from assessment.services.print_cards import Card, print_cards
from assessment.services.refresh_participation import refresh_participation
from assessment.services.send_mail import send_waiting
from assessment.services.submit_ballot import submit_ballot
from questionnaires.loader import USUAL, WITH_ROLE
from reports.kept import ROLE_AT_LEAST, ROLE_TEAMS_AT_LEAST

COACH_NAME, COACH_EMAIL = "Ada Abebe", "ada@nordwind.example"
OPERATOR = Actor("demo")
# The latest closed quarter and the open one ask for the role too, once people have come to trust the form.
ASKING_ROLE = 2
# A closed quarter's campaign opens on its 50th day and closes two weeks later.
OPENS_AFTER, LASTS = timedelta(days=50), timedelta(days=14)
# Long enough that the bands of participation were refreshed once.
OPEN_SINCE = timedelta(days=2)
# What is open has been answered by some, so that participation has something to say.
ANSWERED_SO_FAR = 0.6
# After closing: when team and coach meet over the report, and when what they agreed has ended.
MEET_AFTER, ENDS_AFTER = timedelta(days=7), timedelta(days=45)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Demo:
    """What somebody needs to look around in the sample organisation."""

    coach_email: str
    coach_password: str
    team: str
    team_id: int
    """The team whose report and cards are shown."""
    cards: tuple[Card, ...]
    """Of this team in the open campaign, not used yet."""
    closed_quarters: tuple[str, ...]
    open_quarter: str
    n_answers: int
    invited_quarter: str | None
    """The quarter of a second open campaign, which invites the shown team by mail; None where mail is no dry run."""


def build_demo(
    platform: Platform,
    *,
    seed: int = 1,
    n_closed: int = 4,
    teams: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Demo:
    """Fill an empty installation with the sample organisation, closed quarters and one that is open now.

    The same seed, quarter and teams give the same histograms. Time is told by a clock that this moves from the first
    quarter to the platform's present.

    :param teams: only these teams, for a smaller sample; all 25 unless given.
    :raise ValueError: when the installation has an organisation already.
    """
    if get_organisation(platform) is not None:
        raise ValueError("the installation has an organisation already")
    return _Builder(platform, chosen(teams), n_closed, seed, progress or _silently).build()


def _silently(_done: int, _total: int, _what: str) -> None:
    pass


class _Builder:
    """Walks through the quarters with its own clock."""

    def __init__(
        self, platform: Platform, teams: Sequence[SampleTeam], n_closed: int, seed: int, progress: Progress
    ) -> None:
        self.present = platform.clock()
        self.now = self.present
        self.platform = replace(platform, clock=lambda: self.now)
        self.zone = ZoneInfo(platform.settings.timezone)
        self.teams, self.seed, self.progress = teams, seed, progress
        current = Quarter.of(self.present.astimezone(self.zone).date())
        self.quarters = [current.before(n) for n in range(n_closed, -1, -1)]
        self.rosters = rosters(teams, len(self.quarters), seed)
        self.n_answers = 0
        self.following = Following(self.platform, OPERATOR, seed, n_closed)

    def build(self) -> Demo:
        """Make everything, oldest first, and return what to show."""
        settings, total = self.platform.settings, len(self.quarters)
        self.now = self._day(self.quarters[0].first_day, timedelta(0))
        set_up(self.platform, name=sample().name, language=settings.language, timezone=settings.timezone)
        for index, quarter in enumerate(self.quarters[:-1]):
            self.progress(index, total, str(quarter))
            opens_at = self._day(quarter.first_day, OPENS_AFTER)
            campaign = self._open(index, opens_at, opens_at + LASTS)
            self._answer(index, campaign, share=1.0)
            self.now = opens_at + LASTS + timedelta(minutes=1)
            close_campaign(self.platform, campaign)
            self._follow(index, opens_at + LASTS)
        self.progress(total - 1, total, str(self.quarters[-1]))
        coach = add_coach(self.platform, OPERATOR, name=COACH_NAME, email=COACH_EMAIL, sees_all=True)
        campaign = self._open(total - 1, self.present - OPEN_SINCE, self.present + LASTS)
        codes = self._answer(total - 1, campaign, share=ANSWERED_SO_FAR)
        morning = self.present.astimezone(self.zone).replace(hour=REFRESH_HOUR, minute=30)
        self.now = morning if morning <= self.present else morning - timedelta(days=1)
        refresh_participation(self.platform)
        self.now = self.present
        self.following.note_health(self._team_ids(), total - 1, self.quarters[-1])
        shown = sample().shown if sample().shown in codes else self.teams[0].name
        invited = self._invite(shown)
        self.progress(total, total, "")
        return Demo(
            coach_email=COACH_EMAIL,
            coach_password=coach.password,
            team=shown,
            team_id=self._team_ids()[shown],
            cards=tuple(codes[shown]),
            closed_quarters=tuple(str(quarter) for quarter in self.quarters[:-1]),
            open_quarter=str(self.quarters[-1]),
            n_answers=self.n_answers,
            invited_quarter=invited,
        )

    def _follow(self, index: int, closed_at: datetime) -> None:
        """Let teams meet over the reports of a quarter, and end what they agreed before the next one."""
        teams, quarter = self._team_ids(), self.quarters[index]
        self.now = min(closed_at + MEET_AFTER, self.present)
        self.following.note_health(teams, index, quarter)
        self.following.agree(teams, index, quarter)
        if index < len(self.quarters) - 2:
            self.now = closed_at + ENDS_AFTER
            self.following.end()

    def _day(self, day: date, later: timedelta) -> datetime:
        """Return nine o'clock on a day, or so much later."""
        return datetime.combine(day, time(9), self.zone) + later

    def _team_ids(self) -> dict[str, int]:
        organisation = get_organisation(self.platform)
        return {team.name: team.id for team in organisation.teams} if organisation else {}

    def _open(self, index: int, opens_at: datetime, closes_at: datetime) -> int:
        """Bring the organisation up to date, then draft and open the quarter's campaign; return its id."""
        self.now = opens_at
        people = organisation_csv(self.teams, self.rosters[index])
        import_organisation(self.platform, people, actor=OPERATOR, remove_missing=True)
        if index == 0:
            self.following.begin(self._team_ids())
        campaign = draft_campaign(
            self.platform,
            OPERATOR,
            quarter=str(self.quarters[index]),
            teams=sorted(self._team_ids().values()),
            closes_at=closes_at,
            focus=("messengers", "inquiry"),
            instruments=(*USUAL, WITH_ROLE) if self._asks_role(index) else USUAL,
        )
        open_campaign(self.platform, OPERATOR, campaign)
        return campaign

    def _asks_role(self, index: int) -> bool:
        n_people = sum(len(people) for people in self.rosters[index].values())
        is_large = len(self.teams) >= ROLE_TEAMS_AT_LEAST and n_people >= ROLE_AT_LEAST
        return is_large and index >= len(self.quarters) - ASKING_ROLE

    def _invite(self, team: str) -> str | None:
        """Invite a team by mail for the quarter after the present one, where mails become files; return the quarter.

        The sample's people have no mailboxes, so nothing of it may reach a mail server.
        """
        settings = self.platform.settings
        if not settings.mail_url.startswith("folder:") or not settings.can_mail or not settings.is_secure:
            return None
        quarter = str(self.quarters[-1].before(-1))
        campaign = draft_campaign(
            self.platform,
            OPERATOR,
            quarter=quarter,
            teams=[self._team_ids()[team]],
            closes_at=self.present + LASTS,
            way="email",
        )
        open_campaign(self.platform, OPERATOR, campaign)
        send_waiting(self.platform)
        return quarter

    def _answer(self, index: int, campaign_id: int, share: float) -> dict[str, list[Card]]:
        """Print every team's cards and answer with them; return the cards that were not used, by team."""
        campaign = get_campaign(self.platform, OPERATOR, campaign_id)
        nodes = {node.name: node.id for node in campaign.nodes if node.kind == "team"}
        unused: dict[str, list[Card]] = {}
        ballots: list[tuple[str, dict[str, int | None]]] = []
        for team in self.teams:
            sheet = print_cards(self.platform, OPERATOR, campaign_id, nodes[team.name])
            cards = [*sheet.cards]
            people = answering(team, self.rosters[index][team.name], index, self.seed)
            for person in people[: round(share * len(people))]:
                ballots.append((cards.pop().code, answers(team, person, index, campaign.questionnaire, self.seed)))
            unused[team.name] = cards
        # Handed in in any order, as people do.
        random.Random(f"order|{self.seed}|{index}").shuffle(ballots)  # noqa: S311 - sample data
        for code, given in ballots:
            submit_ballot(self.platform, door_key=code, answers=given)
        self.n_answers += len(ballots)
        return unused
