"""Texts and captions: parsed, checked, cleaned and trimmed as Telegram does it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from . import links, markup
from .errors import bad_request
from .models import Entity, Formatted, utf16_length
from .params import Params

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100  # Telegram quietly keeps the first hundred

_STYLES = frozenset(["bold", "italic", "underline", "strikethrough"])
_QUOTES = frozenset(["blockquote", "expandable_blockquote"])
_LINKS = frozenset(["text_link"])
_CODE = frozenset(["code", "pre"])
_REMOVED = frozenset("\r\u0333\u033f\u030a" + "".join(map(chr, range(0x2028, 0x202F))))
_INVISIBLE = frozenset(map(chr, [*range(0x200B, 0x2010), 0x2060, 0xFEFF]))
_TRIMMED = " \n"


def message_text(params: Params, field: str = "text") -> Formatted:
    """Return a message's text, 1 to 4096 UTF-16 code units long after parsing."""
    if not params.text(field):
        raise bad_request("message text is empty")
    content = formatted(params, field, "entities")
    if not content.text:
        raise bad_request("text must be non-empty")
    if utf16_length(content.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return content


def caption(params: Params) -> Formatted:
    """Return a caption, at most 1024 UTF-16 code units long after parsing."""
    content = formatted(params, "caption", "caption_entities")
    if utf16_length(content.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return content


def formatted(params: Params, text_field: str, entities_field: str) -> Formatted:
    """Read a text as plain or as HTML; Telegram knows other formats, which no test needs."""
    source, mode = params.text(text_field), params.text("parse_mode").lower()
    if params.text(entities_field) or mode in ("markdown", "markdownv2"):
        raise bad_request("this test server reads formatted text as HTML only")
    if mode == "html":
        text, entities = markup.parse(source)
        return _fixed(text, entities, source)
    if mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    return _fixed(source, (), None)


def url_or_refuse(url: str, where: str) -> str:
    """Return a checked URL, or refuse the request with the place it stands in."""
    try:
        return links.checked(url)
    except links.BadLinkError as error:
        raise bad_request(f"{where} URL '{url}' is invalid: {error}") from None


def _fixed(text: str, entities: Sequence[Entity], html: str | None) -> Formatted:
    text, entities = _cleaned(text, entities)
    kept = text.rstrip(_TRIMMED)
    entities = _cut(entities, utf16_length(kept))
    entities = _untangled(entities)
    room = entities[0].offset if entities else len(kept)
    start = min(len(kept) - len(kept.lstrip(_TRIMMED)), room)
    text = kept[start:]
    if all(character.isspace() or character in _INVISIBLE for character in text):
        return Formatted("", (), html)
    moved = tuple(replace(e, offset=e.offset - start) for e in entities[:MAX_ENTITIES])
    return Formatted(text, moved, html)


def _cleaned(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Replace control characters by spaces, drop what Telegram drops, move the entities."""
    new_offset, result, before, after = {0: 0}, "", 0, 0
    for character in text:
        before += utf16_length(character)
        if character not in _REMOVED:
            result += " " if character < " " and character != "\n" else character
            after += utf16_length(character)
        new_offset[before] = after
    moved = [
        replace(e, offset=new_offset[e.offset], length=new_offset[e.end] - new_offset[e.offset])
        for e in entities
    ]
    return result, [entity for entity in moved if entity.length]


def _cut(entities: Sequence[Entity], end: int) -> list[Entity]:
    inside = [entity for entity in entities if entity.offset < end]
    return [replace(e, length=min(e.length, end - e.offset)) for e in inside]


def _order(entity: Entity) -> tuple[int, int, int]:
    """Sort as Telegram does: of two on the same words, the first kind named here is outside."""
    kinds = ("blockquote", "expandable_blockquote", "pre", "code", "text_link")
    rank = kinds.index(entity.type) if entity.type in kinds else len(kinds)
    return entity.offset, -entity.length, rank


def _untangled(entities: Sequence[Entity]) -> list[Entity]:
    """Drop what may not stand inside code, a link or a quotation; the outer one wins."""
    ordered = sorted(entities, key=_order)
    quotes = _apart(entity for entity in ordered if entity.type in _QUOTES)
    solid = [
        entity
        for entity in _apart(entity for entity in ordered if entity.type in _LINKS | _CODE)
        if not any(_crosses(entity, quote) for quote in quotes)
    ]
    code = [entity for entity in solid if entity.type in _CODE]
    styles = [
        piece
        for kind in sorted(_STYLES)
        for run in _merged(entity for entity in ordered if entity.type == kind)
        for piece in _outside(run, code)
    ]
    return sorted([*quotes, *solid, *styles], key=_order)


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _crosses(entity: Entity, quote: Entity) -> bool:
    overlaps = entity.offset < quote.end and quote.offset < entity.end
    return overlaps and not (quote.offset <= entity.offset and entity.end <= quote.end)


def _merged(entities: Iterable[Entity]) -> list[Entity]:
    runs: list[Entity] = []
    for entity in entities:
        if runs and entity.offset <= runs[-1].end:
            end = max(runs[-1].end, entity.end)
            runs[-1] = replace(runs[-1], length=end - runs[-1].offset)
        else:
            runs.append(entity)
    return runs


def _outside(run: Entity, code: Sequence[Entity]) -> list[Entity]:
    pieces, begin = [], run.offset
    for block in [*code, replace(run, offset=run.end, length=0)]:
        if block.end < begin or block.offset > run.end:
            continue
        if block.offset > begin:
            pieces.append(replace(run, offset=begin, length=block.offset - begin))
        begin = max(begin, block.end)
    return pieces
