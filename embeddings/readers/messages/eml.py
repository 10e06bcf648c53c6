"""Mail (.eml): one message, with the earlier ones that it quotes."""

import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any, cast

from embeddings.articles.article import Article
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
    message = cast(EmailMessage, message_from_bytes(data.lstrip(), policy=_Policy()))
    if sum(name in message for name in _HEADERS) < 2:
        raise UnreadableFile("not a message of electronic mail")
    body = message.get_body(("plain", "html"))
    found = _content(body) if isinstance(body, EmailMessage) else Content([], [])
    subject, date = (str(message.get(name, "")) for name in ("Subject", "Date"))
    senders = getattr(message["From"], "addresses", ())
    sender = next((one.display_name or one.addr_spec for one in senders), "")
    metadata = make_metadata(subject, sender, date)
    names = [part.get_filename() or "without a name" for part in message.iter_attachments()]
    attached = Translatable("attachments not read: {names}", names=", ".join(names))
    return make_article(
        path,
        metadata,
        found.blocks,
        dropped=found.dropped,
        warnings=[attached] if names else [],
    )


def _content(body: EmailMessage) -> Content:
    content = body.get_payload(decode=True)
    text = decode(content, body.get_content_charset()) if isinstance(content, bytes) else ""
    if body.get_content_subtype() == "html":
        return read_html(parse_html(text))
    text = _SIGNATURE.sub("", text.replace("\r\n", "\n"))
    return Content([Block(line.text) for line in paragraphs(_QUOTED.sub("", text))], [])
