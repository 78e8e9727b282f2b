"""The coach's button for all reports at once: asking, looking, cancelling, downloading."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessment.jobs import make_queue, register
from assessment.services.make_batches import make_batches
from assessment.services.platform import Platform
from tests import builders
from tests.assessment.web.coach.browsing import ONE_DATABASE, addresses, follow, send, text, token
from tests.conftest import Clock, signed_in

ASKED = {"quarter": "2026-Q3", "language": "de", "format": "pdf"}
LIST, ASK = "/coach/reports", "/coach/reports/batches"


@pytest.fixture
def closed(platform: Platform, clock: Clock, cast: builders.Cast) -> builders.Opened:
    return builders.closed(platform, clock, cast, answered=dict.fromkeys(builders.SIZES, 3))[0]


@pytest.fixture
def ada(app: Flask, closed: builders.Opened, cast: builders.Cast) -> FlaskClient:
    """Signed in once the campaign has closed."""
    return signed_in(app, cast.ada_email, cast.password)


@pytest.fixture
def hedy(app: Flask, closed: builders.Opened, cast: builders.Cast) -> FlaskClient:
    return signed_in(app, cast.hedy_email, cast.password)


@ONE_DATABASE
def test_a_coach_asks_looks_and_downloads_one_file(platform: Platform, ada: FlaskClient) -> None:
    assert "All reports at once" in text(ada.get(LIST))
    asked = send(ada, LIST, ASKED, to=ASK)
    page = follow(ada, asked)
    assert "0 of 2 reports are made; now Atlas" in text(page)
    assert 'http-equiv="refresh"' in page.get_data(as_text=True), "it looks again without a script too"
    assert "connect-src 'self'" in page.headers["Content-Security-Policy"]
    assert ".zip" not in page.get_data(as_text=True)
    queue = make_queue(platform.settings)
    register(queue, platform)
    messages = [queue.serializer.deserialize(content) for content in queue.storage.enqueued_items()]
    assert [message.name.rpartition(".")[2] for message in messages] == ["make_batches"]
    assert all(not message.args and not message.kwargs for message in messages)
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
    queue.storage.close()
    page = ada.get(asked.headers["Location"])
    assert "2 of 2 reports are made." in text(page)
    assert "until" in text(page)
    assert "refresh" not in page.get_data(as_text=True)
    (address,) = (found for found in addresses(page.get_data(as_text=True)) if found.endswith(".zip"))
    file = ada.get(address)
    assert file.headers["Content-Disposition"] == 'attachment; filename="2026-Q3-reports-de.zip"'
    assert file.headers["Cache-Control"] == "no-store"
    assert file.data == ada.get(address).data
    assert zipfile.ZipFile(io.BytesIO(file.data)).namelist() == ["2026-Q3-atlas.pdf", "2026-Q3-cygnus.pdf"]
    assert "2 of 2 made" in text(ada.get(LIST))


def test_cancelling_and_going_on(platform: Platform, ada: FlaskClient) -> None:
    place = send(ada, LIST, ASKED, to=ASK).headers["Location"]
    assert "Cancelled" in text(follow(ada, send(ada, place, to=f"{place}/cancel")))
    assert "Cancel" not in re.sub("Cancelled", "", text(ada.get(place)))
    assert "now Atlas" in text(follow(ada, send(ada, place, to=f"{place}/continue")))


@ONE_DATABASE
def test_what_could_not_be_made_is_named_with_the_reason_beside_the_others(
    platform: Platform, ada: FlaskClient
) -> None:
    place = send(ada, LIST, ASKED, to=ASK).headers["Location"]
    (folder,) = (path for path in (platform.settings.instance / "batches").iterdir() if path.is_dir())
    (folder / "2026-Q3-cygnus.pdf").mkdir()
    make_batches(platform)
    page = text(ada.get(place))
    assert "1 of 2 reports are made" in page
    assert "Cygnus : the file could not be stored" in page
    assert "Make the missing ones" in page
    assert len(zipfile.ZipFile(io.BytesIO(ada.get(f"{place}.zip").data)).namelist()) == 1


@ONE_DATABASE
def test_what_is_another_coachs_reads_404(app: Flask, cast: builders.Cast, ada: FlaskClient, hedy: FlaskClient) -> None:
    place = send(ada, LIST, ASKED, to=ASK).headers["Location"]
    bruno = signed_in(app, cast.bruno_email, cast.password)
    for other in (hedy, bruno):
        given = {"csrf_token": token(other.get("/coach").get_data(as_text=True))}
        for address in (place, f"{place}.zip"):
            assert other.get(address).status_code == 404
        for step in ("cancel", "continue"):
            assert other.post(f"{place}/{step}", data=given).status_code == 404
    assert bruno.post(ASK, data=given | ASKED).status_code == 404


@ONE_DATABASE
def test_what_the_form_does_not_offer_reads_404(ada: FlaskClient) -> None:
    for wrong in ({"quarter": "2026-Q1"}, {"quarter": "x"}, {"language": "fr"}, {"format": "html"}):
        assert send(ada, LIST, ASKED | wrong, to=ASK).status_code == 404, wrong


@ONE_DATABASE
def test_reports_that_are_gone_say_so(platform: Platform, ada: FlaskClient) -> None:
    place = send(ada, LIST, ASKED, to=ASK).headers["Location"]
    for folder in (platform.settings.instance / "batches").iterdir():
        folder.rmdir()
    page = ada.get(place)
    assert "not here any more" in text(page)
    assert "refresh" not in page.get_data(as_text=True)
    assert ada.get(f"{place}.zip").status_code == 404
