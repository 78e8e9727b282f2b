"""What leaves the door besides the words: headers, compression, and lengths that say nothing about answers."""

from __future__ import annotations

import gzip
import re
import struct

from flask import Blueprint, Response, request

LARGEST_BODY = 32 * 1024
MOST_FIELDS = 512
SHORTEST = 512
# Pages that show answers are filled up to a multiple of this, so that somebody who watches an encrypted connection
# cannot tell answers from the length of what comes back.
COMPRESSED_STEP = 4096
PLAIN_STEP = 4096
# Fixed part of a gzip header, with the flag that says an extra field follows (RFC 1952, 2.3).
GZIP_HEADER = 10
EXTRA_FIELD = 0x04


# Comments, and blanks where a stylesheet needs none: a fifth of its length on the way to a phone.
SPARE = re.compile(rb"/\*.*?\*/|\s*([{};])\s*", re.DOTALL)


def register(blueprint: Blueprint) -> None:
    """Finish every response of the blueprint."""
    blueprint.after_request(finish)


def policy(style: str = "'self'") -> str:
    """Return the content policy: our own stylesheet and pictures, our own form, no script, no frame."""
    return (
        f"default-src 'none'; style-src {style}; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def finish(response: Response) -> Response:
    """Set the door's headers, compress, and fill up what shows answers."""
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if response.mimetype not in {"text/html", "text/css", "image/svg+xml"} or response.status_code == 304:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if response.mimetype == "text/css":
        body = SPARE.sub(rb"\1", body)
        response.set_data(body)
    shows_answers = request.method == "POST"
    response.vary.add("Accept-Encoding")
    if len(body) >= SHORTEST and request.accept_encodings["gzip"] > 0:
        response.set_data(compress(body, COMPRESSED_STEP if shows_answers else 1))
        response.headers["Content-Encoding"] = "gzip"
        # A strong validator names one representation; the compressed one is another.
        response.headers.pop("ETag", None)
    elif shows_answers:
        response.set_data(body + b" " * (-len(body) % PLAIN_STEP))
    return response


def compress(body: bytes, step: int = 1) -> bytes:
    """Return a gzip stream whose length is a multiple of `step`, filled up with an extra header field of zeros."""
    packed = gzip.compress(body, compresslevel=9, mtime=0)
    if step == 1:
        return packed
    # The field has a length of two bytes, then (as RFC 1952 asks) an id, its own length, and its content.
    filling = -(len(packed) + 6) % step
    extra = b"pd" + struct.pack("<H", filling) + bytes(filling)
    header = packed[:3] + bytes([packed[3] | EXTRA_FIELD]) + packed[4:GZIP_HEADER]
    return header + struct.pack("<H", len(extra)) + extra + packed[GZIP_HEADER:]
