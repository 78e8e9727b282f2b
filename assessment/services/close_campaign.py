"""Closing a campaign: ballots are opened in memory, counted, and destroyed with cards and key. Final.

The one module that may load a private key. Counting happens before the one transaction that stores the histograms and
destroys the ballots, so answers to other campaigns do not wait for it. A crash before the commit leaves the sealed
ballots and the key; after it the histograms, and at worst a key that opens nothing any more, which the next closing
destroys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.orm import Session

from assessment.domain.campaign import State, check_due
from assessment.domain.error_kinds import AssessmentError
from assessment.domain.errors import (
    BallotsChange,
    CampaignClosed,
    CampaignNotOpen,
    NoKey,
    NotDestroyed,
    UnknownCampaign,
)
from assessment.services.actor import Actor
from assessment.services.clean_up import clean_up, is_unfinished
from assessment.services.frozen import questionnaire_of
from assessment.services.keep_counted import keep_counted
from assessment.services.platform import Platform
from assessment.services.refusals import noted
from assessment.storage import audit, ballots, campaigns, cards, invitations
from assessment.storage.models import Campaign, Node
from assessment.storage.private_keys import Unreadable, load, open_sealed
from questionnaires.answers import InvalidAnswers, decode
from questionnaires.instrument import Questionnaire
from reports.counting import collapse, merge
from reports.histograms import Histogram

# After the closing time only answers that were being stored then can still come, so the second count is the last.
MOST_COUNTS = 5
# Ballots that are in memory at a time.
CHUNK = 2000
# Called with how many ballots are counted and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ClosedView:
    """What closing did, or why it could not."""

    campaign_id: int
    quarter: str
    n_teams: int
    n_answered: int
    n_unreadable: int
    """Ballots that did not open or decode, or of a team that the campaign does not have; they are not counted."""
    problem: AssessmentError | None = None
    """Only from `close_due`: why this campaign is still open, or what is left of one that has ended."""


@dataclass
class _Count:
    """What was counted, by team node."""

    histograms: dict[int, dict[str, Histogram]] = field(default_factory=dict)
    n_answered: dict[int, int] = field(default_factory=dict)
    n_unreadable: int = 0

    @property
    def n_seen(self) -> int:
        """How many ballots were looked at."""
        return sum(self.n_answered.values()) + self.n_unreadable


def close_campaign(
    platform: Platform,
    campaign_id: int,
    *,
    actor: Actor | None = None,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> ClosedView:
    """Close a campaign whose closing time has come.

    :param actor: who asks, for the audit of a refusal; None for the clock, which asks for nothing that is not due.
    :param passphrase: opens a wrapped key; the one of the settings if None.
    :raise UnknownCampaign: when there is none.
    :raise NotYetDue: before the closing time.
    :raise CampaignClosed: when it is closed already.
    :raise CampaignNotOpen: for a draft or a voided campaign.
    :raise NoKey: when the private key is missing or does not open with this passphrase; nothing is changed.
    :raise BallotsChange: when ballots come or go while they are counted, after the closing time; nothing is changed.
    :raise NotDestroyed: when it is closed but something that goes with it could not be destroyed.
    """
    with noted(platform, actor, "close campaign", f"campaign {campaign_id}"), platform.reading() as session:
        campaign, nodes = _due(platform, session, campaign_id)
    if campaign.public_key is None:
        raise NoKey(campaign=campaign_id, reason="the campaign names none")
    opens_with = passphrase or platform.settings.key_passphrase
    key = load(platform.settings.key_directory, campaign_id, campaign.public_key, opens_with)
    done: ClosedView | None = None
    for _ in range(MOST_COUNTS):
        count = _count(platform, campaign, nodes, key, progress)
        with platform.transaction() as session:
            platform.database.lock_campaign(session, campaign_id)
            campaign, nodes = _due(platform, session, campaign_id)
            n_there = ballots.n_by_node(session, campaign_id)
            n_foreign = sum(n for node_id, n in n_there.items() if node_id not in count.n_answered)
            # An answer that was being stored at the closing time may have come after its team was counted.
            if sum(n_there.values()) - n_foreign == count.n_seen:
                # Nobody can say whose the ballots of teams are that the campaign does not have.
                count.n_unreadable += n_foreign
                done = _finish(platform, session, campaign, nodes, count)
                break
    if done is None:
        raise BallotsChange(campaign=campaign_id)
    clean_up(platform, campaign_id, campaign.public_key)
    return done


def close_due(platform: Platform, progress: Progress | None = None) -> list[ClosedView]:
    """Close every campaign whose closing time has come; also what a start after a crash calls.

    One that cannot be closed or cleaned up after keeps no other from closing: it comes back with its `problem`. Keys
    that a crash left behind are destroyed, and so is what a reader kept in the write-ahead log.
    """
    platform.database.forget_log(patience=0)
    with platform.reading() as session:
        now = platform.clock()
        ended = campaigns.in_state(session, State.CLOSED, State.VOID)
        due = [campaign for campaign in campaigns.in_state(session, State.OPEN) if campaign.closes_at <= now]
    views: list[ClosedView] = []
    for campaign in ended:
        try:
            if is_unfinished(platform, campaign.id, campaign.public_key):
                clean_up(platform, campaign.id, campaign.public_key)
        except NotDestroyed as problem:
            views.append(ClosedView(campaign.id, campaign.quarter, 0, 0, 0, problem))
    for campaign in due:
        try:
            views.append(close_campaign(platform, campaign.id, progress=progress))
        except (CampaignClosed, CampaignNotOpen):
            continue  # Somebody else closed or voided it meanwhile.
        except AssessmentError as problem:
            views.append(ClosedView(campaign.id, campaign.quarter, 0, 0, 0, problem))
    return views


def _due(platform: Platform, session: Session, campaign_id: int) -> tuple[Campaign, Sequence[Node]]:
    campaign = campaigns.get(session, campaign_id)
    if campaign is None:
        raise UnknownCampaign(campaign=campaign_id)
    check_due(campaign_id, State(campaign.state), campaign.closes_at, platform.clock())
    return campaign, campaigns.nodes(session, campaign_id)


def _count(
    platform: Platform, campaign: Campaign, nodes: Iterable[Node], key: X25519PrivateKey, progress: Progress | None
) -> _Count:
    questionnaire = questionnaire_of(campaign.instruments)
    teams = [node.id for node in nodes if node.kind == "team"]
    count = _Count()
    with platform.reading() as session:
        n_there = ballots.n_by_node(session, campaign.id)
        total = sum(n_there.get(team, 0) for team in teams)
        for team in teams:
            counted: dict[str, Histogram] = {}
            count.n_answered[team] = 0
            with closing(ballots.sealed_of_node(session, campaign.id, team, CHUNK)) as chunks:
                for sealed in chunks:
                    histograms, n_readable = _collapse(sealed, key, campaign.id, team, questionnaire)
                    counted = merge(counted, histograms)
                    count.n_answered[team] += n_readable
                    count.n_unreadable += len(sealed) - n_readable
                    if progress is not None:
                        progress(count.n_seen, total)
            count.histograms[team] = counted
    return count


def _collapse(
    sealed: Iterable[bytes], key: X25519PrivateKey, campaign_id: int, node_id: int, questionnaire: Questionnaire
) -> tuple[dict[str, Histogram], int]:
    """Count the ballots that open and decode; return how many they are, too. One that does not never stops it."""
    width = len(questionnaire.questions)
    opened = []
    for ballot in sealed:
        try:
            padded = open_sealed(ballot, key, campaign_id, node_id)
        except Unreadable:
            continue
        if len(padded) >= width and not padded[width:].strip(b"\0"):
            opened.append(padded[:width])
    try:
        return collapse(b"".join(opened), questionnaire), len(opened)
    except InvalidAnswers:
        opened = [coded for coded in opened if _decodes(coded, questionnaire)]
        return collapse(b"".join(opened), questionnaire), len(opened)


def _decodes(coded: bytes, questionnaire: Questionnaire) -> bool:
    try:
        decode(coded, questionnaire)
    except InvalidAnswers:
        return False
    return True


def _finish(
    platform: Platform, session: Session, campaign: Campaign, nodes: Sequence[Node], count: _Count
) -> ClosedView:
    """Store what is kept and destroy what it was counted from."""
    for node in nodes:
        node.participation = node.participation_on = None
    campaign.state, campaign.n_unreadable = State.CLOSED, count.n_unreadable
    keep_counted(session, campaign, nodes, count.histograms, count.n_answered)
    ballots.destroy(session, campaign.id)
    invitations.destroy(session, campaign.id)
    cards.destroy(session, campaign.id)
    n_answered = sum(count.n_answered.values())
    note = f"{n_answered} counted, {count.n_unreadable} unreadable"
    audit.record(session, platform.clock(), "clock", "campaign closed", f"campaign {campaign.id}", note)
    return ClosedView(campaign.id, campaign.quarter, len(count.n_answered), n_answered, count.n_unreadable)
