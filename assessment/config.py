"""Settings: typed, frozen and loud. From the environment first, then from `config.toml` in the instance folder.

Every setting has one name: `port` in the file is `ASSESSMENT_PORT` in the environment. `DATABASE_URL` alone goes
without the prefix, because hosting platforms set it. A name nobody knows and a value nobody can use stop the start.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs

from assessment import mail
from assessment.domain.addresses import LOCAL_HOSTS, is_address
from assessment.domain.error_kinds import Invalid
from reports.languages import LANGUAGES

PREFIX = "ASSESSMENT_"
FILE = "config.toml"
SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file, not a secret


class BadSetting(Invalid):
    """A setting that is unknown or unusable; names the field, the value and the remedy."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation can be told, already checked."""

    instance: Path
    """The folder with the database, the configuration and the secret; absolute."""
    database_url: str
    """A SQLAlchemy URL, `sqlite:///…` or `postgresql+psycopg://…`."""
    secret_key: str
    """Signs coaches' sessions; made at first start."""
    key_directory: Path
    """Where the private keys of open campaigns lie; never inside the instance folder, so that a backup misses them."""
    key_passphrase: str | None = None
    """Wraps new campaign keys, and opens them when closing by the clock."""
    base_url: str = "http://127.0.0.1:8000"
    """Where respondents reach this installation; printed on cards. Without a slash at its end."""
    timezone: str = "UTC"
    language: str = "en"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    proxies: int = 0
    """How many reverse proxies stand in front and are believed about the visitor's address."""
    queue_url: str = ""
    """Where background work queues: empty for a SQLite file in the instance, or postgresql:// or redis://."""
    mail_url: str = ""
    """How invitations leave: smtp://, smtps://, or folder:// for a dry run. Empty: this installation sends none."""
    mail_from: str = ""
    """The sender's address, where bounces arrive; set together with `mail_url`."""

    @property
    def can_mail(self) -> bool:
        """Whether mail can leave this installation, as far as its settings say."""
        return bool(self.mail_url and self.mail_from)

    @property
    def is_dry_run(self) -> bool:
        """Whether mails become files instead of leaving this installation."""
        return self.mail_url.startswith("folder:")

    @property
    def is_secure(self) -> bool:
        """Whether respondents' browsers reach this installation in a way that lets them blind a message."""
        parts = urlsplit(self.base_url)
        return parts.scheme == "https" or parts.hostname in LOCAL_HOSTS

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.database_url.startswith("sqlite:")

    @classmethod
    def load(cls, instance: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of an instance folder; make the folder and its secret at the first start.

        :param instance: the folder; else `ASSESSMENT_INSTANCE`, else `instance` below the working directory.
        :raise BadSetting: for an unknown name or an unusable value.
        """
        environ = os.environ if environ is None else environ
        folder = Path(instance or environ.get(f"{PREFIX}INSTANCE") or "instance").expanduser().resolve()
        given = _from_file(folder / FILE) | _from_environment(environ)
        values: dict[str, Any] = {name: _READ[name](name, value) for name, value in given.items()}
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(
                "instance", str(folder), "choose a folder that can be made: %(reason)s", reason=error.strerror
            ) from error
        values.setdefault("database_url", f"sqlite:///{folder / 'assessment.sqlite'}")
        values.setdefault("key_directory", _default_key_directory(folder))
        if values["key_directory"] == folder or folder in values["key_directory"].parents:
            raise BadSetting(
                "key_directory", str(values["key_directory"]), "choose a folder outside the instance folder"
            )
        if "secret_key" not in values:
            values["secret_key"] = _own_secret(folder / SECRET_FILE)
        if ("mail_url" in values) != ("mail_from" in values):
            missing = "mail_from" if "mail_url" in values else "mail_url"
            raise BadSetting(missing, "", "set mail_url and mail_from together, or neither")
        return cls(instance=folder, **values)

    def __repr__(self) -> str:
        """Show the settings without the secrets, since a representation ends in logs."""
        hidden = {"secret_key", "key_passphrase", "database_url", "queue_url", "mail_url"}
        shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.name not in hidden)
        return f"Settings({', '.join(shown)})"


def _from_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(FILE, str(path), f"correct the TOML: {str(error).replace('%', '%%')}") from error
    for name, value in given.items():
        if name not in _READ:
            raise BadSetting(name, value, f"{FILE} knows {', '.join(sorted(_READ))}")
    return given


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    given: dict[str, object] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == f"{PREFIX}INSTANCE":
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in _READ:
            raise BadSetting(variable, value, f"the environment may set {', '.join(PREFIX + n.upper() for n in _READ)}")
        given[name] = value
    if environ.get("DATABASE_URL"):
        given["database_url"] = environ["DATABASE_URL"]
    return given


def _default_key_directory(instance: Path) -> Path:
    """Return a folder of the user's state directory that belongs to this instance folder alone."""
    name = hashlib.sha256(os.fsencode(instance)).hexdigest()[:16]
    return Path(platformdirs.user_state_dir("assessment")) / name


def _own_secret(path: Path) -> str:
    """Return the instance's secret; make it when there is none, once even when several processes start together."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    if path.stat().st_mode & 0o077:
        raise BadSetting(SECRET_FILE, oct(path.stat().st_mode & 0o777), f"only its owner may read it: chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadSetting(name, value, "write a text that is not empty")
    return value.strip()


def _secret(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) < 16:
        raise BadSetting(name, "…", "write at least 16 characters, or leave it out and one is made")
    return value


def _passphrase(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) < 12:
        raise BadSetting(name, "…", "write at least 12 characters, or leave it out")
    return value


def _number(lowest: int, highest: int) -> Callable[[str, object], int]:
    def read(name: str, value: object) -> int:
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise BadSetting(name, value, f"choose a whole number from {lowest} to {highest}")
        return value

    return read


def _folder(name: str, value: object) -> Path:
    path = Path(_text(name, value)).expanduser()
    if not path.is_absolute():
        raise BadSetting(name, value, "write the whole path, from the root")
    return path.resolve()


def _database_url(name: str, value: object) -> str:
    url = _text(name, value)
    scheme, separator, rest = url.partition("://")
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and rest != "/:memory:" and len(rest) > 1:
        return url
    shown = url if "@" not in url else f"{scheme}://…"
    raise BadSetting(name, shown, "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")


def _base_url(name: str, value: object) -> str:
    url = _text(name, value).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise BadSetting(name, value, "write an address such as https://assessment.example.org")
    return url


def _timezone(name: str, value: object) -> str:
    zone = _text(name, value)
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise BadSetting(name, value, "write a zone name such as Europe/Berlin") from None
    return zone


def _language(name: str, value: object) -> str:
    code = _text(name, value)
    if code not in LANGUAGES:
        raise BadSetting(name, value, f"choose one of {', '.join(LANGUAGES)}")
    return code


def _queue_url(name: str, value: object) -> str:
    url = _text(name, value)
    if not url.startswith(("postgresql://", "redis://", "rediss://", "unix://")):
        raise BadSetting(name, "…", "write postgresql://… or redis://…, or leave it out")
    return url


def _mail_url(name: str, value: object) -> str:
    try:
        mail.read_url(_text(name, value))
    except ValueError as error:
        # Not the value: it may hold a password.
        raise BadSetting(name, "…", str(error)) from None
    return _text(name, value)


def _mail_from(name: str, value: object) -> str:
    address = _text(name, value)
    # Its domain stands in every mail's id, where other letters cannot.
    if not is_address(address) or not address.isascii():
        raise BadSetting(name, value, "write one bare address such as assessment@example.org")
    return address


_READ: dict[str, Callable[[str, object], object]] = {
    "database_url": _database_url,
    "secret_key": _secret,
    "key_directory": _folder,
    "key_passphrase": _passphrase,
    "base_url": _base_url,
    "timezone": _timezone,
    "language": _language,
    "host": _text,
    "port": _number(1, 65535),
    "workers": _number(1, 256),
    "proxies": _number(0, 8),
    "queue_url": _queue_url,
    "mail_url": _mail_url,
    "mail_from": _mail_from,
}
