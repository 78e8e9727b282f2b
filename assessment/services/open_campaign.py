"""Opening a campaign: everything is frozen, the keys are made, people may answer."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy.orm import Session

from assessment.domain.campaign import State, Way, check_draft
from assessment.domain.cards import mint_token
from assessment.domain.errors import NoKeyDirectory, NotADraft, NotSetUp, UnsafeDatabase
from assessment.services.actor import Actor, scope_of
from assessment.services.campaigns import CampaignView, view_of
from assessment.services.frozen import decided
from assessment.services.opening import FrozenTeam, freezing
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.services.signing_keys import Progress, make_signing_keys
from assessment.storage import audit, campaigns, invitations, key_files, organisation, signing_files
from assessment.storage.models import Campaign, Node


@refusals_noted("open campaign")
def open_campaign(
    platform: Platform,
    actor: Actor,
    campaign_id: int,
    *,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> CampaignView:
    """Open a draft: freeze roster, sizes, instruments, closing time, reporting size, way and focus; make the keys.

    :param passphrase: wraps the private key, and closing will need it; the one of the settings if None.
    :param progress: called while the keys that sign credentials are made, one for each team that is invited by mail.
    :raise NotADraft: when it was opened already.
    :raise NoTeams, EmptyTeam, Invalid, QuarterTaken, SamePeople: when it cannot be opened as it is.
    :raise NotSecure, NoMail, NoAddress: when it invites by mail and that cannot be done safely, or not at all.
    :raise NoKeyDirectory: when its private key cannot be stored.
    :raise UnsafeDatabase: when the database is configured to record when somebody answers.
    """
    unsafe = platform.database.unsafe_settings()
    if unsafe:
        raise UnsafeDatabase(settings=", ".join(unsafe))
    wrap = passphrase or platform.settings.key_passphrase
    directory = platform.settings.key_directory
    signing = make_signing_keys(platform, campaign_id, _invited_by_mail(platform, actor, campaign_id), progress)
    public_key: bytes | None = None
    try:
        with platform.transaction() as session:
            platform.database.lock_opening(session)
            campaign, nodes = decided(session, actor, campaign_id)
            check_draft(campaign_id, State(campaign.state))
            plan = freezing(session, campaign, nodes, platform.clock(), platform.settings)
            if plan.obstacles:
                raise plan.obstacles[0]
            try:
                public_key = key_files.create(directory, campaign_id, wrap)
                if signing:
                    signing_files.create(directory, campaign_id, public_key, signing)
            except OSError as error:
                raise NoKeyDirectory(campaign=campaign_id, reason=error.strerror or str(error)) from error
            campaign.public_key, campaign.key_wrapped, campaign.state = public_key, wrap is not None, State.OPEN
            campaign.n_keys_made = None
            _build_tree(session, campaign, {node.id: node for node in nodes}, plan.teams)
            _invite(session, campaign_id, plan.teams, signing)
            note = f"{campaign.quarter}, {len(plan.teams)} teams, closes {campaign.closes_at.isoformat()}"
            audit.record(session, platform.clock(), actor.name, "campaign opened", f"campaign {campaign_id}", note)
            session.flush()
            return view_of(platform, session, campaign, scope_of(session, actor))
    except BaseException:
        # A key without an open campaign opens nothing; better there is none.
        if public_key is not None and not _is_open(platform, campaign_id, public_key):
            signing_files.destroy(directory, campaign_id, public_key)
            key_files.destroy(directory, campaign_id, public_key)
        raise


def _invited_by_mail(platform: Platform, actor: Actor, campaign_id: int) -> list[int]:
    """Return the nodes of a draft's teams that need a signing key; nothing is made for what cannot be opened."""
    with platform.reading() as session:
        campaign, nodes = decided(session, actor, campaign_id)
        check_draft(campaign_id, State(campaign.state))
        plan = freezing(session, campaign, nodes, platform.clock(), platform.settings)
    if plan.obstacles:
        raise plan.obstacles[0]
    return [team.node_id for team in plan.teams if team.way is Way.EMAIL]


def _invite(
    session: Session, campaign_id: int, teams: tuple[FrozenTeam, ...], signing: Mapping[int, RSAPrivateKey]
) -> None:
    """Store who is invited by mail and the public keys of their teams.

    :raise NotADraft: when the draft was changed while its keys were made, so that a team has none.
    """
    by_mail = [team for team in teams if team.way is Way.EMAIL]
    if {team.node_id for team in by_mail} != set(signing):
        raise NotADraft(campaign=campaign_id, state="another draft by now")
    for team in by_mail:
        invitations.invite(session, campaign_id, team.node_id, team.addresses)
    public = ((node_id, signing_files.public_bytes(key)) for node_id, key in signing.items())
    invitations.add_signing_keys(session, campaign_id, public)


def _is_open(platform: Platform, campaign_id: int, public_key: bytes) -> bool:
    with platform.reading() as session:
        campaign = campaigns.get(session, campaign_id)
        return campaign is not None and campaign.state == State.OPEN and campaign.public_key == public_key


def _build_tree(session: Session, campaign: Campaign, nodes: dict[int, Node], teams: tuple[FrozenTeam, ...]) -> None:
    home = organisation.get(session)
    if home is None:
        raise NotSetUp
    top = campaigns.add_node(
        session,
        Node(
            campaign_id=campaign.id,
            kind="organisation",
            name=home.name,
            n_invited=sum(team.n_invited for team in teams),
        ),
    )
    departments: dict[int, Node] = {}
    for department_id in sorted({team.department_id for team in teams}):
        department = organisation.department(session, department_id)
        if department is None:
            raise LookupError(f"there is no department {department_id}")
        departments[department_id] = campaigns.add_node(
            session,
            Node(
                campaign_id=campaign.id,
                kind="department",
                parent_id=top.id,
                department_id=department_id,
                name=department.name,
                n_invited=sum(team.n_invited for team in teams if team.department_id == department_id),
            ),
        )
    for team in teams:
        node = nodes[team.node_id]
        node.parent_id, node.name, node.n_invited = departments[team.department_id].id, team.name, team.n_invited
        node.n_joined, node.n_left = team.n_joined, team.n_left
        node.focus = None if team.focus is None else json.dumps(list(team.focus))
        node.reading_key = mint_token()
        node.link_token = mint_token() if node.way == Way.OPEN_LINK else None
        campaigns.freeze_roster(session, node.id, team.people)
        _forget_older_rosters(session, team.team_id, campaign.id)


def _forget_older_rosters(session: Session, team_id: int, campaign_id: int) -> None:
    """Delete the team's earlier rosters, which nothing needs any more; one still open shows its own to its members."""
    for earlier, node in campaigns.earlier_rosters(session, team_id, campaign_id):
        if earlier.state != State.OPEN:
            campaigns.forget_roster(session, node.id)
