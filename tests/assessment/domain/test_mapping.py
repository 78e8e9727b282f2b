from __future__ import annotations

from pathlib import Path

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.domain.mapping import MatchedColumn, Plan, fit_mapping, match, question_keys
from assessment.domain.mapping_cells import CellReader, NotAnswered, UnreadableAnswer
from assessment.domain.mapping_guess import guess
from assessment.domain.mapping_rows import read_rows
from assessment.domain.spreadsheet import normal, read_spreadsheet
from questionnaires.files import BrokenFile, parse
from questionnaires.instrument import Question
from questionnaires.loader import available, questionnaire

SHORT = questionnaire(["westrum-short"])
BASE = """instrument: westrum-short
team:
  column: Team
columns:
  cooperation: We help
  novelty: Ideas
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mapping.yaml"


def plan(file: Path, text: str = BASE, sheet: str = "Team,We help,Ideas,Comment\n") -> Plan:
    file.write_text(text, encoding="utf-8")
    parsed = parse(file)
    return match(parsed, fit_mapping(parsed), read_spreadsheet(sheet.encode()), SHORT)


def complaints(file: Path, text: str, sheet: str = "Team,We help,Ideas,Comment\n") -> list[str]:
    with pytest.raises(BrokenFile) as caught:
        plan(file, text, sheet)
    return [f"{problem.line} {problem.key}: {problem.message}; {problem.remedy}" for problem in caught.value.problems]


def test_it_finds_the_columns(file: Path):
    found = plan(file, sheet=" team ,ID,IDEAS\u00a0,We  help\n")
    assert found.team_position == 0
    assert [(column.question.key, column.position) for column in found.columns] == [
        ("item:short_cooperation", 3),
        ("item:short_novelty", 2),
    ]
    assert found.unmentioned == ("ID",)


def test_what_is_ignored_is_mentioned(file: Path):
    assert plan(file, BASE + "ignore: [comment]\n").unmentioned == ()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("Ideas", "Thoughts"), "6 columns.novelty: the file has no column 'Thoughts'; use one of its headers"),
        (("novelty:", "kindness:"), "6 columns.kindness: the instrument does not ask this; use one of item:short_"),
        (("novelty:", "short_cooperation:"), "6 columns.short_cooperation: item:short_cooperation is mapped twice"),
        (("Ideas", "We help"), "6 columns.novelty: the column 'We help' is used for columns.cooperation already"),
        (("Ideas", "{header: Ideas, values: {Never: 9}}"), "6 columns.novelty.values.Never: 9 is no value of item"),
        (("Ideas", "{header: Ideas, values: {Never: low}}"), "6 columns.novelty.values.Never: 'low' does not fit"),
        (("Ideas", "{text: Ideas}"), "6 columns.novelty.header: Field required"),
        (("column: Team", "colunm: Team"), "3 team.colunm"),
        (("column: Team", "names: {A: B}"), "2 team: either a column or one name says the team"),
        (("team:", "scale: {lowest: 1, highest: 5}\nteam:"), "2 scale: the file's scale is 1 to 5, but westrum-short"),
    ],
)
def test_what_does_not_fit_is_named_with_line_key_and_remedy(file: Path, change: tuple[str, str], complaint: str):
    found = complaints(file, BASE.replace(*change, 1))
    assert any(entry.startswith(complaint) for entry in found), found


@pytest.mark.parametrize("size", ["0", "-1", "many", "true"])
def test_a_size_is_a_number_of_people(file: Path, size: str):
    (complaint,) = complaints(file, BASE.replace("  column: Team", f"  column: Team\n  sizes: {{Atlas: {size}}}"))
    assert complaint.startswith("4 team.sizes.Atlas")


def test_everything_is_named_at_once(file: Path):
    assert len(complaints(file, BASE.replace("Ideas", "Thoughts").replace("Team", "Squad"))) == 2


def test_a_header_that_stands_twice_is_named(file: Path):
    (complaint,) = complaints(file, BASE, "Team,We help,Ideas,ideas \n")
    assert "columns 3 and 4 both are called 'Ideas'" in complaint


def test_the_named_teams_are_ours(file: Path):
    team = "team: {column: Team, names: {a: Atlas}, sizes: {Cygnus: 5}, departments: {Borealis: North}}\n"
    found = plan(file, BASE.replace("team:\n  column: Team\n", team))
    assert found.named_teams == ("Atlas", "Borealis", "Cygnus")


def test_questions_have_short_names_where_they_are_plain():
    full = questionnaire(["westrum", "blameless"])
    keys = question_keys(full)
    assert keys["review"].key == keys["ladder:review"].key == "ladder:review"
    assert keys["choice:novelty"].kind == "choice"
    assert "novelty" not in keys
    assert question_keys(SHORT)["novelty"].key == "item:short_novelty"


def reader(file: Path, **more: str) -> CellReader:
    text = BASE + "".join(f"{key}: {value}\n" for key, value in more.items())
    return CellReader(plan(file, text).columns[0])


@pytest.mark.parametrize("cell", ["6", "6.0", "6,0", "+6", "６", "6 - agree", "6 (stimme zu)", "agree", "Stimme zu"])
def test_an_answer_is_a_number_a_label_or_both(file: Path, cell: str):
    assert reader(file).read(cell) == 6


def test_words_are_worth_what_the_mapping_says(file: Path):
    column = reader(file, values="{Often: 6, 10: 7}", cannot_judge='[N/A, "weiß nicht", agree]')
    assert [column.read(cell) for cell in ("often", " OFTEN ", "10", "n/a", "Weiss nicht", "Agree")] == [
        6, 6, 7, None, None, None,
    ]  # fmt: skip


def test_a_blank_cell_is_no_answer(file: Path):
    assert isinstance(reader(file).read(""), NotAnswered)
    assert isinstance(reader(file).read("\u200b"), NotAnswered)


@pytest.mark.parametrize(
    "cell", ["0", "8", "9.0", "5.5", "-3", "5;6", "3 - 4", "well, it depends", "=1+1", "66666", "5" + "-" * 90_000]
)
def test_anything_else_is_refused(file: Path, cell: str):
    with pytest.raises(UnreadableAnswer):
        reader(file).read(cell)


def test_choices_and_ladders_are_read_by_their_descriptions():
    full = questionnaire(["westrum", "blameless"])
    ladder = full.ladders["review"].rungs[3]["de"]
    keys = question_keys(full)
    column = MatchedColumn(keys["review"], 0, {normal(ladder): 3})
    assert CellReader(column).read(ladder) == 3
    assert CellReader(column).read("0") == 0


def test_a_whole_form_in_words_is_read(file: Path):
    full = questionnaire(["westrum", "blameless"])
    choice = full.aspects["novelty"][1].choice
    assert choice is not None
    rung = full.ladders["review"].rungs[2]["en"]
    table = f"Team\tNovelty\tReview\nAtlas\t{choice.generative['de']}\t{rung}\nAtlas\tNEITHER\t5\n"
    text = "instrument: [westrum, blameless]\nteam: {column: Team}\n"
    text += "columns: {'choice:novelty': Novelty, review: Review}\n"
    file.write_text(text, encoding="utf-8")
    parsed, sheet = parse(file), read_spreadsheet(table.encode())
    read = read_rows(sheet, match(parsed, fit_mapping(parsed), sheet, full), full, {"atlas": "Atlas"})
    assert read.teams["Atlas"].n_submissions == 1
    stored = {question.key: byte for question, byte in zip(full.questions, read.teams["Atlas"].ballots, strict=True)}
    assert (stored["choice:novelty"], stored["ladder:review"]) == (4, 3)
    assert [(problem.line, problem.field) for problem in read.problems] == [(3, "choice:novelty"), (3, "ladder:review")]


def test_rows_name_every_problem_and_count_what_is_whole(file: Path):
    sheet = (
        "Team,We help,Ideas,Comment\nAtlas,6,,\nAtlas,,,blank\n,5,5,\nDeneb,,,\nDeneb,1,1,\nAtlas,6,6,a,b\nAtlas,9,x,\n"
    )
    read = read_rows(read_spreadsheet(sheet.encode()), plan(file, sheet=sheet), SHORT, {"atlas": "Atlas"})
    atlas = read.teams["Atlas"]
    assert (atlas.n_submissions, atlas.n_complete, atlas.n_blank) == (1, 0, 1)
    assert (read.n_rows, read.n_blank, read.n_bad) == (7, 2, 4)
    assert [(problem.line, problem.field) for problem in read.problems] == [
        (4, "Team"), (6, "Team"), (7, "file"), (8, "item:short_cooperation"), (8, "item:short_novelty"),
    ]  # fmt: skip


def test_a_file_of_one_team_needs_no_column(file: Path):
    text = BASE.replace("column: Team", "name: atlas")
    sheet = "We help,Ideas\n5,5\n6,6\n"
    read = read_rows(read_spreadsheet(sheet.encode()), plan(file, text, sheet), SHORT, {"atlas": "Atlas"})
    assert read.teams["Atlas"].n_submissions == 2


def guessed(file: Path, table: str) -> str:
    text = guess(read_spreadsheet(table.encode()), available())
    file.write_text(text, encoding="utf-8")
    parsed = parse(file)
    names = fit_mapping(parsed).instrument
    match(parsed, fit_mapping(parsed), read_spreadsheet(table.encode()), questionnaire(names))
    return text


GERMAN = (
    "ID;Startzeit;E-Mail;Name;In welchem Team arbeitest du?;Informationen werden aktiv gesucht;"
    "Schlechte Nachrichten darf man ohne negative Folgen überbringen;Verantwortung wird geteilt;"
    "Bereichsübergreifende Zusammenarbeit wird gefördert;Fehler führen zum Lernen;Neue Ideen sind willkommen;"
    "Möchtest du noch etwas anmerken?\n"
    "1;x;anonym;;Suche;6;5;weiß nicht;5;6;5;Ein langer Satz darüber, wie es uns in diesem Vierteljahr ging und warum\n"
)


def test_a_german_form_is_recognised(file: Path):
    text = guessed(file, GERMAN)
    columns = fit_mapping(parse(file)).columns
    headers = {aspect: column.header.split()[0] for aspect, column in columns.items()}
    assert headers == {
        "cooperation": "Informationen", "messengers": "Schlechte", "risk_sharing": "Verantwortung",
        "bridging": "Bereichsübergreifende", "inquiry": "Fehler", "novelty": "Neue",
    }  # fmt: skip
    assert '"Suche": "Suche"' in text
    assert 'cannot_judge: ["weiß nicht"]' in text
    assert "Ein langer Satz" not in text
    assert text.count("must not be imported") == 3
    assert "free text" in text


def test_our_own_sentences_are_recognised_with_their_instruments(file: Path):
    full = questionnaire(["westrum", "blameless"])
    texts = [item.text["de"] for _, aspect in full.aspects.values() for item in aspect.items]
    texts += [ladder.prompt["de"] for ladder in full.ladders.values()]
    header = ";".join(f'"{text}"' for text in ["Team", *texts])
    text = guessed(file, f"{header}\nAtlas{';3' * len(texts)}\n")
    assert "instrument: [westrum, blameless]" in text
    assert len(fit_mapping(parse(file)).columns) == len(texts)


def test_without_a_team_column_it_asks_for_the_name(file: Path):
    assert "name: My team" in guessed(file, "New ideas are welcomed,Failure leads to learning\n5,6\n")


def test_a_table_about_something_else_is_refused():
    with pytest.raises(Invalid, match="no column reads like a question"):
        guess(read_spreadsheet(b"Date,Amount\n1,2\n"), available())


def test_a_question_has_its_range():
    question = Question("item:x", "item", "x", 1, 5, "novelty")
    assert CellReader(MatchedColumn(question, 0, {})).read("5") == 5
    with pytest.raises(UnreadableAnswer, match="1 to 5"):
        CellReader(MatchedColumn(question, 0, {})).read("6")
