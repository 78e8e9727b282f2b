from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from questionnaires import AREAS, ASPECTS, RITUALS, BrokenFile, Catalogue, catalogue, check_file, load_catalogue
from questionnaires.changes import SHIPPED, RitualId
from tests.questionnaires.builders import text, write


def change(change_id: str, after: tuple[str, ...] = (), **overrides: Any) -> dict[str, Any]:
    parts = ("title", "why", "first_step", "sign", "when_not", "who")
    return {
        "id": change_id,
        **{part: text(f"{part} of {change_id}") for part in parts},
        "ritual": "weekly_sync",
        "effort": "S",
        "after": after,
        "moves": (*ASPECTS, *AREAS),
        **overrides,
    }


def make(*changes: dict[str, Any]) -> Catalogue:
    source = {"credit": text("Somebody"), "licence": "Apache-2.0"}
    return Catalogue.model_validate({"version": 1, "languages": ("en", "de"), "source": source, "changes": changes})


def refused(*changes: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        make(*changes)
    return str(caught.value)


class TestShipped:
    def test_it_has_27_changes_in_order(self):
        assert [change.id for change in catalogue().changes] == [f"C{number:02}" for number in range(1, 28)]

    @pytest.mark.parametrize("part", [*ASPECTS, *AREAS])
    def test_every_part_is_moved_by_at_least_two_changes_one_of_them_a_teams_own(self, part):
        moving = [change for change in catalogue().changes if part in change.moves]
        assert len(moving) >= 2
        assert any(not change.organisation for change in moving)

    def test_the_ten_accumulating_changes_stand_in_the_order_of_their_source(self):
        ten = [change.id for change in catalogue().accumulating()]
        assert ten == ["C01", "C02", "C06", "C07", "C09", "C10", "C15", "C24", "C25", "C27"]
        assert [change.accumulates for change in catalogue().accumulating()] == list(range(1, 11))

    def test_no_accumulating_change_waits_for_a_later_one(self):
        seen: set[str] = set()
        ten = {change.id for change in catalogue().accumulating()}
        for change in catalogue().accumulating():
            assert ten.intersection(catalogue().before(change.id)) <= seen
            seen.add(change.id)

    def test_reviews_can_start_without_slos(self):
        for review in ("C15", "C16", "C17", "C18", "C19", "C20"):
            assert "C06" not in catalogue().before(review)

    def test_a_team_can_begin_at_several_places(self):
        first = [change for change in catalogue().changes if not change.after and not change.organisation]
        assert len({change.moves[0] for change in first}) >= 4

    def test_only_leadership_starts_a_formal_structure(self):
        last = catalogue().get("C27")
        assert (last.organisation, last.effort, last.after) == (True, "L", ("C25",))
        assert [change.id for change in catalogue().changes if change.organisation] == ["C01", "C02", "C03", "C27"]

    def test_every_ritual_has_a_name(self):
        assert set(RITUALS) == set(get_args(RitualId))
        assert {change.ritual for change in catalogue().changes} == set(RITUALS)
        assert all(set(name) == {"en", "de"} for name in RITUALS.values())

    def test_a_change_is_found_by_id(self):
        assert catalogue().get("C04").after == ()
        with pytest.raises(KeyError):
            catalogue().get("C99")

    def test_what_waits_for_a_change_and_what_it_waits_for(self):
        assert catalogue().unlocks("C15") == ("C16", "C17", "C18")
        assert catalogue().before("C24") == ("C04", "C05", "C06", "C07", "C08")
        assert catalogue().unlocks("C27") == ()

    def test_it_is_read_once(self):
        assert catalogue() is catalogue()


def test_the_fingerprint_follows_the_words_only():
    one, other = make(change("C01"), change("C02")), make(change("C01"), change("C02", why=text("because")))
    turned = make(dict(reversed(change("C01").items())), change("C02"))
    assert one.fingerprint == turned.fingerprint
    assert one.fingerprint != other.fingerprint
    assert hash(one) == hash(turned)


def test_diamonds_are_no_circles():
    diamond = make(change("C01"), change("C02", ("C01",)), change("C03", ("C01",)), change("C04", ("C02", "C03")))
    assert diamond.before("C04") == ("C01", "C02", "C03")


class TestRefusals:
    def test_changes_that_wait_for_each_other(self):
        message = refused(change("C01", ("C03",)), change("C02", ("C01",)), change("C03", ("C02",)))
        assert "wait for each other" in message
        assert " → " in message

    def test_a_change_that_waits_for_itself(self):
        assert "C01 → C01" in refused(change("C01", ("C01",)), change("C02"))

    def test_an_unknown_prerequisite(self):
        assert "'C09' is no change of the catalogue" in refused(change("C01", ("C09",)), change("C02"))

    def test_a_change_twice(self):
        assert "change 'C01' is there twice" in refused(change("C01"), change("C01"))

    def test_a_place_twice(self):
        message = refused(change("C01", accumulates=1), change("C02", accumulates=1))
        assert "place '1' is there twice" in message

    def test_a_part_moved_twice_and_a_prerequisite_twice(self):
        assert "part 'novelty' is there twice" in refused(change("C01", moves=("novelty", "novelty")), change("C02"))
        assert "prerequisite 'C02' is there twice" in refused(change("C01", ("C02", "C02")), change("C02"))

    def test_a_part_that_hardly_any_change_moves(self):
        assert "'fairness' is moved by 1 changes" in refused(change("C01"), change("C02", moves=ASPECTS + AREAS[:-1]))

    def test_a_missing_translation(self):
        assert "changes[C02].sign has no text in 'de'" in refused(change("C01"), change("C02", sign={"en": "seen"}))

    @pytest.mark.parametrize(
        "overrides", [{"ritual": "daily"}, {"effort": "XL"}, {"moves": ()}, {"moves": ("speed",)}, {"accumulates": 0}]
    )
    def test_values_that_do_not_exist(self, overrides):
        assert refused(change("C01", **overrides), change("C02"))


class TestFiles:
    def test_a_broken_catalogue_is_told_from_an_instrument_and_names_line_key_and_remedy(self, tmp_path):
        content = SHIPPED.read_text(encoding="utf-8").replace("after: [C18]", "after: [C88]")
        path = write(tmp_path, content, "changes.yaml")
        (problem,) = check_file(path)
        assert problem.key == "changes[18].after[0]"
        assert content.splitlines()[problem.line - 1].strip() == "after: [C88]"
        assert problem.remedy == "correct the id or add the change"
        with pytest.raises(BrokenFile):
            load_catalogue(path)

    def test_a_circle_is_told_at_one_of_its_changes(self, tmp_path):
        content = SHIPPED.read_text(encoding="utf-8").replace(
            "after: [C16, C03]\n    moves: [fair", "after: [C26]\n    moves: [fair"
        )
        (problem,) = check_file(write(tmp_path, content, "changes.yaml"))
        assert problem.key == "changes[25].after"
        assert "C26 → C26" in problem.message
