"""Documents as PDF/UA-1: A4, tagged, with embedded fonts; the same document gives the same bytes.

WeasyPrint is imported when the first PDF is written, because it needs system libraries that HTML reports do without.
"""

from __future__ import annotations

import hashlib
from typing import Any

from markupsafe import Markup

from reports import svg, tagging
from reports.blocks import Chart, Document
from reports.figures import Drawn
from reports.html import page
from reports.languages import language

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter fonts-noto-core"
SCHEME = "figure:"


class PdfUnavailable(RuntimeError):
    """WeasyPrint cannot be loaded, because system libraries are missing."""

    def __init__(self, cause: BaseException) -> None:
        self.remedy = f"apt-get install -y --no-install-recommends {PACKAGES}"
        super().__init__(f"PDF: system libraries are missing ({cause}); install them with: {self.remedy}")


def write(document: Document) -> bytes:
    """Return the document as a PDF.

    :raise PdfUnavailable: when WeasyPrint's system libraries are missing.
    """
    weasyprint = _weasyprint()
    pictures: dict[str, str] = {}

    def drawn(chart: Chart, figure: Drawn, shape: str) -> Markup:
        address = f"{SCHEME}{chart.name}-{shape}"
        pictures[address] = svg.draw(figure.plain, is_printed=True)
        size = f"width:{figure.width_mm:.2f}mm;height:{figure.height_mm:.2f}mm"
        return Markup('<img src="{}" alt="{}" style="{}">').format(address, figure.alt, size)

    source = page(
        document, "print.html", styles=("report.css", "print.css"), drawn=drawn, page_number=_page_number(document)
    )
    identifier = hashlib.sha256(source.encode())
    for address in sorted(pictures):
        identifier.update(pictures[address].encode())
    html = weasyprint.HTML(string=source, base_url=None, url_fetcher=_fetcher(pictures))
    written: bytes = html.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier.hexdigest()[:32].encode(),
        custom_metadata=False,
        finisher=lambda _, made: tagging.complete(made, document.title),
    )
    return written


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PdfUnavailable(error) from error
    return weasyprint


def _fetcher(pictures: dict[str, str]) -> Any:
    """Return a fetcher that knows this document's own figures and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFigures(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - the signature is WeasyPrint's
            if url not in pictures:
                raise FatalURLFetchingError(f"{url}: a report fetches nothing; put it into the document")
            return URLFetcherResponse(url, pictures[url].encode(), {"Content-Type": "image/svg+xml"})

    return OwnFigures()


def _page_number(document: Document) -> Markup:
    """Return the page number as CSS content, in the document's language."""
    spoken = language(document.language)
    text = spoken.gettext("page %(page)s of %(pages)s", page="\x00", pages="\x01")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    content = '"' + quoted.replace("\x00", '" counter(page) "').replace("\x01", '" counter(pages) "') + '"'
    return Markup(content)  # noqa: S704 - quoted as CSS strings above
