"""What leaves the door besides the words: headers, compression, and lengths that say nothing about answers."""

from __future__ import annotations

import gzip
import re
import struct

from flask import Blueprint, Response, g, request

LARGEST_BODY = 32 * 1024
MOST_FIELDS = 512
SHORTEST = 512
# Pages that show answers are filled up to a multiple of this, so that somebody who watches an encrypted connection
# cannot tell answers from the length of what comes back.
COMPRESSED_STEP = 4096
PLAIN_STEP = 4096
# What a script asks for is shorter: no answers, and no page around it.
JSON_STEP = 2048
# Scripts too, but as they were written: their hashes stand in the page, and people may want to read them.
COMPRESSED = frozenset(
    {"text/html", "text/css", "image/svg+xml", "application/json", "text/javascript", "application/javascript"}
)
# Fixed part of a gzip header, with the flag that says an extra field follows (RFC 1952, 2.3).
GZIP_HEADER = 10
EXTRA_FIELD = 0x04


# Comments, and blanks where a stylesheet needs none: a quarter of its length on the way to a phone. A blank before a
# colon has a meaning in a selector, one behind it has none.
SPARE = re.compile(rb"/\*.*?\*/|\s*([{};,])\s*|(:)\s+", re.DOTALL)
# Line ends where a browser shows nothing for them: at the border of what stands in lines of its own.
# So for end tags that the beginning of the next one, or the end of the list, implies (HTML Standard, 13.1.2.4).
BLOCK = (
    r"</?(?:body|dd|details|div|dl|dt|fieldset|footer|form|h[1-3]|head|header|legend|li|link|main|meta|nav|p|section"
    r"|summary|title|ul)\b"
)
ENDS = re.compile(rf"</(?:body|dd|dt|head|html|li)>|(?:</p>)?\s*\n\s*(?={BLOCK})")
# Browsers may keep a page that was left in memory, with all that was chosen on it, and show it again on "back"; also
# one that must not be stored. Once the answers are in, they are asked to drop such pages.
FORGET = {"Clear-Site-Data": '"cache"'}


def register(blueprint: Blueprint) -> None:
    """Finish every response of the blueprint."""
    blueprint.after_request(finish)


def policy(style: str = "'self'", *, script: bool = False) -> str:
    """Return the content policy: our own stylesheet and pictures, our own form, no frame; a script only if it must."""
    scripts = "script-src 'self'; connect-src 'self'; " if script else ""
    return (
        f"default-src 'none'; {scripts}style-src {style}; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def finish(response: Response) -> Response:
    """Set the door's headers, compress, and fill up what shows answers."""
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if response.mimetype not in COMPRESSED or response.status_code == 304:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if response.mimetype == "text/css":
        body = SPARE.sub(rb"\1\2", body).replace(b";}", b"}")
        response.set_data(body)
    shows_answers = request.method == "POST"
    longest: bytes = g.get("longest_body", b"")
    response.vary.add("Accept-Encoding")
    if len(body) >= SHORTEST and request.accept_encodings["gzip"] > 0:
        at_least = room(len(compress(longest)), COMPRESSED_STEP, 8) if longest else 0
        step = JSON_STEP if response.mimetype == "application/json" else COMPRESSED_STEP
        response.set_data(compress(body, step if shows_answers else 1, at_least))
        response.headers["Content-Encoding"] = "gzip"
        # A strong validator names one representation; the compressed one is another.
        response.headers.pop("ETag", None)
    elif shows_answers:
        at_least = room(len(longest), PLAIN_STEP, 32)
        response.set_data(body + b" " * max(-len(body) % PLAIN_STEP, at_least - len(body)))
    return response


def squeezed(page: str) -> str:
    """Return a page of ours without line ends and end tags that say nothing; no text of it is preformatted."""
    return ENDS.sub("", page)


def fill_up_to(longest: str) -> None:
    """Give this response the length of another page, which is the same with the longest answers.

    The next multiple of a step is not enough: of all teams some have a page that is about as long as one, a little
    shorter with some answers and a little longer with others.
    """
    g.longest_body = longest.encode()


def room(length: int, step: int, part: int) -> int:
    """Return a multiple of the step that holds a page of this length and one part of so many more.

    The longest answers do not compress the worst, and a question that is left open has words of its own.
    """
    return -(-length * (part + 1) // (part * step)) * step


def compress(body: bytes, step: int = 1, at_least: int = 0) -> bytes:
    """Return a gzip stream whose length is a multiple of `step`, filled up with an extra header field of zeros.

    :param at_least: how long it is at least; itself a multiple of the step.
    """
    packed = gzip.compress(body, compresslevel=9, mtime=0)
    if step == 1:
        return packed
    # The field has a length of two bytes, then (as RFC 1952 asks) an id, its own length, and its content.
    length = len(packed) + 6
    filling = max(-length % step, at_least - length)
    extra = b"pd" + struct.pack("<H", filling) + bytes(filling)
    header = packed[:3] + bytes([packed[3] | EXTRA_FIELD]) + packed[4:GZIP_HEADER]
    return header + struct.pack("<H", len(extra)) + extra + packed[GZIP_HEADER:]
