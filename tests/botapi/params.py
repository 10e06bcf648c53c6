"""A request's parameters, however they were sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from .errors import ApiError, bad_request
from .models import Upload

_NESTED = frozenset(
    "allowed_updates button caption_entities commands entities link_preview_options reply_markup "
    "reply_parameters results scope".split()
)
_MAX_UPLOAD = 50 * 1024 * 1024


@dataclass(frozen=True)
class Params:
    """Text values by name, as Telegram sees them, and uploaded files."""

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a value, or nothing."""
        return self.values.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number; what is not one counts as absent."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return a yes or no."""
        return self.text(name).lower() in ("true", "yes", "1")

    def nested(self, name: str, what: str) -> Any:
        """Return a JSON value, or None where it is absent."""
        if not self.text(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def readable(self) -> dict[str, Any]:
        """Return the parameters for a person to read: nested JSON decoded."""
        return {name: _decoded(name, value) for name, value in self.values.items()}


def _decoded(name: str, value: str) -> Any:
    if name in _NESTED:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def read(request: web.Request) -> Params:
    """Read query, form, multipart or JSON parameters."""
    values = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type.startswith("multipart/"):
        await _read_multipart(request, values, files)
    elif request.content_type == "application/json":
        values.update(_from_json(await request.read()))
    else:
        body = (await request.read()).decode("utf-8", "surrogateescape")
        values.update(parse_qsl(body, keep_blank_values=True, errors="surrogateescape"))
    _check_utf8(values)
    return Params(values, files)


def _from_json(body: bytes) -> dict[str, str]:
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse request body as JSON object") from None
    if not isinstance(data, dict):
        raise bad_request("can't parse request body as JSON object")
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in data.items()
        if value is not None
    }


async def _read_multipart(
    request: web.Request, values: dict[str, str], files: dict[str, Upload]
) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read())
        if part.filename is None:
            values[part.name] = content.decode("utf-8", "surrogateescape")
            continue
        if len(content) > _MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        kind = part.headers.get("Content-Type", "application/octet-stream")
        files[part.name] = Upload(part.filename, content, kind)


def _check_utf8(values: Mapping[str, str]) -> None:
    for value in values.values():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
