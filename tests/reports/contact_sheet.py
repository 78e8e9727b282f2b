"""All figures in all states on one sheet, to be looked at: `python -m tests.reports.contact_sheet DIRECTORY`.

Writes `figures.html`, and with Chromium pictures of it: light, dark and grey, each wide and narrow. The directory lies
outside of the tree, because nobody commits pictures.
"""

from __future__ import annotations

import argparse
from html import escape
from itertools import groupby
from pathlib import Path

from reports import svg
from reports.html import HERE, ROLES
from tests.browsers import chromium
from tests.reports.figure_states import STATES

TREE = Path(__file__).parents[2]
SHEETS = {"light": ("light", ""), "dark": ("dark", ""), "grey": ("light", "filter: grayscale(1);")}
FRAME = """
body { margin: 0; padding: 24px; } h2 { margin: 32px 0 8px; }
.states { display: flex; flex-wrap: wrap; gap: 24px 40px; align-items: flex-start; }
.states > div { max-width: none; } .states p { margin: 0 0 6px; font-size: 12px; color: var(--muted); }
.states svg { outline: 1px dashed var(--faint); overflow: hidden; display: block; }
"""


def sheet(narrow: bool) -> str:
    """Return a page with every figure, wide or narrow, painted as on screen."""
    css = "\n".join((HERE / "static" / name).read_text(encoding="utf-8") for name in ("report.css", "screen.css"))
    parts = []
    for figure, states in groupby(STATES, key=lambda state: state.figure):
        shown = []
        for state in states:
            drawn = state.build(narrow)
            name = f"{figure}-{state.name}".replace(" ", "-").replace(",", "")
            picture = svg.draw(drawn.figure, title=state.name, description=drawn.alt, name=name, roles=ROLES)
            shown.append(f"<div><p>{escape(state.name)}</p>{picture}</div>")
        parts.append(f'<h2>{escape(figure)}</h2><div class="states">{"".join(shown)}</div>')
    head = f'<meta charset="utf-8"><title>Figures</title><style>{css}{FRAME}</style>'
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def write(directory: Path) -> list[Path]:
    """Write pages and pictures and return where they are.

    :raise ValueError: when the directory lies inside of the tree.
    """
    if directory.resolve().is_relative_to(TREE):
        raise ValueError(f"directory: {directory} lies inside of the tree; name one outside, such as /tmp/figures")
    from playwright.sync_api import sync_playwright

    directory.mkdir(parents=True, exist_ok=True)
    written = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for width, narrow in (("wide", False), ("narrow", True)):
            page_file = directory / f"figures-{width}.html"
            page_file.write_text(sheet(narrow), encoding="utf-8")
            written.append(page_file)
            for name, (scheme, style) in SHEETS.items():
                page = browser.new_page(viewport={"width": 1480, "height": 900})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.goto(page_file.as_uri())
                page.add_style_tag(content=f"html {{ {style} }}")
                picture = directory / f"{width}-{name}.png"
                page.screenshot(path=picture, full_page=True)
                page.close()
                written.append(picture)
        browser.close()
    return written


def main() -> None:
    """Write the sheet into the directory that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.reports.contact_sheet", description=__doc__)
    parser.add_argument("directory", type=Path, help="where to write, outside of the tree")
    for path in write(parser.parse_args().directory):
        print(path)


if __name__ == "__main__":
    main()
