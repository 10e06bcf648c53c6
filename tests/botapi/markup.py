"""Telegram's HTML, read as Telegram reads it: by bytes, strictly, with its own errors."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import links
from .errors import bad_request
from .models import Entity

_TAGS = {
    "bold": "b strong",
    "italic": "i em",
    "underline": "u ins",
    "strikethrough": "s strike del",
    "text_link": "a",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TYPES = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_REFERENCE = re.compile(rb"&(?:#x([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*))")
_SPACES = b" \t\r\n\x00\x0b"


class MarkupError(Exception):
    """What is wrong with the markup; the position counts UTF-8 bytes."""


@dataclass(frozen=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


def parse(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the plain text and its entities, or raise as the API would."""
    try:
        return _Parser(source.encode("utf-8")).run()
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None


class _Parser:
    def __init__(self, source: bytes) -> None:
        if b"\0" in source:
            raise MarkupError("Text must not contain null bytes")
        self.source = source + b"\0"  # an end that no name and no space runs past
        self.at = 0
        self.text = ""
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, tuple[Entity, ...]]:
        while self.at < len(self.source) - 1:
            if self.source[self.at] == ord("<"):
                self._tag()
            else:
                self._write(self._character())
        if self.open:
            raise MarkupError(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            )
        _refuse_nested_quotes(self.entities)
        return self.text, tuple(self.entities)

    def _write(self, character: str) -> None:
        self.text += character
        self.offset += 2 if ord(character) > 0xFFFF else 1

    def _character(self) -> str:
        """Read one character or reference."""
        if self.source[self.at] == ord("&") and (decoded := self._reference()):
            return decoded
        first = self.source[self.at]
        length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        self.at += length
        return self.source[self.at - length : self.at].decode("utf-8")

    def _reference(self) -> str:
        found = _REFERENCE.match(self.source, self.at)
        if found is None:
            return ""
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            decoded = _NAMED.get(name, "")
        else:
            digits = int(hexadecimal or b"0", 16) if decimal is None else int(decimal or b"0")
            if 0xD800 <= digits < 0xE000:
                raise MarkupError("this test server does not join surrogates")
            fits = 0 < digits < 0x10FFFF and found.end() - self.at < 10
            decoded = chr(digits) if fits else ""
        if decoded:
            self.at = found.end() + (self.source[found.end()] == ord(";"))
        return decoded

    def _until(self, stop: Callable[[int], bool]) -> bytes:
        begin = self.at
        while self.source[self.at] and not stop(self.source[self.at]):
            self.at += 1
        return self.source[begin : self.at]

    def _skip_spaces(self) -> None:
        self._until(lambda byte: byte not in _SPACES)

    @property
    def _now(self) -> int:
        return self.source[self.at]

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._now == ord("/"):
            self._end_tag(begin)
        else:
            self._start_tag(begin)
        self.at += 1

    def _start_tag(self, begin: int) -> None:
        name = self._until(lambda byte: byte in _SPACES or byte == ord(">"))
        tag = name.decode("utf-8", "replace").lower()
        if not self._now:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TYPES:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while self._now != ord(">"):
            self._skip_spaces()
            if self._now == ord(">"):
                break
            argument = self._attribute(tag, begin, argument)
        self.open.append(_Open(tag, argument, self.offset, len(self.text)))

    def _attribute(self, tag: str, begin: int, argument: str) -> str:
        name = self._until(lambda byte: byte in _SPACES or byte in b"=>/\"'").decode()
        if not name:
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        value = ""
        if self._now == ord("="):
            self.at += 1
            self._skip_spaces()
            value = self._value(tag, begin)
        elif not self._now:
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        return _argument(tag, name, value, argument)

    def _value(self, tag: str, begin: int) -> str:
        if not self._now:
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if self._now in b"\"'":
            value = self._quoted()
        else:
            token = self.at
            word = self._until(
                lambda byte: not ((byte < 0x80 and chr(byte).isalnum()) or byte in b".-")
            )
            value = word.decode().lower()
            if self._now and self._now not in _SPACES and self._now != ord(">"):
                raise MarkupError(f"Unexpected end of name token at byte offset {token}")
        if not self._now:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        return value

    def _quoted(self) -> str:
        quote = self._now
        self.at += 1
        value = ""
        while self._now and self._now != quote:
            value += self._character()
        if self._now == quote:
            self.at += 1
        return value

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        name = self._until(lambda byte: byte in _SPACES or byte == ord(">"))
        found = name.decode("utf-8", "replace").lower()
        self._skip_spaces()
        if self._now != ord(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        opened = self.open.pop()
        if found and found != opened.tag:
            raise MarkupError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self.offset - opened.offset
        kind = _TYPES[opened.tag]
        extra: tuple[tuple[str, object], ...] = ()
        if kind == "text_link":
            try:
                url = links.checked(opened.argument or self.text[opened.begin :])
                extra = (("url", url),)
            except links.BadLinkError:
                return  # Telegram shows the words without a link
        elif kind == "blockquote" and opened.argument:
            kind = "expandable_blockquote"
        self.entities.append(Entity(kind, opened.offset, length, extra))


def _argument(tag: str, name: str, value: str, argument: str) -> str:
    """Return what a tag keeps of an attribute."""
    if (tag, name) == ("a", "href"):
        return value
    return "1" if (tag, name) == ("blockquote", "expandable") else argument


def _refuse_nested_quotes(entities: list[Entity]) -> None:
    """Refuse what the documentation forbids and Telegram would silently flatten."""
    end = -1
    for entity in sorted(entities, key=lambda e: (e.offset, -e.length)):
        if entity.type.endswith("blockquote"):
            if entity.offset < end:
                raise MarkupError("Blockquote entities can't be nested")
            end = entity.end
