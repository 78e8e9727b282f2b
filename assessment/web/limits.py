"""How large a request may be and what may stand in it, before anything reads it."""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter, Map

from assessment.web.coach.guards import visitor

# A draft that names 5,000 teams; a ballot is a few kB and is limited by the respondents' door itself.
LARGEST_FORM = 128 * 1024
# A CSV of 100,000 members is about 6 MB.
LARGEST_IMPORT = 8 * 1024 * 1024
IMPORTS = frozenset({"coach.import_dry_run", "coach.import_confirmed"})
LARGEST_ID = 2**31 - 1


class Id(IntegerConverter):
    """A number in an address, as large as a database numbers rows; any other finds nothing."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - the name that the routing gives it
        super().__init__(map, min=1, max=LARGEST_ID)


def register(app: Flask) -> None:
    """Set the limits; before whatever reads a form, as the check of its token does."""
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM)
    app.url_map.converters["int"] = Id
    app.before_request(allow_imports)
    app.before_request(refuse_null_characters)


def allow_imports() -> None:
    """Let a coach who may import send a whole table. A form costs many times its size, and a stranger's is refused."""
    if request.endpoint in IMPORTS:
        coach = visitor()
        if coach is not None and coach.sees_all:
            request.max_content_length = request.max_form_memory_size = LARGEST_IMPORT


def refuse_null_characters() -> None:
    """Refuse what no keyboard types and PostgreSQL cannot store."""
    if "\0" in request.path:
        abort(404)
    if _has_null(request.args):
        abort(400)
    # The respondents' door reads its forms itself, under a limit of its own.
    if request.blueprint == "coach" and request.method == "POST" and _has_null(request.form):
        abort(400)


def _has_null(fields: MultiDict[str, str]) -> bool:
    return any("\0" in text for pair in fields.items(multi=True) for text in pair)
