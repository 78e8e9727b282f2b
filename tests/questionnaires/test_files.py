"""Broken files: every problem names line, key, value and remedy, and nothing is half loaded."""

from __future__ import annotations

import pytest

from questionnaires import BrokenFile, check_file, load_instrument
from questionnaires.files import DEEPEST, MOST_BYTES, Problem, parse, shown
from tests.questionnaires.builders import SMALL, write


def line_of(fragment: str, content: str = SMALL) -> int:
    return content[: content.index(fragment)].count("\n") + 1


def problems(tmp_path, content: str | bytes) -> list[Problem]:
    path = write(tmp_path, content)
    found = check_file(path)
    if found:
        with pytest.raises(BrokenFile) as caught:
            load_instrument(path)
        assert list(caught.value.problems) == found
        assert str(caught.value) == "\n".join(map(str, found))
    return found


def only(tmp_path, content: str | bytes) -> Problem:
    (problem,) = problems(tmp_path, content)
    assert problem.file == "small.yaml"
    assert problem.remedy
    assert str(problem).startswith(f"small.yaml:{problem.line}: ")
    assert str(problem).endswith(problem.remedy)
    return problem


def test_a_whole_file_has_no_problems(tmp_path):
    assert problems(tmp_path, SMALL) == []
    assert problems(tmp_path, b"\xef\xbb\xbf" + SMALL.encode()) == []


# What stands in the whole file, what replaces it, where the problem is, which key it has, and words of the message.
WRONG = {
    "unknown key": ("minutes: 1", "minuets: 1\nminutes: 1", "minutes: 1", "minuets", "not permitted", "spelling"),
    "missing key": ("minutes: 1\n", "", "id: small", "minutes", "Field required", "add the key"),
    "number as text": ("minutes: 1", "minutes: '1'", "minutes: 1", "minutes", "'1' does not fit", "whole number"),
    "yes as number": ("version: 1", "version: true", "version: 1", "version", "True does not fit", "whole number"),
    "too many minutes": ("minutes: 1", "minutes: 61", "minutes: 1", "minutes", "61 does not fit", "correct the value"),
    "text as number": (
        "en: We tried something.",
        "en: 12",
        "en: We tried",
        "aspects[0].items[0].text.en",
        "12",
        "quotes",
    ),
    "no translations": (
        "name: {en: Small, de: Klein}",
        "name: Small",
        "name: {en",
        "name",
        "dictionary",
        "per language",
    ),
    "empty text": ("de: Klein", "de: ' '", "name: {en", "name", "'de' is empty", "write it or remove the language"),
    "a language left out": (
        "          de: Wir haben etwas beendet.\n",
        "",
        "text:\n          en: We finished",
        "aspects[0].items[1].text",
        "has no text in 'de'",
        "translate it",
    ),
    "an item twice": (
        "id: second",
        "id: first",
        "id: second",
        "aspects[0].items[1].id",
        "item 'first' is there twice",
        "may stand once",
    ),
    "a meaning twice": (
        "meaning: second",
        "meaning: first",
        "meaning: second",
        "aspects[0].items[1].meaning",
        "meaning 'first' is there twice",
        "may stand once",
    ),
    "a key twice": (
        "minutes: 1",
        "minutes: 1\nminutes: 2",
        "source:",
        "minutes",
        "twice, first on line 5",
        "remove one",
    ),
    "unknown aspect": ("id: novelty", "id: boldness", "- id: novelty", "aspects[0].id", "'boldness'", "choose one of"),
    "a list that is none": ("languages: [en, de]", "languages: en", "languages:", "languages", "'en'", "write a list"),
    "a part that is none": ("scale:\n", "scale: 7\nscales:\n", "scale:", "scale", "valid dictionary", "indented keys"),
    "bad id": ("id: small", "id: Small One", "id: small", "id", "'Small One'", "another spelling"),
    "bad language": ("[en, de]", "[en, de, Deutsch]", "languages", "languages[2]", "'Deutsch'", "another spelling"),
    "label outside": ("    5: {en", "    6: {en", "scale:", "scale", "end 5 has no label", "add it under labels"),
    "label that is no number": (
        "    5: {en",
        "    five: {en",
        "    5: {en",
        "scale.labels.five",
        "'five'",
        "whole number",
    ),
    "anchor": ("name: {en", "name: &name {en", "name: {en", "name", "anchors", "write it out"),
    "alias": ("minutes: 1", "minutes: *one", "minutes: 1", "minutes", "aliases", "write it out"),
    "tag": ("minutes: 1", "minutes: !!python/name:os.system ''", "minutes: 1", "minutes", "tag", "remove it"),
    "key that is a list": ("minutes: 1", "[a]: 1", "minutes: 1", "", "neither a word nor a number", "quotes"),
    "key that is true": ("minutes: 1", "true: 1", "minutes: 1", "", "neither a word nor a number", "quotes"),
    "second document": ("minutes: 1", "minutes: 1\n---\n", "source:", "", "a second document", "one document"),
    "tab": ("  credit", "\tcredit", "  credit", "", "not YAML", "indentation"),
    "open bracket": ("languages: [en, de]", "languages: [en, de", "scale:", "", "not YAML", "indentation"),
    "control character": ("en: Small", "en: Sm\x07all", "name: {en", "", "control character", "remove it"),
}


@pytest.mark.parametrize(("old", "new", "at", "key", "message", "remedy"), WRONG.values(), ids=WRONG.keys())
def test_a_problem_names_line_key_value_and_remedy(tmp_path, old, new, at, key, message, remedy):
    assert old in SMALL
    found = problems(tmp_path, SMALL.replace(old, new, 1))
    named = [problem for problem in found if problem.key == key]
    assert named, found
    assert message in named[0].message
    assert remedy in named[0].remedy
    assert named[0].line == line_of(at)


def test_all_problems_are_told_at_once_in_the_order_of_the_lines(tmp_path):
    broken = (
        SMALL.replace("version: 1", "version: 0").replace("minutes: 1", "minutes: 61").replace("id: first", "id: 1st")
    )
    assert [problem.key for problem in problems(tmp_path, broken)] == ["version", "minutes", "aspects[0].items[0].id"]


def test_all_missing_translations_are_told_at_once(tmp_path):
    broken = SMALL.replace("languages: [en, de]", "languages: [en, de, fr]")
    found = problems(tmp_path, broken)
    assert len(found) == 9
    assert {problem.remedy for problem in found} == {"translate it"}


def test_every_key_that_stands_twice_is_told(tmp_path):
    broken = SMALL + "id: again\nversion: 3\n"
    assert [problem.key for problem in problems(tmp_path, broken)] == ["id", "version"]


def test_no_is_the_language_norwegian(tmp_path):
    whole = SMALL.replace("[en, de]", "[no]").replace("de: ", "no: ").replace("en: ", "sv: ")
    assert problems(tmp_path, whole) == []
    assert load_instrument(tmp_path / "small.yaml").languages == ("no",)


def test_plain_words_become_values_of_the_core_schema(tmp_path):
    content = 'a: [no, on, 012, -3, 1.5, .5e3, 1e3, 12:30, 2026-01-01, null, ~, true, False, "7", ""]\nb:\n1: one\n'
    assert parse(write(tmp_path, content)).data == {
        "a": ("no", "on", 12, -3, 1.5, 500.0, "1e3", "12:30", "2026-01-01", None, None, True, "False", "7", ""),
        "b": None,
        1: "one",
    }


def test_a_number_beyond_reason_stays_a_text(tmp_path):
    assert parse(write(tmp_path, "9" * 5000)).data == "9" * 5000


@pytest.mark.parametrize("content", ["", "# only a comment\n", "---\n"])
def test_an_empty_file(tmp_path, content):
    assert only(tmp_path, content).message == "the file is empty"


@pytest.mark.parametrize("content", ["just words", "[1, 2]", "12"])
def test_a_file_of_another_shape(tmp_path, content):
    assert "valid dictionary" in only(tmp_path, content).message


def test_a_file_that_is_not_there(tmp_path):
    (problem,) = check_file(tmp_path / "nowhere.yaml")
    assert (problem.file, problem.line) == ("nowhere.yaml", 0)
    assert "cannot be opened: No such file" in problem.message


def test_a_directory(tmp_path):
    (problem,) = check_file(tmp_path)
    assert "cannot be opened" in problem.message


def test_another_encoding(tmp_path):
    problem = only(tmp_path, SMALL.replace("Klein", "größer").encode("cp1252"))
    assert (problem.line, problem.remedy) == (3, "save the file as UTF-8")


def test_a_huge_file(tmp_path):
    assert "bytes" in only(tmp_path, b"#" * (MOST_BYTES + 1)).message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_without_end(tmp_path, opening):
    problem = only(tmp_path, opening * 5000)
    assert problem.message == f"more than {DEEPEST} levels are nested"


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(tmp_path):
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    problem = only(tmp_path, bomb)
    assert (problem.line, problem.key) == (1, "a")


def test_a_long_value_is_cut_in_its_message():
    assert shown("x" * 100) == "'" + "x" * 58 + "…"
    assert shown("short") == "'short'"
