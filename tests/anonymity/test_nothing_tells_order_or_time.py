"""Promise: what is stored of an answer says nothing about when it came, in which order, from where or of whom."""

from __future__ import annotations

import re

import sqlalchemy as sa

from assessment.domain.ballots import SEALED_LENGTH
from assessment.services.platform import Platform
from assessment.storage.models import Base
from tests import builders
from tests.builders import Cast

# Whoever adds a column here must be able to say why it tells nothing about a person.
ALLOWED = {
    "ballot": {"id": "bytes", "campaign_id": "int", "node_id": "int", "sealed": "bytes"},
    "card": {"digest": "bytes", "campaign_id": "int", "node_id": "int"},
}


def test_ballots_and_cards_have_these_columns_and_no_others(platform: Platform):
    for table, columns in ALLOWED.items():
        found = sa.inspect(platform.database.engine).get_columns(table)
        assert {column["name"]: column["type"].python_type.__name__ for column in found} == columns
        assert {column["default"] for column in found} == {None}
        assert not any(column.get("autoincrement") is True or column.get("identity") for column in found)


def test_nothing_points_from_or_to_them(platform: Platform):
    inspector = sa.inspect(platform.database.engine)
    for table in inspector.get_table_names():
        for key in inspector.get_foreign_keys(table):
            assert table not in ALLOWED
            assert key["referred_table"] not in ALLOWED


def test_no_trigger_or_sequence_touches_them(platform: Platform):
    with platform.reading() as session:
        if platform.database.is_sqlite:
            assert session.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all() == []
            made = dict(session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
            assert all(made[table].rstrip().endswith("WITHOUT ROWID") for table in ALLOWED)
            return
        triggers = session.execute(
            sa.text(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE relname IN ('ballot', 'card') AND NOT tgisinternal"
            )
        ).all()
        assert triggers == []
        sequences = session.scalars(sa.text("SELECT sequencename FROM pg_sequences")).all()
        assert not [name for name in sequences if re.match("ballot|card", str(name))]


def test_no_table_of_members_says_that_somebody_answered():
    person = {"member", "roster"}
    for table in person:
        assert {column.name for column in Base.metadata.tables[table].columns} <= {
            "id",
            "team_id",
            "node_id",
            "member_id",
            "name",
            "email",
        }


def test_what_is_stored_is_sealed_and_equally_long(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas", level=lambda _: 1.0)
    with platform.reading() as session:
        rows = session.execute(sa.text("SELECT id, sealed FROM ballot")).all()
    assert {len(row.sealed) for row in rows} == {SEALED_LENGTH}
    assert len({bytes(row.sealed) for row in rows}) == len(rows)


def test_rows_come_back_in_an_order_that_is_not_the_order_of_answering(platform: Platform, cast: Cast):
    """On SQLite the table itself is ordered by the random key; on PostgreSQL sealing makes the order worthless."""
    if not platform.database.is_sqlite:
        return
    campaign = builders.opened(platform, cast)
    builders.answer(platform, campaign, "Atlas")
    with platform.reading() as session:
        stored = [bytes(row.id) for row in session.execute(sa.text("SELECT id FROM ballot NOT INDEXED"))]
    assert stored == sorted(stored)


def test_the_audit_says_nothing_about_respondents(platform: Platform, cast: Cast):
    campaign = builders.opened(platform, cast)

    def lines() -> list[object]:
        with platform.reading() as session:
            return list(session.execute(sa.text("SELECT * FROM audit ORDER BY id")).all())

    before = lines()
    builders.answer(platform, campaign, "Atlas")
    assert lines() == before
