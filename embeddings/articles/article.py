"""An article: one file below the folder of seeds, as text that can be searched and shown."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import PurePosixPath
from typing import Any

from embeddings.text.file_names import printable
from embeddings.text.sentences import Span

_NOT_PRINTED = frozenset(("path", "own_title", "sentences"))


@dataclass(frozen=True)
class Section:
    """A part of an article below one heading; it ends where the next one starts.

    It starts with a paragraph.

    Attributes:
        start: where it begins in the article's text.
        headings: from the outermost to its own; empty for what stands before the first heading.
    """

    start: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageStart:
    """Where a page begins in a text; it may be within a paragraph or a sentence.

    Attributes:
        start: the first character that stands on the page.
        number: of the page, counted from 1.
        is_scanned: whether its text was recognised from a picture.
    """

    start: int
    number: int
    is_scanned: bool = False


def page_at(pages: Sequence[PageStart], position: int) -> PageStart | None:
    """Return the page with the character at a position; None where there are no pages."""
    started = bisect_right(pages, position, key=attrgetter("start"))
    return pages[max(started - 1, 0)] if pages else None


@dataclass(frozen=True)
class Dropped:
    """Text of a file that is not in the article, and why, as a person would say it."""

    text: str
    reason: str


@dataclass(frozen=True)
class Article:
    """One file as clean text.

    Headings are not in `text`: they are the context of the sections. Paragraphs are separated by
    one empty line, and words within a paragraph by one space. Everything but `path` depends on the
    file's content alone, so a renamed file is the same article.

    Attributes:
        path: below the folder of seeds, with "/" between folders; it names the article.
        own_title: as the article gives it, None where it gives none.
        text: what can be quoted.
        sentences: everything in it but white space, in order; see `sentences.sentences_of`.
        sections: in order; together they cover the text.
        pages: in order, where the format has pages; the first begins with the text.
        language: ISO 639-1 code, "und" where it cannot be told.
        date: when it was published, as ISO 8601 has it: 2026, 2026-11 or 2026-11-23.
        dropped: what was left out of the text; it is not kept in an index.
        warnings: what the reader could not read well, as a person would say it.
    """

    path: str
    own_title: str | None
    text: str
    sentences: tuple[Span, ...]
    sections: tuple[Section, ...] = field(default=(Section(0),))
    language: str = "und"
    author: str | None = None
    url: str | None = None
    date: str | None = None
    pages: tuple[PageStart, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its own title, or else one made from the file's name."""
        return self.own_title or title_from(self.path)

    def to_json(self) -> dict[str, Any]:
        """Return the article as the command line prints it."""
        fields = {name: value for name, value in vars(self).items() if name not in _NOT_PRINTED}
        return {
            "article": self.path,
            "title": self.title,
            **fields,
            "sections": [vars(section) for section in self.sections],
            "pages": [vars(page) for page in self.pages],
            "dropped": [vars(one) for one in self.dropped],
        }

    def section_spans(self) -> Iterator[tuple[Section, int, int]]:
        """Each section with its start and end in `text`."""
        ends = [*(section.start for section in self.sections[1:]), len(self.text)]
        for section, end in zip(self.sections, ends, strict=True):
            yield section, section.start, end


def title_from(path: str) -> str:
    """Make a title from a file's name."""
    words = re.sub(r"[-_]+", " ", printable(PurePosixPath(path).stem)).strip()
    return words[:1].upper() + words[1:] if words else printable(path)
