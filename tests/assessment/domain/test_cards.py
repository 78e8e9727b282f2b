"""Codes: unguessable, forgiving to read, and strict about typing errors."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.domain.cards import (
    ALPHABET,
    ballot_id_of_card,
    ballot_id_of_link,
    card_digest,
    grouped,
    mint_code,
    mint_token,
    read_code,
)

bodies = st.integers(min_value=0).map(lambda seed: mint_code(random.Random(seed)))  # type: ignore[arg-type]


def test_codes_are_printed_in_four_groups():
    code = mint_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert grouped(read_code(code) or "") == code


@given(bodies)
def test_codes_are_read_however_they_are_typed(code: str):
    plain = code.replace("-", "")
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(typed) == plain
    assert read_code(f" {plain} ") == plain


@given(bodies, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(code: str, place: int, other: str):
    plain = read_code(code) or ""
    wrong = plain[:place] + other + plain[place + 1 :]
    assert (read_code(wrong) is None) == (wrong != plain)


@pytest.mark.parametrize("typed", ["", "XXXX", "U" * 16, "0" * 17, "ÄÖÜ", "0000-0000-0000-000!"])
def test_what_cannot_be_a_code_is_none(typed: str):
    assert read_code(typed) is None


def test_the_two_digests_of_a_code_have_nothing_in_common():
    code = read_code(mint_code()) or ""
    stored = {card_digest(code), ballot_id_of_card(1, code), ballot_id_of_card(2, code)}
    assert len(stored) == 3
    assert all(len(digest) == 32 for digest in stored)


def test_a_form_on_a_link_has_its_own_ballot_in_every_team():
    ids = {ballot_id_of_link(campaign, node, nonce) for campaign in (1, 2) for node in (3, 4) for nonce in ("a", "b")}
    assert len(ids) == 8


def test_tokens_are_long_and_different():
    tokens = {mint_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 22 for token in tokens)
