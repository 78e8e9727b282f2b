"""What WeasyPrint's tags leave out, put into the PDF before it is written, so that a screen reader reads it right.

It marks a term and its description as two list items, a hand-numbered point's number as part of its text, header cells
without a direction, ids without the tree that finds them, and the boxes of figures in CSS pixels from the top. Here
they become what ISO 32000-1 asks for: `Lbl` and `LBody` of one item (14.8.4.3.3), `Scope` (table 349), `IDTree`
(table 322) and `BBox` in points from the bottom (table 344).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

POINTS_PER_PIXEL = 0.75


def complete(pdf: Any, title: str) -> None:
    """Complete the tags of a WeasyPrint PDF that is about to be written.

    title is read out for the first heading, whose letters may be broken into syllables.
    """
    _Tags(pdf).complete(title)


class _Tags:
    def __init__(self, pdf: Any) -> None:
        import pydyf

        self.pydyf, self.pdf = pydyf, pdf
        self.by_reference = {thing.reference: thing for thing in pdf.objects}
        self.elements = [
            thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/StructElem"
        ]

    def complete(self, title: str) -> None:
        for element in self.elements:
            kind = element["S"]
            if kind == "/Figure":
                self.box(element)
            elif kind == "/TH":
                in_head = self.parent(self.parent(element))["S"] == "/THead"
                element["A"]["Scope"] = "/Column" if in_head else "/Row"
            elif kind == "/H1":
                element["ActualText"] = self.pydyf.String(title)
        for element in [element for element in self.elements if element["S"] == "/L"]:
            self.list(element)
        self.identifiers()

    def parent(self, element: Any) -> Any:
        return self.by_reference[element["P"]]

    def kids(self, element: Any) -> Iterator[Any]:
        """Yield the elements inside an element, without its marked content."""
        for kid in element["K"]:
            if kid in self.by_reference:
                yield self.by_reference[kid]

    def box(self, figure: Any) -> None:
        left, top, right, bottom = (float(end) * POINTS_PER_PIXEL for end in figure["A"]["BBox"])
        height = float(self.by_reference[figure["Pg"]]["MediaBox"][3])
        figure["A"]["BBox"] = self.pydyf.Array([left, height - bottom, right, height - top])

    def list(self, element: Any) -> None:
        items = []
        for kid in self.kids(element):
            if kid["S"] == "/LI":
                items.append(kid)
                continue
            term, *descriptions = self.kids(kid)
            for description in descriptions:
                self.describe(term, description)
            items.append(term)
            kid.free = "f"
        for item in items:
            item["P"] = element.reference
            if self.number(item):
                element["A"] = self.pydyf.Dictionary({"O": "/List", "ListNumbering": "/Decimal"})
        element["K"] = self.pydyf.Array([item.reference for item in items])

    def describe(self, term: Any, description: Any) -> None:
        """Make the item of a description the body of the item of its term."""
        for label in self.kids(term):
            label["S"] = "/Lbl"
        for body in self.kids(description):
            body["P"] = term.reference
            term["K"].append(body.reference)
        description.free = "f"

    def number(self, item: Any) -> bool:
        """Take a number that stands before a point out of the point's text; return whether there is one."""
        first = next(self.kids(item))
        inside = list(self.kids(first))
        if first["S"] != "/LBody" or len(inside) < 2 or inside[0]["S"] != "/NonStruct":
            return False
        label = inside[0]
        label["S"], label["P"] = "/Lbl", item.reference
        first["K"] = self.pydyf.Array(first["K"][1:])
        item["K"] = self.pydyf.Array([label.reference, *item["K"]])
        return True

    def identifiers(self) -> None:
        named = sorted((element["ID"].string, element) for element in self.elements if "ID" in element)
        if not named:
            return
        names = self.pydyf.Array()
        for _, element in named:
            names.extend((element["ID"], element.reference))
        tree = self.pydyf.Dictionary({"Names": names})
        self.pdf.add_object(tree)
        self.by_reference[self.pdf.catalog["StructTreeRoot"]]["IDTree"] = tree.reference
