from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from questionnaires.instrument import Instrument, Questionnaire
from reports import html
from reports.document import organisation_document, summary_document, team_document
from reports.languages import language
from tests.reports import document_fixtures as cast

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def atlas():
    return team_document(cast.atlas(), language("en"), DAY)


class Outline(HTMLParser):
    """What a page is made of: elements in order, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def of(self, *tags):
        return [(tag, attributes) for tag, attributes in self.elements if tag in tags]


def test_a_page_needs_nothing_from_elsewhere(atlas):
    for script in ("none", "/static/plotly.min.js"):
        text = html.render(atlas, script=script)
        for tag, attributes in Outline(text).elements:
            for key in ("src", "href"):
                value = attributes.get(key) or ""
                assert not re.match(r"(https?:)?//", value), (tag, value)
        assert "@import" not in text
        assert "url(" not in text


def test_figures_are_there_without_any_script(atlas):
    text = html.render(atlas)
    outline = Outline(text)
    assert not outline.of("script")
    pictures = outline.of("svg")
    assert len(pictures) == 20
    assert all(attributes["role"] == "img" and attributes["aria-labelledby"] for _, attributes in pictures)


def test_ids_are_unique_and_headings_are_in_order(atlas):
    outline = Outline(html.render(atlas, script="/plotly.js"))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in outline.of("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_behind_the_charts_have_headers(atlas):
    outline = Outline(html.render(atlas))
    assert len(outline.of("details")) == 3
    assert all(attributes.get("scope") in ("col", "row") for _, attributes in outline.of("th"))


def test_plotly_comes_from_the_address_given_with_the_nonce(atlas):
    outline = Outline(html.render(atlas, script="/coach/plotly.js", nonce="abc"))
    (source,) = [a for _, a in outline.of("script") if "src" in a]
    assert (source["src"], source["nonce"]) == ("/coach/plotly.js", "abc")
    data = [a for _, a in outline.of("script") if a.get("type") == "application/json"]
    assert len(data) == 20


def test_the_data_of_a_figure_is_its_plotly_json_and_cannot_end_its_script():
    organisation = cast.organisation()
    evil = replace(organisation.teams[0], name="</script><b>")
    document = organisation_document(replace(organisation, teams=(evil,)), language("en"), DAY)
    text = html.render(document, script="/plotly.js")
    assert "</script><b>" not in text
    data = re.search(r'id="strips-1-wide-data">(.*?)</script>', text, re.DOTALL)
    assert data
    assert {"data", "layout"} <= set(json.loads(data[1]))


def test_inline_brings_the_installed_plotly(atlas):
    text = html.render(atlas, script="inline")
    assert len(text) > 1_000_000
    assert "Plotly.react" in text


def test_colours_follow_the_scheme_of_the_page(atlas):
    text = html.render(atlas)
    assert 'class="fill-high" fill="#175d78"' in text
    assert "prefers-color-scheme: dark" in text


def test_the_respondents_page_is_small():
    text = html.render(summary_document(cast.atlas(), language("de"), DAY))
    assert len(text.encode()) < 60_000
    assert '<html lang="de">' in text


def test_the_same_document_is_the_same_page(atlas):
    assert html.render(atlas, script="/p.js") == html.render(atlas, script="/p.js")


def test_words_that_were_never_translated_say_in_which_language_they_are():
    westrum, *others = cast.QUESTIONNAIRE.instruments
    given = westrum.model_dump(mode="json")
    for one in given["aspects"]:
        one["explanation"] = {"en": "Only here, 100 % <English>."}
    asked = Questionnaire((Instrument.model_validate(given | {"languages": ["en"]}), *others))
    released = replace(cast.atlas(), questionnaire=asked)
    told = html.render(team_document(released, language("de"), DAY))
    assert told.count('<span lang="en">Only here, 100\u00a0% &lt;English&gt;.</span>') == len(given["aspects"])
    assert "<span lang=" not in html.render(team_document(released, language("en"), DAY))
    assert not re.search(r'="[^"]*<span', told)
