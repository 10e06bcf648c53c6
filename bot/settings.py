"""The settings, from the environment and .env; `.env.example` explains each."""

import re
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import parse_qsl

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from embeddings import DEFAULT_MODEL, Location, parse_location
from embeddings.errors import UsageError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def _ids(value: Any) -> Any:
    """Read Telegram ids with commas or spaces between them."""
    if not isinstance(value, str):
        return value
    words = re.split(r"[\s,;]+", value.strip())
    if not all(re.fullmatch(r"[1-9][0-9]{0,18}", word, re.ASCII) for word in words if word):
        raise ValueError(
            "write Telegram ids, whole numbers such as 123456789, with commas between them"
        )
    return frozenset(int(word) for word in words if word)


Port = Annotated[int, Field(ge=1, le=65535)]

_CODE = re.compile(r"[A-Za-z0-9_-]{8,60}", re.ASCII)
"""What Telegram allows in a link, less two letters for a prefix."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)
_TELEGRAM = HttpUrl("https://api.telegram.org")


_HOSTS = re.compile(r"([^/?]*@)?([^/?@]*,[^/?@]*)(/[^?]*)?(\?.*)?", re.DOTALL)


def _with_hosts(rest: str) -> str:
    """Write several hosts as the drivers want them, and ask for the one that takes writes."""
    found = _HOSTS.fullmatch(rest)
    if found is None:
        return rest
    user, hosts, name, query = (part or "" for part in found.groups())
    wanted = [f"host={host if ':' in host else host + ':5432'}" for host in hosts.split(",")]
    wanted.append("target_session_attrs=read-write")
    return f"{user}{name}{query or '?'}{'&' if query else ''}{'&'.join(wanted)}"


def _check_parameters(rest: str) -> None:
    """Refuse what the driver does not know, such as the schema of an INDEX_URL."""
    from asyncpg import connect  # type: ignore[import-untyped]

    known = {"sslmode", *signature(connect).parameters}
    names = {name for name, _ in parse_qsl(rest.partition("?")[2], keep_blank_values=True)}
    if names - known:
        raise ValueError(f"there is no parameter {', '.join(sorted(names - known))}")


def with_driver(url: str) -> str:
    """Add the asynchronous driver to the address of a database."""
    kind, separator, rest = url.partition("://")
    if kind in ("sqlite", "sqlite+aiosqlite"):
        # In memory everything would be lost with the process.
        if not rest.startswith("/") or rest[1:] in ("", ":memory:") or "?" in rest:
            raise ValueError("write it as sqlite:///var/bot.sqlite3")
        return f"sqlite+aiosqlite://{rest}"
    if kind in ("postgresql", "postgres", "postgresql+asyncpg") and separator:
        if find_spec("asyncpg") is None:
            raise ValueError("PostgreSQL needs the package asyncpg: pip install asyncpg")
        _check_parameters(rest)
        rest = _with_hosts(rest)
        # The driver calls "ssl" what PostgreSQL's own programs call "sslmode".
        return "postgresql+asyncpg://" + re.sub(r"(?<=[?&])sslmode=", "ssl=", rest)
    raise ValueError("it must begin with sqlite:/// or postgresql://")


def _with_address(url: str | None) -> str | None:
    if url is not None:
        try:
            parse_location(url)
        except UsageError as error:
            raise ValueError(str(error).removeprefix("INDEX_URL is ").rstrip(".")) from error
    return url


class Settings(BaseSettings):
    """The settings, read once at the start."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: HttpUrl = _TELEGRAM
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = frozenset()
    admin_notices: bool = True
    seeds_dir: Path = Path("seeds")
    index_dir: Path = Path("var/index")
    state_dir: Path = Path("var")
    model_dir: Path | None = None
    embedding_model: str = Field(default=DEFAULT_MODEL, min_length=1)
    encoder_runtime: Annotated[Literal["auto", "openvino", "torch"], BeforeValidator(str.lower)] = (
        "auto"
    )
    reranker_model: str | None = None
    calibration: Path | None = None
    database_url: Annotated[str, AfterValidator(with_driver)] = Field(
        default="sqlite:///var/bot.sqlite3", validate_default=True, repr=False
    )
    index_url: Annotated[str | None, AfterValidator(_with_address)] = Field(
        default=None, repr=False
    )
    journal_names: bool = False
    retention_days: int = Field(default=180, ge=0, le=36_500)
    access: Annotated[Literal["open", "list", "invite"], BeforeValidator(str.lower)] = "open"
    allowed_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = frozenset()
    invite_code: SecretStr | None = None
    rate_limit: int = Field(default=20, ge=0)
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = "INFO"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(str.lower)] = "text"
    webhook_url: HttpUrl | None = None
    webhook_secret: SecretStr | None = None
    webhook_port: Port = 8443
    webhook_listen: str = "127.0.0.1"
    health_port: Port | None = None
    health_listen: str = "127.0.0.1"

    @field_validator("*", mode="before")
    @classmethod
    def _without_quotes(cls, value: Any) -> Any:
        """Remove quotes around a value: of a file of settings, Podman and Docker hand them on."""
        quoted = isinstance(value, str) and re.fullmatch(r"""\s*(["'])(.*)\1\s*""", value)
        return quoted[2] if quoted else value

    @model_validator(mode="after")
    def _check_webhook(self) -> Self:
        """Refuse a webhook without a secret: anyone could call it."""
        if self.webhook_url is None:
            return self
        if self.webhook_url.scheme != "https" and self.telegram_api_url == _TELEGRAM:
            raise ValueError("WEBHOOK_URL: Telegram wants an address that begins with https://")
        if not _SECRET.fullmatch(self.secret or ""):
            raise ValueError(
                "WEBHOOK_SECRET: with WEBHOOK_URL it must be 16 to 256 letters A-Z and a-z, "
                "digits, _ and -; one is made by: "
                'python -c "import secrets; print(secrets.token_urlsafe(32))"'
            )
        return self

    @model_validator(mode="after")
    def _check_replicas(self) -> Self:
        """Refuse a database that cannot be reached from here."""
        name = "INDEX_URL" if self.index_url else "DATABASE_URL"
        if (self.index_url or self.is_replicated) and find_spec("psycopg") is None:
            raise ValueError(
                f"{name}: this needs more packages: pip install 'passage-bot[postgresql]'"
            )
        return self

    @model_validator(mode="after")
    def _check_invitation(self) -> Self:
        """Refuse a code that no link can carry, and invitations without one."""
        if self.access == "invite" and not self.code:
            raise ValueError("INVITE_CODE: with ACCESS=invite it is what lets people in")
        if self.code and not _CODE.fullmatch(self.code):
            raise ValueError("INVITE_CODE: write 8 to 60 letters A-Z and a-z, digits, _ and -")
        return self

    @property
    def index(self) -> Location:
        """Where the index is kept."""
        return parse_location(self.index_url) if self.index_url else self.index_dir

    @property
    def api_url(self) -> str:
        """The Bot API server, without a slash at its end."""
        return str(self.telegram_api_url).rstrip("/")

    @property
    def code(self) -> str | None:
        """The invitation code; None when there is none."""
        return self.invite_code.get_secret_value() if self.invite_code else None

    @property
    def token(self) -> str | None:
        """The bot's token; without one the bot runs in the terminal."""
        secret = self.telegram_bot_token
        return secret.get_secret_value().strip() or None if secret else None

    @property
    def bot_id(self) -> str:
        """The bot's id: the part of the token before the colon, which is no secret."""
        return (self.token or "").partition(":")[0]

    @property
    def is_replicated(self) -> bool:
        """Whether several processes may share the work: behind a webhook, with a server."""
        return self.webhook_url is not None and self.database_url.startswith("postgresql")

    @property
    def secret(self) -> str | None:
        """The secret that Telegram sends to the webhook with each update."""
        return self.webhook_secret.get_secret_value().strip() if self.webhook_secret else None


SECRETS = frozenset(
    {"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "INVITE_CODE", "DATABASE_URL", "INDEX_URL"}
)
"""Environment variables with a secret; the address of a database can hold a password."""


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a setting is invalid; all such settings are named, no value is shown.
    """
    try:
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsError("The file .env is not UTF-8 text.") from error
    except ValidationError as error:
        problems = "; ".join(map(_said, error.errors()))
        raise SettingsError(f"Check the environment and .env. {problems}.") from error


def _said(problem: "ErrorDetails") -> str:
    """Return the name of a setting and what is wrong; a check of two settings names them itself."""
    text = problem["msg"].removeprefix("Value error, ")
    return f"{str(problem['loc'][0]).upper()}: {text}" if problem["loc"] else text
