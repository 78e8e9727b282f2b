"""Keeping Python from looking for circles among many new values of which none is in one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Let values go only when nobody refers to them, for as long as a large release or its reading takes.

    Every few thousand new values Python looks through all there are for circles of references. The figures of hundreds
    of teams are hundreds of thousands of values, so that it would be a quarter of the time. Whoever found it switched
    on switches it on again, so it also is in the end where several threads do this at once.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
