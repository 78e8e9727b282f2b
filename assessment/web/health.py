"""Whether this process can serve: for the operator's supervisor or load balancer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from assessment.services.organisation import get_organisation
from assessment.web.context import platform

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer 200 when the database can be read; any failure reads 500."""
    get_organisation(platform())
    return jsonify(status="ok", database="reachable")
