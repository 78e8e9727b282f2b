"""Open campaigns, and a respondent who fills the form in as a browser would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from assessment.storage import ballots
from tests import builders
from tests.assessment.web.respond.browsing import Page, read

# Most tests here are about pages; those that store something run on both databases all the same.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def campaign(platform: Platform, cast: builders.Cast) -> builders.Opened:
    """An open campaign with cards for Atlas, Borealis and Cygnus."""
    return builders.opened(platform, cast)


@pytest.fixture
def open_link(platform: Platform, cast: builders.Cast) -> builders.Opened:
    """An open campaign of Atlas with an open link."""
    return builders.opened(platform, cast, teams=["Atlas"], way="open_link")


@pytest.fixture
def code(campaign: builders.Opened) -> str:
    """A code of one of Atlas' cards."""
    return campaign.codes("Atlas")[0]


@pytest.fixture
def n_stored(platform: Platform) -> Callable[[builders.Opened], int]:
    """How many ballots a campaign has."""

    def count(opened: builders.Opened) -> int:
        with platform.reading() as session:
            return ballots.n_of_campaign(session, opened.id)

    return count


def visit(client: FlaskClient, path: str, language: str = "en") -> Page:
    reply = client.get(path, headers={"Accept-Language": language})
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return read(reply.get_data(as_text=True))


def post(client: FlaskClient, body: dict[str, str], status: int = 200) -> Page:
    reply = client.post("/answer", data=body)
    assert reply.status_code == status, reply.get_data(as_text=True)
    return read(reply.get_data(as_text=True))
