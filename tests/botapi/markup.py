"""Telegram's HTML, read as Telegram reads it: strictly, with its own errors."""

import re
from dataclasses import dataclass

from . import links
from .errors import bad_request
from .models import Entity, utf16_length

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
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*));?", re.ASCII)
_SPACES = r"[ \t\r\n\v]"
_TAG_NAME = re.compile(r"[^ \t\r\n\v>]*")
_ATTRIBUTE_NAME = re.compile(rf"""([^ \t\r\n\v=>/"']*){_SPACES}*(=?){_SPACES}*""")
_VALUE = re.compile(r""""([^"]*)"?|'([^']*)'?|([A-Za-z0-9.-]*)""")


class MarkupError(Exception):
    """What is wrong with the markup; the position counts UTF-8 bytes."""


@dataclass(frozen=True)
class _Open:
    tag: str
    argument: str
    begin: int  # in the text


def parse(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the plain text and its entities, or raise as the API would."""
    try:
        return _Parser(source).run()
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None


class _Parser:
    def __init__(self, source: str) -> None:
        if "\0" in source:
            raise MarkupError("Text must not contain null bytes")
        self.source = source
        self.at = 0
        self.text = ""
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> tuple[str, tuple[Entity, ...]]:
        while self.at < len(self.source):
            if self._now == "<":
                self._tag()
            else:
                self.text += _decoded(self._match(re.compile("[^<]+"))[0])
        if self.open:
            tag = self.open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        _refuse_nested_quotes(self.entities)
        return self.text, tuple(self.entities)

    @property
    def _now(self) -> str:
        """The next character, nothing at the end."""
        return self.source[self.at : self.at + 1]

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Read what a pattern matches, which always does."""
        found = pattern.match(self.source, self.at)
        assert found
        self.at = found.end()
        return found

    def _refuse(self, what: str, at: int | None = None) -> MarkupError:
        offset = len(self.source[: self.at if at is None else at].encode())
        return MarkupError(f"{what} at byte offset {offset}")

    def _tag(self) -> None:
        begin = self.at
        is_end = self.source.startswith("</", begin)
        self.at += 2 if is_end else 1
        if is_end and not self.open:
            raise self._refuse("Unexpected end tag", begin)
        tag = self._match(_TAG_NAME)[0].lower()
        if is_end:
            self._end_tag(tag, begin)
        else:
            self._start_tag(tag, begin)
        self.at += 1

    def _start_tag(self, tag: str, begin: int) -> None:
        if not self._now:
            raise self._refuse("Unclosed start tag", begin)
        if tag not in _TYPES:
            raise self._refuse(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while True:
            self._match(re.compile(f"{_SPACES}*"))
            if self._now == ">":
                break
            argument = self._attribute(tag, begin, argument)
        self.open.append(_Open(tag, argument, len(self.text)))

    def _attribute(self, tag: str, begin: int, argument: str) -> str:
        """Read an attribute, and return what the tag keeps of it, or else the argument before."""
        name, equals = self._match(_ATTRIBUTE_NAME).groups()
        if not name:
            raise self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
        if not self._now:
            raise self._refuse(f'Unclosed start tag "{tag}"', begin)
        value, token = "", self.at
        if equals:
            double, single, bare = self._match(_VALUE).groups()
            value = _decoded(double or single or "") if bare is None else bare.lower()
            if bare is not None and self._now and self._now not in " \t\r\n\v>":
                raise self._refuse("Unexpected end of name token", token)
            if not self._now:
                raise self._refuse("Unclosed start tag", begin)
        if (tag, name) == ("a", "href"):
            return value
        return "1" if (tag, name) == ("blockquote", "expandable") else argument

    def _end_tag(self, tag: str, begin: int) -> None:
        self._match(re.compile(f"{_SPACES}*"))
        if self._now != ">":
            raise self._refuse("Unclosed end tag", begin)
        opened = self.open.pop()
        if tag not in ("", opened.tag):
            unmatched = self._refuse("Unmatched end tag", begin)
            raise MarkupError(f'{unmatched}, expected "</{opened.tag}>", found "</{tag}>"')
        if len(self.text) > opened.begin:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        inner, kind = self.text[opened.begin :], _TYPES[opened.tag]
        url = None
        if kind == "text_link":
            try:
                url = links.checked(opened.argument or inner)
            except links.BadLinkError:
                return  # Telegram shows the words without a link
        elif kind == "blockquote" and opened.argument:
            kind = "expandable_blockquote"
        offset = utf16_length(self.text[: opened.begin])
        self.entities.append(Entity(kind, offset, utf16_length(inner), url))


def _decoded(text: str) -> str:
    """Replace the references that Telegram knows."""
    return _REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name, found[0])
    number = int(hexadecimal or "0", 16) if decimal is None else int(decimal or "0")
    if 0xD800 <= number < 0xE000:
        raise MarkupError("this test server does not join surrogates")
    fits = 0 < number < 0x10FFFF and len(found[0].rstrip(";")) < 10
    return chr(number) if fits else found[0]


def _refuse_nested_quotes(entities: list[Entity]) -> None:
    """Refuse what the documentation forbids and Telegram would silently flatten."""
    end = -1
    for entity in sorted(entities, key=lambda e: (e.offset, -e.length)):
        if entity.type.endswith("blockquote"):
            if entity.offset < end:
                raise MarkupError("Blockquote entities can't be nested")
            end = entity.end
