"""Coaches: adding one, signing in, and which teams a coach may see."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import SignInRefused, SignInThrottled, UnknownTeam
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.storage import audit, coaches, organisation
from reports.languages import phrase

FREE_ATTEMPTS = 5
LONGEST_PAUSE = timedelta(minutes=30)
PASSWORD_LENGTH = 12
HASHER = PasswordHasher()


@dataclass(frozen=True)
class CoachView:
    """A coach as the doors see one."""

    id: int
    name: str
    email: str
    sees_all: bool
    teams: frozenset[int]


@dataclass(frozen=True)
class NewCoach:
    """A coach just added; the password is shown this once."""

    id: int
    email: str
    password: str


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared.

    :raise Invalid: when it cannot be one.
    """
    address = email.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost", address):
        raise Invalid(phrase("e-mail"), email, phrase("write an address such as ada@example.org"))
    return address


def add_coach(
    platform: Platform,
    actor: Actor,
    *,
    name: str,
    email: str,
    password: str | None = None,
    sees_all: bool = False,
    teams: Iterable[str] = (),
) -> NewCoach:
    """Add a coach for some teams (by name), or for all; without a password one is made and returned.

    :raise Invalid: for an empty name, an impossible or taken address, or a short password.
    :raise UnknownTeam: for a team that is not in the organisation.
    """
    if not name.strip():
        raise Invalid(phrase("name"), name, phrase("give the coach a name"))
    address = normal_email(email)
    if password is None:
        password = secrets.token_urlsafe(12)
    elif len(password) < PASSWORD_LENGTH:
        raise Invalid(
            phrase("password"),
            "…",
            phrase("use at least %(least)s characters, or leave it out to get one"),
            least=PASSWORD_LENGTH,
        )
    password_hash = HASHER.hash(password)
    with platform.transaction() as session:
        if coaches.by_email(session, address) is not None:
            raise Invalid(phrase("e-mail"), address, phrase("a coach with this address exists already"))
        known = organisation.team_ids(session)
        wanted = list(teams)
        for team in wanted:
            if team not in known:
                raise UnknownTeam(team=team)
        coach_id = coaches.add(
            session,
            name=name.strip(),
            email=address,
            password_hash=password_hash,
            sees_all=sees_all,
            teams=[known[team] for team in wanted],
        )
        audit.record(session, platform.clock(), actor.name, "coach added", address, "all teams" if sees_all else "")
    return NewCoach(coach_id, address, password)


def get_coach(platform: Platform, coach_id: int) -> CoachView | None:
    """Return a coach, or None if there is no such coach."""
    with platform.reading() as session:
        return _view(session, coach_id)


def list_coaches(platform: Platform) -> list[CoachView]:
    """Return all coaches by name."""
    with platform.reading() as session:
        return [view for coach in coaches.every(session) if (view := _view(session, coach.id))]


def sign_in(platform: Platform, email: str, password: str, address: str) -> CoachView:
    """Return the coach whom address and password belong to.

    After five failures in a row, of one coach or from one network address, each further try waits twice as long.

    :raise SignInRefused: when they do not belong together; whether the coach exists is not told.
    :raise SignInThrottled: during the pause.
    """
    now = platform.clock()
    keys = [_key(platform, "coach", email.strip().lower()), _key(platform, "address", address)]
    with platform.transaction() as session:
        platform.database.lock_sign_in(session)
        coaches.forget_failures_outside(session, now - 2 * LONGEST_PAUSE, now + LONGEST_PAUSE)
        failed = coaches.failures(session, keys)
        waits = [wait for n, at in failed.values() if (wait := _wait(n, at, now)) > timedelta(0)]
        if waits:
            raise SignInThrottled(minutes=ceil(max(waits) / timedelta(minutes=1)))
        # Counted before the check, so that many guesses at the same moment are not all free.
        for key in keys:
            coaches.record_failure(session, key, failed.get(key, (0, now))[0] + 1, now)
        coach = coaches.by_email(session, email.strip().lower())
    stored = coach.password_hash if coach else _nobody()
    # Outside the transaction, because checking is slow on purpose and must not hold up the writers.
    if not _verify(stored, password) or coach is None:
        raise SignInRefused
    with platform.transaction() as session:
        platform.database.lock_sign_in(session)
        coaches.forget_failures(session, keys[:1])
        if keys[1] in failed:
            coaches.record_failure(session, keys[1], *failed[keys[1]])
        else:
            coaches.forget_failures(session, keys[1:])
        if HASHER.check_needs_rehash(stored):
            coaches.set_password_hash(session, coach.id, HASHER.hash(password))
        view = _view(session, coach.id)
    if view is None:
        raise SignInRefused
    return view


def _view(session: Session, coach_id: int) -> CoachView | None:
    coach = coaches.get(session, coach_id)
    if coach is None:
        return None
    return CoachView(coach.id, coach.name, coach.email, coach.sees_all, coaches.team_ids(session, coach_id))


def _key(platform: Platform, kind: str, value: str) -> str:
    """Return what a failure is counted under: keyed, so that nobody finds an address by trying all of them."""
    secret = platform.settings.secret_key.encode()
    return f"{kind}:{hmac.digest(secret, f'{kind}|{value}'.encode(), 'sha256').hex()}"


def _wait(n_failures: int, last_at: datetime, now: datetime) -> timedelta:
    if n_failures < FREE_ATTEMPTS:
        return timedelta(0)
    pause = min(timedelta(seconds=30.0 * 2.0 ** min(n_failures - FREE_ATTEMPTS, 20)), LONGEST_PAUSE)
    # A clock that was put back must not make anybody wait for the time it had shown.
    return min(last_at, now) + pause - now


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Return a hash nobody knows the password of, so that an unknown address takes as long as a known one."""
    return HASHER.hash(secrets.token_urlsafe(32))
