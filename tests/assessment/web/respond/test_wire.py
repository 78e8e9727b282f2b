"""Compression that fills up: any reader of gzip reads it, and its length is a multiple of the step."""

from __future__ import annotations

import gzip
import zlib

from assessment.web.respond import wire


def test_a_filled_up_stream_is_read_by_gzip_and_by_zlib():
    for size in (600, 5000, 40_000):
        body = bytes(index * 7 % 251 for index in range(size))
        stream = wire.compress(body, wire.COMPRESSED_STEP)
        assert len(stream) % wire.COMPRESSED_STEP == 0
        assert gzip.decompress(stream) == body
        assert zlib.decompress(stream, wbits=31) == body
