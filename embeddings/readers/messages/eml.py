"""Mail (.eml): one message, with the earlier ones that it quotes."""

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import HeaderParseError
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from hashlib import sha256
from typing import Any, NamedTuple, cast

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.line_breaks import paragraphs
from embeddings.readers.metadata import make_metadata
from embeddings.readers.web.html import Content, parse_html, read_html
from embeddings.text.decoding import decode
from embeddings.translatable import Translatable

_HEADERS = ("From", "Date", "Subject", "Received", "Message-ID", "MIME-Version", "To")
_QUOTED = re.compile(r"^(?:> ?)+", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- $", re.MULTILINE)

_BOUNDARY = re.compile(rb"^--(\S[^\n]{0,69}?)[ \t\r]*\ncontent-", re.IGNORECASE | re.MULTILINE)
_TEXTS = ("text/plain", "text/html")
_ALTERNATIVE = "multipart/alternative"
_NAMELESS = "without a name"


class _Found(NamedTuple):
    """What a part of a message says, what of it was left out, and what is attached to it."""

    blocks: list[Block]
    dropped: list[Dropped]
    attached: list[str]


class _Policy(EmailPolicy):
    """Takes a header that is damaged so that the library fails on it for an empty one."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except (HeaderParseError, ValueError, LookupError, AttributeError, TypeError):
            return self.header_factory(name, "")


def read(data: bytes, path: str) -> Article:
    """Read a message: its subject is the title, and the sender is the author.

    Raises:
        UnreadableFile: it is no message, or has no text.
    """
    message = _parse(data.lstrip())
    if sum(name in message for name in _HEADERS) < 2:
        raise UnreadableFile("not a message of electronic mail")
    found = _found_in(message)
    subject, date = (str(message.get(name, "")) for name in ("Subject", "Date"))
    senders = getattr(message["From"], "addresses", ())
    sender = next((one.display_name or one.addr_spec for one in senders), "")
    metadata = make_metadata(subject, sender, date)
    attached = Translatable("attachments not read: {names}", names=", ".join(found.attached))
    return make_article(
        path,
        metadata,
        found.blocks,
        dropped=found.dropped,
        warnings=[attached] if found.attached else [],
        is_letter=True,
    )


def _found_in(part: MIMEPart, within: str = "", *, is_parted: bool = False) -> _Found:
    """Read a part: all texts in it, in order, but one of those that say the same.

    Args:
        part: of a message, or all of it.
        within: the kind of the part around it.
        is_parted: whether it comes from a message that was parted here, which is done once.
    """
    kind = part.get_content_type()
    if part.is_attachment() or part.get_content_maintype() == "message":
        return _Found([], [], [part.get_filename() or _NAMELESS])
    if kind in _TEXTS:
        return _Found(*_content(part), [])
    if part.get_content_maintype() == "multipart":
        if not part.is_multipart() and is_parted:
            return _Found(*_content(part), [])
        if not part.is_multipart():
            return _found_in(_parted(part), within, is_parted=True)
        parts = list(part.iter_parts())
        found = [_found_in(one, kind, is_parted=is_parted) for one in parts]
        read = found if kind != _ALTERNATIVE else _preferred(parts, found)
        return _Found(
            [block for one in read for block in one.blocks],
            [dropped for one in read for dropped in one.dropped],
            [name for one in found for name in one.attached],
        )
    is_picture = within == "multipart/related" and part.get_content_maintype() == "image"
    is_shown = is_picture or within == _ALTERNATIVE  # with the text, or instead of it
    return _Found([], [], [] if is_shown else [part.get_filename() or _NAMELESS])


def _parted(part: MIMEPart) -> MIMEPart:
    """Part a message at the boundary that is in it, where its header names another or none.

    Without any boundary it is plain text.
    """
    body = cast(bytes, part.get_payload(decode=True))
    found = _BOUNDARY.search(body)
    kind = b"text/plain"
    if found:
        # Takes the place of the boundary, which a header may not be able to hold.
        edge = sha256(body).hexdigest().encode()
        lines = re.compile(rb"^--%s[ \t]*(--)?[ \t\r]*$" % re.escape(found[1]), re.MULTILINE)
        body = lines.sub(rb"--%s\1" % edge, body)
        kind = b"%s; boundary=%s" % (part.get_content_type().encode(), edge)
    return _parse(b"Content-Type: %s\n\n%s" % (kind, body))


def _parse(data: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(data, policy=_Policy()))


def _preferred(parts: Sequence[MIMEPart], found: Sequence[_Found]) -> list[_Found]:
    """Return the first of the alternatives with text in it, plain text before others."""
    pairs = sorted(
        zip(parts, found, strict=True), key=lambda pair: pair[0].get_content_type() != "text/plain"
    )
    return [one for _, one in pairs if any(block.text.strip() for block in one.blocks)][:1]


def _content(part: MIMEPart) -> Content:
    content = part.get_payload(decode=True)
    text = decode(content, part.get_content_charset()) if isinstance(content, bytes) else ""
    if part.get_content_subtype() == "html":
        return read_html(parse_html(text))
    text = _SIGNATURE.sub("", text.replace("\r\n", "\n"))
    return Content([Block(line.text) for line in paragraphs(_QUOTED.sub("", text))], [])
