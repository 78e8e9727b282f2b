"""The marks with straight edges, by their corners."""

from __future__ import annotations

from collections.abc import Mapping

_SIDE = 2 / 3**0.5
CORNERS: Mapping[str, tuple[tuple[float, float], ...]] = {
    "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    "triangle-right": ((-0.5, -_SIDE), (-0.5, _SIDE), (1, 0)),
    "triangle-left": ((0.5, -_SIDE), (0.5, _SIDE), (-1, 0)),
    "triangle-up": ((0, -1), (_SIDE, 0.5), (-_SIDE, 0.5)),
    "x": tuple(
        (across * 0.32**0.5, down * 0.32**0.5)
        for across, down in zip(
            (0, 1, 2, 1, 2, 1, 0, -1, -2, -1, -2, -1), (1, 2, 1, 0, -1, -2, -1, -2, -1, 0, 1, 2), strict=True
        )
    ),
}
"""The corners of marks in radii from their middle, as Plotly has them."""
