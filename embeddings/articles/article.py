"""An article: one file below the folder of seeds, as text that can be searched and shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from embeddings.text.file_names import printable
from embeddings.text.sentences import Span


@dataclass(frozen=True)
class Section:
    """A part of an article below one heading; it ends where the next one starts.

    It starts with a paragraph.

    Attributes:
        start: where it begins in the article's text.
        headings: from the outermost to its own; empty for what stands before the first heading.
        page: number of the page it lies on, counted from 1, where the format has pages.
    """

    start: int
    headings: tuple[str, ...] = ()
    page: int | None = None


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
        language: ISO 639-1 code, "und" where it cannot be told.
        date: when it was published, as ISO 8601 has it: 2026, 2026-11 or 2026-11-23.
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

    @property
    def title(self) -> str:
        """Its own title, or else one made from the file's name."""
        return self.own_title or title_from(self.path)

    def section_spans(self) -> Iterator[tuple[Section, int, int]]:
        """Each section with its start and end in `text`."""
        ends = [*(section.start for section in self.sections[1:]), len(self.text)]
        for section, end in zip(self.sections, ends, strict=True):
            yield section, section.start, end


def title_from(path: str) -> str:
    """Make a title from a file's name."""
    words = re.sub(r"[-_]+", " ", printable(PurePosixPath(path).stem)).strip()
    return words[:1].upper() + words[1:] if words else printable(path)
