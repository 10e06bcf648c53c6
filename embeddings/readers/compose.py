"""Makes an article from headings and paragraphs: the last step of every reader."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from embeddings.articles.article import Article, Section
from embeddings.errors import UnreadableFile
from embeddings.readers.metadata import Metadata
from embeddings.text.decoding import clean
from embeddings.text.language import detect
from embeddings.text.sentences import sentences_of

MAX_CHARACTERS = 5_000_000
"""A longer text is refused: its index would take the memory of a small machine."""
_LONGEST_HEADING = 300
"""Characters; a longer heading is a paragraph that was marked wrongly."""


class Block(NamedTuple):
    """A heading of `level` 1 (the outermost) or more, or a paragraph, of level 0."""

    text: str
    level: int = 0


class Paragraph(NamedTuple):
    """A paragraph with the headings above it, outermost first, and its page."""

    text: str
    headings: tuple[str, ...] = ()
    page: int | None = None


def make_article(
    path: str, metadata: Metadata, blocks: Iterable[Block], empty: str = "no text in it"
) -> Article:
    """Make an article; without a title in the metadata, its first heading of level 1 is its title.

    Raises:
        UnreadableFile: there is no text (the reason is `empty`), or too much.
    """
    cleaned = [block for block in map(_cleaned, blocks) if block.text]
    title = metadata.title or next((text for text, level in cleaned if level == 1), None)
    for number, (text, level) in enumerate(cleaned):
        if level and title and text.casefold() == title.casefold() and len(cleaned) > 1:
            del cleaned[number]  # the heading that is the title
            break
    text, sections = compose(outline(cleaned))
    if not text:
        raise UnreadableFile(empty)
    language = detect(text, (metadata.language,) if metadata.language else ())
    sentences = sentences_of(text, language)
    own = metadata.author, metadata.url, metadata.date
    return Article(path, title, text, sentences, sections, language, *own)


def outline(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield each paragraph with the headings above it.

    A heading with nothing below it becomes a paragraph, so that its words are kept.
    """
    above: list[Block] = []
    unused = 0  # the innermost headings with no paragraph below them yet
    for block in (*blocks, None):
        if block and not block.level:
            unused = 0
            yield Paragraph(block.text, tuple(heading.text for heading in above))
            continue
        keep = sum(1 for heading in above if block and heading.level < block.level)
        used = max(keep, len(above) - unused)
        for heading in above[used:]:
            unused = 0
            yield Paragraph(heading.text, tuple(outer.text for outer in above[:used]))
        del above[keep:]
        if block:
            above.append(block)
            unused += 1


def compose(paragraphs: Iterable[Paragraph]) -> tuple[str, tuple[Section, ...]]:
    """Join paragraphs into the text of an article; a section begins with each new heading or page.

    Raises:
        UnreadableFile: the text is longer than an article can be.
    """
    parts: list[str] = []
    sections: list[Section] = []
    length = 0
    for text, headings, page in paragraphs:
        start = length + 2 if parts else 0
        if not sections or (sections[-1].headings, sections[-1].page) != (headings, page):
            sections.append(Section(start, headings, page))
        parts.append(text)
        length = start + len(text)
        check_length(length)
    return "\n\n".join(parts), tuple(sections) or (Section(0),)


def check_length(characters: int) -> None:
    """Raise UnreadableFile when a text of so many characters is too long for an article."""
    if characters > MAX_CHARACTERS:
        raise UnreadableFile(
            f"longer than {MAX_CHARACTERS // 10**6} million characters; split it into several files"
        )


def _cleaned(block: Block) -> Block:
    text = " ".join(clean(block.text).split())
    is_heading = len(text) <= _LONGEST_HEADING and any(map(str.isalnum, text))
    return Block(text, block.level if is_heading else 0)
