"""The worked examples of `docs/methods.md`, read from its `pencil` blocks and worked out line by line."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scipy import stats

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
Value = float | bool


@dataclass
class Block:
    """One worked example: what is given, as text, and what each line states."""

    name: str
    given: dict[str, str] = field(default_factory=dict)
    steps: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def stated(self) -> dict[str, str]:
        return {name: stated for name, _, stated in self.steps}

    def points(self, name: str) -> list[float]:
        return [float(word) for word in self.given[name].split()]

    def number(self, name: str) -> float:
        return float(self.given[name])


def blocks() -> dict[str, Block]:
    found = {}
    for name, body in re.findall(r"^```pencil (\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        assert name not in found, f"two examples are called {name}"
        found[name] = block = Block(name)
        for line in body.splitlines():
            given = re.fullmatch(r"([\w ]+): (.+)", line)
            if given:
                block.given[given[1]] = given[2]
                continue
            parts = re.fullmatch(r"(\w+) = (?:(.+) = )?(\S+)", line)
            assert parts, f"{name}: cannot read {line!r}"
            block.steps.append((parts[1], parts[2] or parts[3], parts[3]))
    return found


BLOCKS = blocks()
OPERATORS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "ceil": math.ceil,
    "abs": abs,
    "choose": lambda n, k: math.comb(int(n), int(k)),
    "t": stats.t.ppf,
    "f": stats.f.ppf,
    "tail": lambda z: 2 * stats.norm.sf(z),
}


def worked(node: ast.AST, names: dict[str, Value]) -> Value:
    """Work out an expression of numbers, names of earlier lines and a handful of functions."""
    match node:
        case ast.Expression(body=body):
            return worked(body, names)
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](worked(left, names), worked(right, names))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return OPERATORS[type(op)](worked(left, names), worked(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return FUNCTIONS[name](*(worked(argument, names) for argument in args))
    raise AssertionError(f"a pencil cannot do {ast.dump(node)}")


def rounding(stated: str) -> float:
    """Return half a unit of the last digit that is stated."""
    return 0.5 * 10 ** -len(stated.partition(".")[2])


def read(stated: str) -> Value:
    return stated == "yes" if stated in {"yes", "no"} else float(stated)
