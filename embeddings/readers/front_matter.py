"""Front matter: the lines of YAML or TOML in which a text says what it is."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from embeddings.readers.metadata import Metadata, make_metadata

_LONGEST = 16_384
"""Characters: more is no front matter, and YAML of that size cannot take long."""
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
    """Separate the front matter from the text below it; without one the text is whole."""
    match = _FENCED.match(text[:_LONGEST])
    if match is None:
        return Metadata(), text
    load = _load_yaml if match["fence"] == "---" else _load_toml
    entries = load(match["block"])
    entries = _by_lines(match["block"]) if entries is None else entries
    known = {str(key).strip().casefold(): value for key, value in entries.items()}
    if not _KNOWN.intersection(known):  # a text between two rules
        return Metadata(), text
    found = {
        fact: next(filter(None, (_words(known.get(key)) for key in keys)), None)
        for fact, keys in _KEYS.items()
    }
    return make_metadata(**found), text[match.end() :]


def _load_yaml(block: str) -> Mapping[Any, Any] | None:
    """Read YAML in which every scalar is a text: `no` is a language, and a date stays as it is."""
    try:
        entries = yaml.BaseLoader(block).get_single_data()
    except (yaml.YAMLError, RecursionError):
        return None
    return entries if isinstance(entries, Mapping) else None


def _load_toml(block: str) -> Mapping[Any, Any] | None:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _by_lines(block: str) -> dict[str, str]:
    """What can be saved of broken front matter, such as `title: One: two`."""
    entries = [_ENTRY.fullmatch(line.strip()) for line in block.splitlines()]
    return {entry[1]: entry[2].strip("\"'[] ") for entry in entries if entry}


def _words(value: Any) -> str | None:
    """A scalar, or a list of authors, who may be mappings with a name."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar, value[:20]))) or None
    return _scalar(value)


def _scalar(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("name")
    return None if value is None or isinstance(value, (list, Mapping)) else str(value)
