"""The coaches' blueprint, on its own so that every module of the door can hang its views on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "coach",
    "assessment.web.coach",
    url_prefix="/coach",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
