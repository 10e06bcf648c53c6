"""Front matter: the YAML or TOML with metadata at the beginning of a text."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from embeddings.readers.metadata import Metadata, make_metadata

_LONGEST = 16_384
"""Characters; a longer block is not parsed, so that parsing YAML cannot take long."""
_FENCED = re.compile(
    r"\s*(?P<fence>---|\+\+\+) *\n(?P<block>.*?)^(?:(?P=fence)|\.\.\.) *(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_ENTRY = re.compile(r"(\w[\w .-]{0,30}?) *[:=] *(.*)")
_KEYS = {
    "title": ("title", "headline", "name"),
    "author": ("author", "authors", "by", "creator"),
    "date": ("date", "published", "publishdate", "pubdate", "date_published", "created"),
    "url": ("url", "link", "canonical_url", "canonical", "source", "permalink"),
    "language": ("lang", "language", "locale"),
}
_OTHERS = frozenset(
    "tags tag categories category layout slug draft description summary subtitle keywords id type "
    "weight aliases permalink image cover updated modified lastmod section toc".split()
)
_KNOWN = _OTHERS.union(*_KEYS.values())


def split(text: str) -> tuple[Metadata, str]:
    """Return the metadata of the front matter, and the text below it."""
    match = _FENCED.match(text[:_LONGEST])
    if match is None:
        return Metadata(), text
    entries = _load(match["fence"], match["block"])
    known = {str(key).strip().casefold(): value for key, value in entries.items()}
    if not _KNOWN.intersection(known):  # text between two horizontal rules
        return Metadata(), text
    found = {
        field: next(filter(None, (_as_text(known.get(key)) for key in keys)), None)
        for field, keys in _KEYS.items()
    }
    return make_metadata(**found), text[match.end() :]


def _load(fence: str, block: str) -> Mapping[Any, Any]:
    """Parse YAML (its scalars stay texts, so that `no` is a language) or TOML.

    Of a block that is neither, such as `title: One: two`, each line is read as a key and a value.
    """
    try:
        if fence == "+++":
            return tomllib.loads(block)
        entries = yaml.BaseLoader(block).get_single_data()
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError):
        entries = None
    if isinstance(entries, Mapping):
        return entries
    lines = [_ENTRY.fullmatch(line.strip()) for line in block.splitlines()]
    return {entry[1]: entry[2].strip("\"'[] ") for entry in lines if entry}


def _as_text(value: Any) -> str | None:
    """Return a scalar, or a list of scalars or of mappings with a name, as text."""
    if isinstance(value, list):
        found = (_as_text(item) for item in value[:20] if not isinstance(item, list))
        return ", ".join(filter(None, found)) or None
    if isinstance(value, Mapping):
        value = value.get("name")
    return None if value is None or isinstance(value, (list, Mapping)) else str(value)
