"""Coaches in their browsers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.services.platform import Platform
from tests import builders
from tests.conftest import Clock, signed_in


@pytest.fixture
def ada(coach_client: FlaskClient) -> FlaskClient:
    """Has Atlas and Cygnus."""
    return coach_client


@pytest.fixture
def bruno(app: Flask, cast: builders.Cast) -> FlaskClient:
    """Has no team."""
    return signed_in(app, cast.bruno_email, cast.password)


@pytest.fixture
def hedy(app: Flask, cast: builders.Cast) -> FlaskClient:
    """Sees all teams."""
    return signed_in(app, cast.hedy_email, cast.password)


@pytest.fixture
def closed(platform: Platform, clock: Clock, cast: builders.Cast) -> builders.Opened:
    """Return the cast's campaign, closed."""
    return builders.closed(platform, clock, cast)[0]
