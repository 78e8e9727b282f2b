"""What somebody can ask of our doors: every address of the coaches' and the respondents' pages, read as plain bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

# What a page holds anew for each request or session, whatever it is about.
OWN = re.compile(rb'nonce="?[\w-]+|name="?csrf_token"?[^>]*>|name="?nonce"? value="?[\w-]+|/result/[\w-]+|/l/[\w-]+')
# Files that are the same for everybody, and forms about nothing that is stored.
SAME = {"static", "coach.static", "respond.static", "coach.plotly_js", "coach.codebook"}
SAME |= {"coach.json_schema", "coach.trend_schema"}


def plain(content: bytes) -> bytes:
    """Return a page without what every request has of its own."""
    return OWN.sub(b"", content)


def addresses(
    app: Flask, values: Mapping[str, object], *, wanted: Callable[[Rule], bool], methods: Iterable[str] = ("GET",)
) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route that is wanted and can be built from these values.

    :raise KeyError: when a wanted route needs a value that is missing, so that none is passed over.
    """
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in SAME or not wanted(rule):
                continue
            built = rule.build({name: values[name] for name in rule.arguments})
            assert built is not None
            for method in sorted(rule.methods & set(methods) if rule.methods else ()):
                yield method, built[1]


def for_coaches(rule: Rule) -> bool:
    """Whether a route is of the coaches' door."""
    return rule.endpoint.startswith("coach.")


def read_all(client: FlaskClient, found: Iterable[tuple[str, str]]) -> dict[str, tuple[int, bytes]]:
    """Ask for every address; return status and what was said, by method and address."""
    said = {}
    for method, address in found:
        reply = client.open(address, method=method)
        said[f"{method} {address}"] = (reply.status_code, plain(reply.get_data()))
    return said
