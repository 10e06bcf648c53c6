"""Texts and captions: parsed, checked, cleaned and trimmed as Telegram does it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from . import links, markup
from .errors import bad_request
from .models import Entity, Formatted, utf16_length
from .params import Params

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100  # Telegram quietly keeps the first hundred

_STYLES = frozenset(["bold", "italic", "underline", "strikethrough", "spoiler"])
_QUOTES = frozenset(["blockquote", "expandable_blockquote"])
_LINKS = frozenset(["text_link", "text_mention", "custom_emoji"])
_CODE = frozenset(["code", "pre"])
# Telegram finds these itself, and ignores those that a bot sends
_FOUND = frozenset(
    "mention hashtag cashtag bot_command url email phone_number bank_card_number".split()
)
_NEEDS = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
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
    """Parse a text by parse_mode, or take the explicit entities."""
    source, mode = params.text(text_field), params.text("parse_mode").lower()
    if mode == "html":
        text, entities = markup.parse(source)
        return _fixed(text, entities, source)
    if mode in ("markdown", "markdownv2"):
        raise bad_request(f"this test server does not read {params.text('parse_mode')}")
    if mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    given = params.nested(entities_field, "entities")
    return _fixed(source, explicit(given, source), None)


def explicit(given: Any, text: str) -> tuple[Entity, ...]:
    """Check entities that a bot wrote itself."""
    if given is None:
        return ()
    if not isinstance(given, list):
        raise bad_request("expected an Array of MessageEntity")
    entities = [entity for item in given if (entity := _entity(item)) is not None]
    return tuple(entity for entity in entities if _in_bounds(entity, text))


def _entity(item: Any) -> Entity | None:
    if not isinstance(item, dict):
        raise bad_request("expected an Object as MessageEntity")
    for name in ("type", "offset", "length"):
        if name not in item:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
        wanted = str if name == "type" else int
        if not isinstance(item[name], wanted):
            what = "String" if wanted is str else "Number"
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be of type {what}')
    kind = item["type"]
    if kind in _FOUND:
        return None
    if kind not in _STYLES | _QUOTES | _LINKS | _CODE:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    needed = _NEEDS.get(kind)
    if needed and needed not in item:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    extra: tuple[tuple[str, Any], ...] = ((needed, item[needed]),) if needed else ()
    if kind == "text_link":
        extra = (("url", url_or_refuse(str(item["url"]), "entity")),)
    if kind == "pre" and item.get("language"):
        extra = (("language", item["language"]),)
    return Entity(kind, int(item["offset"]), int(item["length"]), extra)


def url_or_refuse(url: str, where: str) -> str:
    """Return a checked URL, or refuse the request with the place it stands in."""
    try:
        return links.checked(url)
    except links.BadLinkError as error:
        raise bad_request(f"{where} URL '{url}' is invalid: {error}") from None


def _in_bounds(entity: Entity, text: str) -> bool:
    if not 0 <= entity.offset <= 1_000_000:
        raise bad_request(f"receive an entity with incorrect offset {entity.offset}")
    if not 0 <= entity.length <= 1_000_000:
        raise bad_request(f"receive an entity with incorrect length {entity.length}")
    if entity.length == 0:
        return False
    starts, offset, position = {}, 0, 0  # UTF-16 offset of every character -> its byte offset
    for character in text:
        starts[offset] = position
        offset += utf16_length(character)
        position += len(character.encode())
    starts[offset] = position
    if entity.offset >= offset:
        raise bad_request(
            f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    if entity.offset not in starts:
        at = starts[entity.offset + 1]
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {at}")
    beginning = f"entity beginning at UTF-16 offset {entity.offset}"
    if entity.end > offset:
        raise bad_request(
            f"{beginning} ends after the end of the text at UTF-16 offset {entity.end}"
        )
    if entity.end not in starts:
        at = starts[entity.end + 1]
        raise bad_request(f"{beginning} ends in a middle of a UTF-16 symbol at byte offset {at}")
    return True


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
    kinds = ("blockquote", "expandable_blockquote", "pre", "code", "text_link", "text_mention")
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


def quoted(quote: Formatted, original: Formatted) -> bool:
    """Return whether the quote is an exact part of the text, its styles included."""
    begin = original.text.find(quote.text) if quote.text else -1
    while begin >= 0:
        offset = utf16_length(original.text[:begin])
        if _styles_at(original, offset, utf16_length(quote.text)) == _styles(quote.entities):
            return True
        begin = original.text.find(quote.text, begin + 1)
    return False


def _styles(entities: Sequence[Entity]) -> set[tuple[str, int, int]]:
    visible = _STYLES | {"custom_emoji"}
    return {(e.type, e.offset, e.length) for e in entities if e.type in visible}


def _styles_at(original: Formatted, offset: int, length: int) -> set[tuple[str, int, int]]:
    clipped = [
        replace(
            e,
            offset=max(e.offset, offset) - offset,
            length=min(e.end, offset + length) - max(e.offset, offset),
        )
        for e in original.entities
        if e.offset < offset + length and e.end > offset
    ]
    return _styles(clipped)
