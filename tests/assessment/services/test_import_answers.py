from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NotSetUp, QuarterTaken, UnknownCampaign
from assessment.domain.spreadsheet import read_spreadsheet
from assessment.services.actor import Actor
from assessment.services.ask_batch import ask_batch
from assessment.services.audit import list_audit
from assessment.services.batches import get_batch, list_batches
from assessment.services.build_report import team_series
from assessment.services.campaigns import get_campaign, list_campaigns
from assessment.services.close_campaign import close_campaign
from assessment.services.coaches import add_coach
from assessment.services.draft_campaign import draft_campaign
from assessment.services.frozen import kept_of
from assessment.services.guess_mapping import guess_mapping
from assessment.services.import_answers import AnswersImport, BadRows, NothingToImport, import_answers
from assessment.services.import_organisation import NotForEveryTeam, import_organisation
from assessment.services.open_campaign import open_campaign
from assessment.services.organisation import get_organisation, set_up
from assessment.services.platform import Platform
from assessment.services.print_cards import print_cards
from assessment.services.submit_ballot import submit_ballot
from assessment.services.undo_import import NotImported, undo_import
from assessment.storage import campaigns
from questionnaires.files import BrokenFile
from reports.released import Status

SAMPLE = files("assessment") / "data"
OPERATOR = Actor.operator()
SIZES = {"Atlas": 14, "Borealis": 7, "Cygnus": 7}
# What depends on the file alone is the same on every database.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ITEMS = ("cooperation", "messengers", "risk_sharing", "bridging", "inquiry", "novelty")


@pytest.fixture
def organised(platform: Platform) -> Platform:
    """An installation with the cast: Atlas in one department, Borealis and Cygnus in another."""
    set_up(platform, name="Acme", language="en", timezone="Europe/Berlin")
    lines = ["department,team,name,e-mail"]
    for team, size in SIZES.items():
        department = "Products" if team == "Atlas" else "Foundations"
        lines += [f"{department},{team},{team} {n},{team}{n}@example.org" for n in range(size)]
    import_organisation(platform, "\n".join(lines).encode(), actor=OPERATOR)
    return platform


def sample() -> bytes:
    return (SAMPLE / "sample-export.csv").read_bytes()


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "sample-mapping.yaml"
    path.write_bytes((SAMPLE / "sample-mapping.yaml").read_bytes())
    return path


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def run(platform: Platform, mapping: Path, source: bytes | None = None, **options: Any) -> AnswersImport:
    options = {"quarter": "2026-Q1", "actor": OPERATOR, **options}
    return import_answers(platform, sample() if source is None else source, mapping, **options)


def kept_figures(platform: Platform, campaign_id: int) -> dict[tuple[str, str], Any]:
    """What is kept of a campaign, by names instead of ids."""
    with platform.reading() as session:
        campaign = campaigns.get(session, campaign_id)
        assert campaign is not None
        kept = kept_of(session, campaign)
    return {(kept.node(node).name, measure): figure for (node, measure), figure in kept.figures.items()}


def test_a_dry_run_says_what_would_be_counted_and_stores_nothing(organised: Platform, mapping: Path):
    result = run(organised, mapping, dry_run=True)
    counts = {team.name: (team.n_answered, team.n_complete, team.n_blank, team.n_invited) for team in result.teams}
    assert counts == {"Atlas": (10, 8, 3, 14), "Borealis": (4, 4, 2, 7), "Cygnus": (5, 4, 2, 7)}
    assert (result.n_rows, result.n_answered, result.n_blank, result.n_bad) == (28, 19, 7, 2)
    assert (result.encoding, result.separator, result.unmentioned) == ("utf-8-sig", ",", ())
    atlas = result.teams[0]
    assert result.reworded == tuple(f"item:short_{aspect}" for aspect in ITEMS)
    assert atlas.measures["item:short_cooperation"] == 9
    assert atlas.measures["aspect:cooperation"] == 9
    assert atlas.measures["item:short_inquiry"] == 10
    assert list_campaigns(organised, OPERATOR) == []


@SQLITE
def test_a_dry_run_names_each_row_that_is_not_counted_by_its_line(organised: Platform, mapping: Path):
    out_of_range, unknown = run(organised, mapping, dry_run=True).problems
    lines = sample().decode("utf-8-sig").split("\n")
    assert ",8," in lines[out_of_range.line - 1]
    assert (out_of_range.field, out_of_range.value) == ("item:short_risk_sharing", "8")
    assert "1 to 7" in out_of_range.message
    assert "Stream - Deneb" in lines[unknown.line - 1]
    assert (unknown.field, unknown.value) == ("Which team do you work in?", "Stream - Deneb")
    assert str(unknown).startswith(f"line {unknown.line}, Which team do you work in? 'Stream - Deneb': no team")


def test_a_bad_row_stops_the_import_unless_somebody_decides_otherwise(organised: Platform, mapping: Path):
    with pytest.raises(BadRows, match="2 rows cannot be counted") as caught:
        run(organised, mapping)
    assert caught.value.result.n_bad == 2
    assert list_campaigns(organised, OPERATOR) == []
    assert run(organised, mapping, skip_bad_rows=True).campaign_id is not None


def test_it_becomes_a_closed_campaign_of_its_quarter(organised: Platform, mapping: Path):
    result = run(organised, mapping, skip_bad_rows=True)
    assert result.campaign_id is not None
    view = get_campaign(organised, OPERATOR, result.campaign_id)
    assert (view.quarter, view.state, view.is_imported) == ("2026-Q1", "closed", True)
    nodes = {node.name: (node.kind, node.n_invited, node.n_answered) for node in view.nodes}
    assert nodes["Acme"] == ("organisation", 28, 19)
    assert nodes["Foundations"] == ("department", 14, 9)
    assert nodes["Borealis"] == ("team", 7, 4)


def test_small_teams_are_kept_only_in_larger_groups(organised: Platform, mapping: Path):
    result = run(organised, mapping, skip_bad_rows=True)
    assert result.campaign_id is not None
    figures = kept_figures(organised, result.campaign_id)
    n = {name: figure.histogram.n for (name, measure), figure in figures.items() if measure == "aspect:inquiry"}
    assert n == {"Acme": 15, "Products": 10, "Atlas": 10, "Foundations": 5, "Cygnus": 5}
    bridging = {name for name, measure in figures if measure == "aspect:bridging"}
    assert bridging == {"Acme", "Products", "Atlas", "Foundations"}


def test_nothing_of_the_file_is_stored_but_counts(organised: Platform, mapping: Path):
    run(organised, mapping, skip_bad_rows=True)
    stored = []
    with organised.database.engine.connect() as connection:
        for table in ("campaign", "node", "cover", "histogram", "audit", "ballot", "card", "roster"):
            stored.append(str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()))
    for secret in ("3/2", "anonymous", "SUM(", "timeline", "klingelt", "Stream - ", "sample-export"):
        assert secret not in "".join(stored)


def test_answers_imported_and_answers_given_by_hand_are_kept_alike(organised: Platform, mapping: Path, clock: Any):
    imported = run(organised, mapping, skip_bad_rows=True)
    assert imported.campaign_id is not None
    home = get_organisation(organised)
    assert home is not None
    closes_at = organised.clock() + timedelta(days=1)
    by_hand = draft_campaign(
        organised, OPERATOR, quarter="2026-Q2", teams=[team.id for team in home.teams], instruments=["westrum-short"],
        closes_at=closes_at,
    )  # fmt: skip
    view = open_campaign(organised, OPERATOR, by_hand)
    codes = {
        node.name: [card.code for card in print_cards(organised, OPERATOR, by_hand, node.id).cards]
        for node in view.nodes
        if node.kind == "team"
    }
    sheet = read_spreadsheet(sample())
    for row in sheet.rows():
        team = row.cells[5].rpartition(" ")[2]
        cells = dict(zip(ITEMS, row.cells[6:12], strict=True))
        answers = {f"item:short_{aspect}": int(cell) for aspect, cell in cells.items() if cell}
        if answers and team in codes and max(answers.values()) <= 7:
            submit_ballot(organised, door_key=codes[team].pop(), answers=answers)
    clock.move(days=2)
    close_campaign(organised, by_hand)
    assert kept_figures(organised, by_hand) == kept_figures(organised, imported.campaign_id)
    assert len(kept_figures(organised, by_hand)) >= 20
    counts = [
        {node.name: (node.n_invited, node.n_answered) for node in get_campaign(organised, OPERATOR, number).nodes}
        for number in (by_hand, imported.campaign_id)
    ]
    assert counts[0] == counts[1]


@SQLITE
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-16-le"])
def test_any_export_of_the_same_answers_counts_the_same(organised: Platform, mapping: Path, encoding: str):
    text = sample().decode("utf-8-sig")
    result = run(organised, mapping, text.encode(encoding), dry_run=True)
    assert result.encoding == encoding
    expected = run(organised, mapping, dry_run=True)
    assert asdict(result) | {"encoding": ""} == asdict(expected) | {"encoding": ""}


def test_an_import_of_another_wording_is_never_tested_against_our_own_questionnaire(
    organised: Platform, mapping: Path, clock: Any
):
    run(organised, mapping, skip_bad_rows=True, quarter="2025-Q4")
    run(organised, mapping, skip_bad_rows=True)
    home = get_organisation(organised)
    assert home is not None
    atlas = next(team.id for team in home.teams if team.name == "Atlas")
    ours = draft_campaign(
        organised, OPERATOR, quarter="2026-Q2", teams=[atlas], instruments=["westrum-short"], focus=["cooperation"],
        closes_at=organised.clock() + timedelta(days=1),
    )  # fmt: skip
    view = open_campaign(organised, OPERATOR, ours)
    node = next(node for node in view.nodes if node.kind == "team")
    for card in print_cards(organised, OPERATOR, ours, node.id).cards:
        submit_ballot(organised, door_key=card.code, answers={f"item:short_{aspect}": 7 for aspect in ITEMS})
    clock.move(days=2)
    close_campaign(organised, ours)
    _, imported, answered = team_series(organised, OPERATOR, atlas).quarters
    for aspect in ITEMS:
        change = answered.aspects[aspect].change
        assert (change.status, change.p, change.direction) == (Status.NOT_COMPARABLE, None, 0)
        # The same form twice: comparable, but an import has no focus and nothing of it is tested.
        assert imported.aspects[aspect].change.status is Status.NOT_TESTED
    item = imported.questionnaire.aspects["inquiry"][1].items[0]
    assert item.text["de"] == "After a failure we ask what made it possible"


def test_a_team_has_one_campaign_a_quarter(organised: Platform, mapping: Path):
    run(organised, mapping, skip_bad_rows=True)
    assert run(organised, mapping, dry_run=True).taken == ("Atlas", "Borealis", "Cygnus")
    with pytest.raises(QuarterTaken, match="Atlas"):
        run(organised, mapping, skip_bad_rows=True)
    assert run(organised, mapping, skip_bad_rows=True, quarter="2025-Q4").campaign_id is not None


def test_an_import_can_be_undone_and_done_again(organised: Platform, mapping: Path):
    result = run(organised, mapping, skip_bad_rows=True)
    assert result.campaign_id is not None
    undone = undo_import(organised, OPERATOR, result.campaign_id)
    assert (undone.quarter, undone.teams) == ("2026-Q1", ("Atlas", "Borealis", "Cygnus"))
    assert list_campaigns(organised, OPERATOR) == []
    with organised.database.engine.connect() as connection:
        for table in ("node", "cover", "histogram"):
            assert connection.exec_driver_sql(f"SELECT * FROM {table}").all() == []
    assert {line.action for line in list_audit(organised, OPERATOR)} >= {"answers imported", "import undone"}
    assert run(organised, mapping, skip_bad_rows=True).campaign_id not in (None, result.campaign_id)


def test_undoing_an_import_deletes_every_report_that_was_made_of_it(organised: Platform, mapping: Path):
    result = run(organised, mapping, skip_bad_rows=True)
    coach = add_coach(organised, OPERATOR, name="Hedy", email="hedy@example.org", sees_all=True)
    hedy = Actor("Hedy", coach.id)
    batch_id = ask_batch(organised, hedy, "2026-Q1", "en")
    folder = organised.settings.instance / "batches" / get_batch(organised, hedy, batch_id).folder
    (folder / "2026-Q1-atlas.pdf").write_bytes(b"%PDF")
    assert result.campaign_id is not None
    undo_import(organised, OPERATOR, result.campaign_id)
    assert not folder.exists()
    assert list_batches(organised, hedy) == []


def test_only_imports_can_be_undone(organised: Platform):
    home = get_organisation(organised)
    assert home is not None
    closes_at = organised.clock() + timedelta(days=1)
    answered = draft_campaign(organised, OPERATOR, quarter="2026-Q2", teams=[home.teams[0].id], closes_at=closes_at)
    with pytest.raises(NotImported):
        undo_import(organised, OPERATOR, answered)
    with pytest.raises(UnknownCampaign):
        undo_import(organised, OPERATOR, 4711)


def test_without_sizes_nobody_knows_how_many_were_asked(organised: Platform, mapping: Path):
    text = mapping.read_text(encoding="utf-8")
    start, end = text.index("  sizes:"), text.index("  # Only for teams")
    result = run(organised, written(mapping, text[:start] + text[end:]), skip_bad_rows=True)
    assert result.campaign_id is not None
    view = get_campaign(organised, OPERATOR, result.campaign_id)
    assert {node.n_invited for node in view.nodes} == {None}


def test_one_unknown_size_leaves_only_its_groups_unknown(organised: Platform, mapping: Path):
    text = mapping.read_text(encoding="utf-8").replace("    Borealis: 7\n", "", 1)
    result = run(organised, written(mapping, text), skip_bad_rows=True)
    assert result.campaign_id is not None
    view = get_campaign(organised, OPERATOR, result.campaign_id)
    sizes = {node.name: node.n_invited for node in view.nodes}
    assert sizes == {"Acme": None, "Products": 14, "Foundations": None, "Atlas": 14, "Borealis": None, "Cygnus": 7}


def test_a_team_that_nobody_answered_in_is_in_the_campaign_when_its_size_is_known(organised: Platform, mapping: Path):
    source = b"Which team do you work in?,We carry the responsibility for production together\n"
    source += b"Stream - Atlas,6\n" * 6
    text = mapping.read_text(encoding="utf-8")
    short = (
        text[: text.index("columns:")]
        + 'columns:\n  risk_sharing: "We carry the responsibility for production together"\n'
    )
    result = run(organised, written(mapping, short), source)
    assert [(team.name, team.n_answered) for team in result.teams] == [("Atlas", 6), ("Borealis", 0), ("Cygnus", 0)]


def test_teams_that_the_mapping_names_can_be_created(platform: Platform, mapping: Path):
    set_up(platform, name="Acme", language="en", timezone="UTC")
    with pytest.raises(BrokenFile, match="no team 'Atlas'"):
        run(platform, mapping, dry_run=True)
    assert run(platform, mapping, dry_run=True, create_teams=True).new_teams == ("Atlas", "Borealis", "Cygnus")
    assert get_organisation(platform).departments == ()  # type: ignore[union-attr]
    run(platform, mapping, skip_bad_rows=True, create_teams=True)
    home = get_organisation(platform)
    assert home is not None
    assert [(part.name, [team.name for team in part.teams]) for part in home.departments] == [
        ("Foundations", ["Borealis", "Cygnus"]),
        ("Products", ["Atlas"]),
    ]
    without = mapping.read_text(encoding="utf-8").replace("    Atlas: Products\n", "").replace("Atlas", "Altair")
    with pytest.raises(BrokenFile, match="department"):
        run(platform, written(mapping, without), create_teams=True)


def test_before_set_up_nothing_can_be_imported(platform: Platform, mapping: Path):
    with pytest.raises(NotSetUp):
        run(platform, mapping)


def test_a_coach_imports_only_for_her_own_teams(organised: Platform, mapping: Path):
    ada = add_coach(organised, OPERATOR, name="Ada", email="ada@example.org", teams=["Atlas", "Cygnus"])
    actor = Actor("Ada", ada.id)
    with pytest.raises(BrokenFile, match="Borealis"):
        run(organised, mapping, actor=actor, dry_run=True)
    text = mapping.read_text(encoding="utf-8").replace("    Borealis: 7\n", "", 1)
    result = run(organised, written(mapping, text), actor=actor, dry_run=True)
    assert {team.name for team in result.teams} == {"Atlas", "Cygnus"}
    assert {problem.value for problem in result.problems} >= {"Platform - Borealis"}
    with pytest.raises(NotForEveryTeam):
        run(organised, mapping, actor=actor, create_teams=True)


@SQLITE
def test_more_answers_than_people_asked_are_refused(organised: Platform, mapping: Path):
    text = mapping.read_text(encoding="utf-8").replace("Atlas: 14", "Atlas: 9")
    with pytest.raises(BrokenFile, match="9 were asked, but 10 answered"):
        run(organised, written(mapping, text), dry_run=True)


@SQLITE
def test_a_file_without_answers_is_refused(organised: Platform, mapping: Path):
    header = sample().splitlines()[0]
    with pytest.raises(NothingToImport):
        run(organised, mapping, header + b"\r\n1,,,,,Stream - Atlas,,,,,,,\r\n")


@SQLITE
@pytest.mark.parametrize("quarter", ["2026-Q4", "2026-5", "soon"])
def test_a_quarter_that_has_not_begun_is_refused(organised: Platform, mapping: Path, quarter: str):
    with pytest.raises(Invalid, match="quarter"):
        run(organised, mapping, quarter=quarter)


@SQLITE
def test_the_guessed_mapping_of_the_sample_counts_the_same(organised: Platform, mapping: Path, tmp_path: Path):
    text = guess_mapping(sample())
    for name in SIZES:
        for prefix in ("Stream - ", "Platform - ", "Enabling - "):
            text = text.replace(f'"{prefix}{name}": "{prefix}{name}"', f'"{prefix}{name}": {name}')
    guessed = run(organised, written(tmp_path / "guessed.yaml", text), dry_run=True)
    expected = run(organised, mapping, dry_run=True)
    assert [(team.name, team.measures) for team in guessed.teams] == [(t.name, t.measures) for t in expected.teams]
    assert guessed.problems == expected.problems


@SQLITE
def test_a_large_file_tells_how_far_it_is(organised: Platform, mapping: Path):
    header = sample().splitlines()[0]
    source = header + b"\r\n" + b'7,a,b,anonymous,,Stream - Atlas,6,5,6,5,6,5,"so\nso"\r\n' * 20_000
    seen: list[tuple[int, int]] = []
    text = mapping.read_text(encoding="utf-8").replace("Atlas: 14", "Atlas: 20000")
    result = run(organised, written(mapping, text), source, progress=lambda done, whole: seen.append((done, whole)))
    assert result.n_answered == 20_000
    assert seen[-1] == (len(source), len(source))


@SQLITE
@pytest.mark.parametrize(
    ("instrument", "complaint"),
    [
        ("dora", "no instrument 'dora'; choose from westrum"),
        ("[westrum-short, westrum]", "two instruments of the campaign both ask"),
    ],
)
def test_an_instrument_that_cannot_be_asked_is_refused(
    organised: Platform, mapping: Path, instrument: str, complaint: str
):
    text = mapping.read_text(encoding="utf-8").replace("instrument: westrum-short", f"instrument: {instrument}")
    with pytest.raises(BrokenFile, match=complaint) as caught:
        run(organised, written(mapping, text), dry_run=True)
    line = text[: text.index("instrument:")].count("\n") + 1
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [(line, "instrument")]
