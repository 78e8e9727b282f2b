"""What the audit sees of logs, of proxies' configurations and of the pages that leave through a proxy."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from assessment.domain.cards import mint_code
from assessment.services.anonymity_checks import logs, pages
from assessment.services.anonymity_checks.checked import Checked, Outcome
from assessment.services.platform import Platform

ROOT = Path(__file__).parents[3]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLEAN = '203.0.113.9 - - [21/Nov/2026:10:00:00 +0000] "GET /coach/reports HTTP/1.1" 200 512 "-" "Mozilla"\n'
GOOD = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def findings(checked: list[Checked]) -> list[Checked]:
    return [each for each in checked if each.outcome is Outcome.FINDING]


@ON_SQLITE
@pytest.mark.parametrize(
    "line",
    [
        'h - - [t] "GET /a/0000000000000000 HTTP/1.1" 200 1',
        'h - - [t] "GET /l/abc HTTP/1.1" 200 1',
        'h - - [t] "GET /e/de HTTP/1.1" 200 1',
        'h - - [t] "POST /e/collect HTTP/2.0" 200 1',
        'h - - [t] "POST /answer HTTP/1.1" 303 1',
        'h - - [t] "GET /thanks/k HTTP/1.1" 200 1',
        'h - - [t] "GET /trust?lang=de HTTP/1.1" 200 1',
        'h - - [t] "GET /?lang=de HTTP/1.1" 200 1',
        'h - - [t] "GET / HTTP/1.1" 200 1',
        '{"request": {"method": "GET", "uri": "/a/x"}}',
        'upstream failed, request: "GET https://assessment.example.org/a/x HTTP/1.1"',
        "somebody typed {code}",
        "somebody typed {plain}",
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_visit_in_a_log_is_found_and_not_repeated(
    platform: Platform, tmp_path: Path, line: str, zipped: bool
) -> None:
    code = mint_code()
    text = CLEAN + line.replace("{code}", code).replace("{plain}", code.replace("-", "")) + "\n"
    path = tmp_path / ("access.log.gz" if zipped else "access.log")
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    (found,) = findings(logs.check(platform.settings, [path], []))
    assert "line 2" in found.what
    assert code not in found.what
    assert "delete" in found.remedy


@ON_SQLITE
def test_a_log_of_coaches_is_fine_and_one_in_the_instance_is_looked_at_too(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(CLEAN * 3 + "abcd-0123-4567-89AB\n")
    assert findings(logs.check(platform.settings, [path], [])) == []
    (platform.settings.instance / "web.log.1").write_text('"GET /a/x HTTP/1.1"\n')
    (found,) = findings(logs.check(platform.settings, [path], []))
    assert "web.log.1" in found.what
    (_, found) = findings(logs.check(platform.settings, [tmp_path / "none.log"], []))
    assert "cannot be read" in found.what
    (_, found) = findings(logs.check(platform.settings, [], [tmp_path / "none.conf"]))
    assert "cannot be read" in found.what


def snippets() -> dict[str, str]:
    """Return the proxies' configurations of the documentation by name."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    return dict(re.findall(r"```(nginx|caddy|apache)\n(.*?)```", text, re.DOTALL))


@ON_SQLITE
@pytest.mark.parametrize("name", ["nginx", "caddy", "apache"])
def test_the_documented_configurations_have_no_finding(platform: Platform, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(snippets()[name])
    assert findings(logs.check(platform.settings, [], [path])) == []


@ON_SQLITE
@pytest.mark.parametrize(
    "text",
    [
        "location / { proxy_pass http://x; }\naccess_log /var/log/a.log;\nerror_log /dev/null crit;",
        "location / { proxy_pass http://x; }\nerror_log /dev/null crit;",
        "location / { proxy_pass http://x; }\naccess_log off;\nerror_log /var/log/e.log;",
        "location / { proxy_pass http://x; }\naccess_log off;",
        "{\n log default {\n exclude http.log.error\n }\n}\na.example.org {\n  log\n  reverse_proxy 127.0.0.1:8000\n}",
        "a.example.org {\n  reverse_proxy 127.0.0.1:8000\n}",
        "ProxyPass / http://127.0.0.1:8000/\nErrorLog /dev/null\nCustomLog logs/access.log combined",
        "ProxyPass / http://127.0.0.1:8000/\nErrorLog logs/error.log",
    ],
)
def test_a_configuration_that_logs_everybody_is_found(platform: Platform, tmp_path: Path, text: str) -> None:
    path = tmp_path / "proxy.conf"
    path.write_text(text)
    assert len(findings(logs.check(platform.settings, [], [path]))) == 1


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@ON_SQLITE
def test_our_own_pages_are_fine_and_their_digests_are_printed(app: Flask) -> None:
    with serving(app) as url:
        checked = pages.check(url)
    assert findings(checked) == []
    assert any(each.what.startswith("/ SHA-256 ") for each in checked)
    assert any(each.what.startswith("/trust SHA-256 ") for each in checked)


@contextmanager
def proxy(body: Callable[[str], str], headers: dict[str, str], status: int = 200) -> Iterator[str]:
    """Serve pages as a proxy that alters them would."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = body(self.headers["User-Agent"]).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("change", "body", "words"),
    [
        ({"Set-Cookie": "id=1"}, "", "cookie"),
        ({"Referrer-Policy": "origin"}, "", "Referrer-Policy"),
        ({"Content-Security-Policy": ""}, "", "no Content-Security-Policy"),
        ({"Content-Security-Policy": "default-src 'self'"}, "", "default-src"),
        ({"Content-Security-Policy": "default-src 'none'; script-src 'self'"}, "", "frame"),
        (
            {"Content-Security-Policy": GOOD["Content-Security-Policy"] + "; script-src https://cdn.example.net"},
            "",
            "cdn.example.net",
        ),
        ({"Cache-Control": "public"}, "", "kept by browsers"),
        ({}, '<script src="//stats.example.net/x.js"></script>', "stats.example.net"),
    ],
)
def test_what_a_proxy_does_to_pages_is_found(change: dict[str, str], body: str, words: str) -> None:
    with proxy(lambda _: body, {name: value for name, value in (GOOD | change).items() if value}) as url:
        found = findings(pages.check(url))
    assert found
    assert any(words in each.what for each in found)


def test_a_page_that_differs_by_browser_is_found() -> None:
    with proxy(lambda agent: agent, GOOD) as url:
        assert all("not the same" in each.what for each in findings(pages.check(url)))


def test_a_page_that_is_not_there_is_a_finding() -> None:
    with proxy(lambda _: "", GOOD, status=302) as url:
        assert "status 302" in findings(pages.check(url))[0].what
    (found,) = findings(pages.check(url))
    assert "cannot be fetched" in found.what
    (found,) = findings(pages.check("ftp://example.org"))
    assert "https://" in found.what


def test_a_cache_in_between_is_told() -> None:
    with proxy(lambda _: "", GOOD | {"Via": "1.1 cache"}) as url:
        told = [each.what for each in pages.check(url) if each.outcome is Outcome.NOTE]
    assert any("Via" in what for what in told)
