"""Makes an article from headings and paragraphs: the last step of every reader."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from embeddings.articles.article import Article, Dropped, PageStart, Section
from embeddings.errors import UnreadableFile
from embeddings.readers.metadata import Metadata
from embeddings.readers.structure.blocks import Block as Block
from embeddings.readers.structure.blocks import Paragraph as Paragraph
from embeddings.readers.structure.bylines import without_bylines
from embeddings.readers.structure.contents import without_contents
from embeddings.readers.structure.questions import with_questions
from embeddings.readers.tables import CELLS
from embeddings.text.decoding import clean
from embeddings.text.language import detect
from embeddings.text.mojibake import is_garbled
from embeddings.text.sentences import Span, sentences_of
from embeddings.translatable import Translatable

MAX_CHARACTERS = 5_000_000
"""A longer text is refused: its index would take the memory of a small machine."""
Composed = tuple[str, tuple[Section, ...], tuple[PageStart, ...]]
"""The text of an article, its sections and its pages."""
_ITEM_NUMBER = re.compile(r"(?:\d{1,3}\.){1,5}(?:\d{1,3})?\)?|[^\W\d_][.)]")
NO_TEXT = Translatable("no text in it")
STRUCK = "struck out"
"""Why text is left out that stands no more: beside its replacement both would be read as one."""
_LONGEST_ROW = 400
"""Characters; the sentences of a longer row stay apart."""
_LONGEST_HEADING = 300
"""Characters; a longer heading is a paragraph that was marked wrongly."""


def make_article(
    path: str,
    metadata: Metadata,
    blocks: Iterable[Block],
    empty: str = NO_TEXT,
    *,
    dropped: Sequence[Dropped] = (),
    warnings: Sequence[str] = (),
    is_letter: bool = False,
) -> Article:
    """Make an article; without a title in the metadata, its first heading of level 1 is its title.

    Args:
        path: of the file, below the folder of articles.
        metadata: what the file says of itself.
        blocks: headings and paragraphs, in order.
        empty: why there is no article when there are no blocks.
        dropped: what was left out.
        warnings: what could not be read well.
        is_letter: whether it is a message, in which questions are asked of who gets it.

    Raises:
        UnreadableFile: there is no text (the reason is `empty`), or too much.
    """
    cleaned = [block for block in map(_cleaned, blocks) if block.text or block.level]
    metadata, cleaned, bylines = without_bylines(metadata, cleaned)
    cleaned, lists = without_contents(cleaned)
    title = metadata.title or next(
        (block.text for block in cleaned if block.level == 1 and block.text), None
    )
    for number, (text, level, _) in enumerate(cleaned):
        if level and title and text.casefold() == title.casefold() and len(cleaned) > 1:
            del cleaned[number]  # the heading that is the title
            break
    text, sections, pages = compose(outline(cleaned), is_letter=is_letter)
    if not text:
        raise UnreadableFile(empty)
    language = detect(text, (metadata.language,) if metadata.language else ())
    return Article(
        path,
        title,
        text,
        article_sentences(text, language),
        sections,
        language,
        metadata.author,
        metadata.url,
        metadata.date,
        pages,
        (*dropped, *bylines, *lists),
        (*warnings, *_warnings(text)),
    )


def article_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Return the sentences of an article's text; a short row of a table is one.

    The number of an item of a list ("2.1.") belongs to the sentence after it.
    """
    sentences: list[Span] = []
    for start, end in sentences_of(text, language):
        is_numbered = sentences and _ITEM_NUMBER.fullmatch(text, *sentences[-1])
        if is_numbered and "\n" not in text[sentences[-1][1] : start]:
            sentences[-1] = (sentences[-1][0], end)
            continue
        if sentences and CELLS in text[sentences[-1][0] : end]:
            joined = text[sentences[-1][0] : end]
            if "\n" not in joined and len(joined) <= _LONGEST_ROW:
                sentences[-1] = (sentences[-1][0], end)
                continue
        sentences.append((start, end))
    return tuple(sentences)


def outline(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield each paragraph with the headings above it.

    A heading with nothing below it becomes a paragraph, so that its words are kept.
    """
    above: list[Block] = []
    unused = 0  # the innermost headings with no paragraph below them yet
    for block in (*blocks, None):
        if block and not block.level:
            unused = 0
            yield Paragraph(block.text, tuple(heading.text for heading in above), block.pages)
            continue
        keep = sum(1 for heading in above if block and heading.level < block.level)
        used = max(keep, len(above) - unused)
        for heading in above[used:]:
            unused = 0
            headings = tuple(outer.text for outer in above[:used])
            yield Paragraph(heading.text, headings, heading.pages)
        del above[keep:]
        if block and block.text:
            above.append(block)
            unused += 1


def compose(paragraphs: Iterable[Paragraph], *, is_letter: bool = False) -> Composed:
    """Join paragraphs into the text of an article; a section begins with each new heading.

    Where questions and answers are its form, the questions are headings.

    Raises:
        UnreadableFile: the text is longer than an article can be.
    """
    parts: list[str] = []
    sections: list[Section] = []
    pages: list[PageStart] = []
    length = 0
    for text, headings, own in with_questions(list(paragraphs), is_letter=is_letter):
        start = length + 2 if parts else 0
        if not sections or sections[-1].headings != headings:
            sections.append(Section(start, headings))
        for page in own:
            if not pages or pages[-1].number != page.number:
                pages.append(replace(page, start=start + page.start))
        parts.append(text)
        length = start + len(text)
        check_length(length)
    return "\n\n".join(parts), tuple(sections) or (Section(0),), tuple(pages)


def _warnings(text: str) -> Iterator[str]:
    """Yield what shows that a text was not read well."""
    lost = text.count("\N{REPLACEMENT CHARACTER}")
    if lost:
        yield Translatable("letters that could not be read: {number}", number=lost)
    if is_garbled(text):
        yield Translatable("letters that form no words")


def check_length(characters: int) -> None:
    """Raise UnreadableFile when a text of so many characters is too long for an article."""
    if characters > MAX_CHARACTERS:
        raise UnreadableFile(
            "longer than {number} million characters; split it into several files",
            number=MAX_CHARACTERS // 10**6,
        )


def _cleaned(block: Block) -> Block:
    text = " ".join(clean(block.text).split())
    is_heading = len(text) <= _LONGEST_HEADING and (not text or any(map(str.isalnum, text)))
    return Block(text, block.level if is_heading else 0, block.pages)
