"""Which URLs Telegram accepts."""

import re

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(//)?", re.ASCII)
_BAD_HOST = re.compile(r"[\s<>\"'\\^`{|}#?/@]")


class BadLinkError(Exception):
    """Why a URL is refused."""


def checked(url: str) -> str:
    """Return the URL as Telegram stores it, or raise BadLinkError."""
    url = url.strip()
    if not url:
        raise BadLinkError("URL host is empty")
    found = _SCHEME.match(url)
    scheme, rest = "http", url
    if found and (found[2] or found[1].lower() in ("tg", "tonsite")):
        scheme, rest = found[1].lower(), url[found.end() :]
    if scheme in ("tg", "ton", "tonsite"):
        return f"{scheme}://{rest}"
    if scheme not in ("http", "https"):
        raise BadLinkError("Unsupported URL protocol")
    host, tail = _split(rest)
    return f"{scheme}://{host}{tail}"


def _split(rest: str) -> tuple[str, str]:
    cut = re.search(r"[/?#]", rest)
    authority, tail = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    userinfo, at, host = authority.rpartition("@")
    name, colon, port = host.partition(":")
    if colon and not (port.isdigit() and 0 < int(port) <= 65535):
        raise BadLinkError("Wrong port number specified in the URL")
    if not name:
        raise BadLinkError("URL host is empty")
    if _BAD_HOST.search(name):
        raise BadLinkError("Disallowed character in URL host")
    if "." not in name or name.startswith(".") or name.endswith(".") or ".." in name:
        raise BadLinkError("Wrong HTTP URL")
    if not tail.startswith("/"):
        tail = "/" + tail
    return f"{userinfo}{at}{host.lower()}", re.sub(r"\s", "%20", tail)
