"""A coach's browser: forms are sent with what their page holds."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# Pages are the same on both databases; what stores something runs on both.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def text(reply: TestResponse) -> str:
    """Return a page's text without entities and tags, in single spaces."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", reply.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def token(page: str) -> str:
    """Return the token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, "the page has no form with a token"
    return found[1]


def send(client: FlaskClient, form: str, data: dict[str, Any] | None = None, to: str | None = None) -> TestResponse:
    """Open the page of a form and send it, to itself unless said otherwise."""
    given = {"csrf_token": token(client.get(form).get_data(as_text=True))} | (data or {})
    return client.post(to or form, data=given)


def follow(client: FlaskClient, reply: TestResponse) -> TestResponse:
    """Follow one redirect."""
    assert reply.status_code == 303, text(reply)
    return client.get(reply.headers["Location"])


def addresses(page: str) -> set[str]:
    """Return every address a page names in its elements."""
    return set(re.findall(r'(?:href|src|action|poster|data)="([^"]+)"', page))
