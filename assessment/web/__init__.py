"""The Flask application: two doors, one for respondents and one for coaches, with their own headers and pages."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from assessment.config import Settings
from assessment.domain.addresses import LOCAL_HOSTS
from assessment.services.platform import Platform, connect
from assessment.web import access_log, assets, coach, errors, headers, health, i18n, limits, respond
from assessment.web.sessions import CoachesOnly

SESSION_HOURS = 12


class Application(Flask):
    """Flask, except that an error on a respondent's path is logged without its path, values and sentences."""

    session_interface = CoachesOnly()

    def log_exception(self, exc_info: access_log.ExceptionInfo) -> None:
        """Log an unexpected error; see `access_log.exception`."""
        access_log.exception(self.logger, exc_info)


def create_app(platform: Platform | None = None) -> Flask:
    """Return the application on a platform; without one, on what the environment and `instance/config.toml` name.

    :raise assessment.config.BadSetting: when the configuration is not usable.
    """
    platform = platform or connect(Settings.load(None))
    settings = platform.settings
    app = Application(__name__)
    app.extensions["platform"] = platform
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="coach",
        SESSION_COOKIE_PATH="/coach",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=needs_https(settings.base_url),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        SESSION_REFRESH_EACH_REQUEST=False,
        # The token lives as long as the session, so that a form left open over lunch still works.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    limits.register(app)
    csrf = CSRFProtect(app)
    # Respondents have no session that somebody else's page could misuse: the card or the link is what they bring.
    csrf.exempt(respond.blueprint)
    i18n.register(app)
    assets.register(app)
    errors.register(app)
    headers.register(app)
    access_log.register(app)
    app.register_blueprint(respond.blueprint)
    app.register_blueprint(coach.blueprint)
    app.register_blueprint(health.blueprint)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    return app


def needs_https(base_url: str) -> bool:
    """Whether cookies are sent over HTTPS only: always, except for plain HTTP that the operator configured."""
    parts = urlsplit(base_url)
    return parts.scheme == "https" and parts.hostname not in LOCAL_HOSTS
