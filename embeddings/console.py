"""Answers, articles and results of builds as text, for a terminal or a pipe."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from embeddings.text.file_names import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from embeddings.articles.article import Article
    from embeddings.index.build_result import BuildResult
    from embeddings.index.manifest import Manifest
    from embeddings.search.answer import Also, Answer, Hit


_BEGIN, _END = "\x02", "\x03"
"""Around a highlight while a text is laid out; no article holds control characters."""
_ROW = re.compile(rf"{_BEGIN}?(?:[•–-] |\d{{1,3}}(?:\.\d{{1,3}})*[.)] |.* \| )")
"""What an item of a list begins with, and a row of a table holds."""
_MOST_NAMED = 20
"""Most articles that are named after a build."""


def print_answer(answer: "Answer") -> None:
    """Print the passages, best first, each below its title and heading.

    When they do not answer, that is said first, and no highlight is marked.
    """
    from rich.console import Console

    console = Console(highlight=False)
    if answer.understood:
        console.print(f"Understood as: {answer.understood}\n", soft_wrap=True)
    if not answer.passages:
        console.print("Nothing is indexed yet.")
    elif answer.answered is False:
        console.print("The articles do not answer this. These passages are the nearest:\n")
    for number, hit in enumerate(answer.passages, start=1):
        if number > 1:
            console.print()
        print_passage(hit, number, mark=answer.answered is not False, console=console)


def print_passage(
    hit: "Hit", number: int | None = None, *, mark: bool = True, console: "Console | None" = None
) -> None:
    """Print one passage below its title and heading, and where else it stands.

    Args:
        hit: the passage.
        number: of it in the answer, from 1, to be printed before the title.
        mark: whether the highlight is marked: in bold, or with ** where that cannot be seen.
        console: to print on; standard output by default.
    """
    from rich.console import Console
    from rich.text import Text

    console = console or Console(highlight=False)
    console.print(_heading_line(hit, number), soft_wrap=not console.is_terminal)
    whole, highlight = hit.passage.text, hit.highlight if mark else None
    start, end = (highlight.start, highlight.end) if highlight else (0, 0)
    laid_out = _closed(f"{whole[:start]}{_BEGIN}{whole[start:end]}{_END}{whole[end:]}")
    before, _, rest = laid_out.partition(_BEGIN)
    marked, _, after = rest.partition(_END)
    sign = "**" if marked and not console.is_terminal else ""
    text = Text.assemble(before, (f"{sign}{marked}{sign}", "bold yellow"), after)
    console.print(text, soft_wrap=not console.is_terminal)
    for also in hit.also:
        console.print(_also_line(hit, also), soft_wrap=not console.is_terminal)


def _closed(text: str) -> str:
    """Return a text in which items of a list, and rows of a table, have no empty lines between."""
    parts = text.split("\n\n")
    closed = parts[0]
    for above, below in pairwise(parts):
        closed += ("\n" if _ROW.match(above) and _ROW.match(below) else "\n\n") + below
    return closed


def _also_line(hit: "Hit", also: "Also") -> "Text":
    """Return where else a passage stands, and what is said otherwise there."""
    from rich.text import Text

    from embeddings.search.versions import differences

    line = Text("also in ", style="dim")
    line.append(f"{also.source.title}  {also.source.url or printable(also.passage.article)}", "dim")
    own, other = (
        [text[start:end] for start, end in spans]
        for text, spans in zip(
            (hit.passage.text, also.passage.text),
            differences(hit.passage.text, also.passage.text),
            strict=True,
        )
    )
    if own or other:
        line.append(f", differently: {', '.join(other) or '…'} (here {', '.join(own) or '…'})")
    return line


def _heading_line(hit: "Hit", number: int | None) -> "Text":
    """Return "1  Title › Heading, p. 3  file.txt"."""
    from rich.text import Text

    line = Text(f"{number}  " if number else "", style="bold cyan")
    line.append(hit.source.title, "bold")
    if hit.passage.heading:
        line.append(f" › {hit.passage.heading}")
    if hit.page:
        line.append(f", p. {hit.page}")
    line.append(f"  {hit.source.url or printable(hit.passage.article)}", "dim")
    return line


def build_lines(result: "BuildResult") -> list[str]:
    """Return what a build did, in lines; the first of the articles that changed are named."""
    done = (
        f"{'Built' if result.published else 'Up to date'}: {result.articles} articles, "
        f"{result.passages} passages; {len(result.added)} added, {len(result.changed)} changed, "
        f"{len(result.renamed)} renamed, {len(result.removed)} removed; vectors: "
        f"{result.reused} reused, {result.encoded} encoded; {result.seconds:.1f} s."
    )
    lines = [done]
    if result.rebuild_reason:
        lines.append(f"Everything was encoded: {result.rebuild_reason}.")
    named = [
        *(f"  added {printable(path)}" for path in result.added),
        *(f"  changed {printable(path)}" for path in result.changed),
        *(f"  renamed {printable(old)} to {printable(new)}" for old, new in result.renamed),
        *(f"  removed {printable(path)}" for path in result.removed),
    ]
    lines += named[:_MOST_NAMED]
    if len(named) > _MOST_NAMED:
        lines.append(f"  and {len(named) - _MOST_NAMED} more")
    return lines


def info_lines(name: str, manifest: "Manifest") -> Iterator[str]:
    """Yield what a generation holds and what it was built from."""
    yield f"Generation  {name}, built {manifest.created}, {manifest.bytes / 2**20:.1f} MB"
    yield f"Model       {manifest.model.name}, {manifest.model.dimension} dimensions"
    yield f"Articles    {len(manifest.articles)}, {manifest.passages} passages"
    for article in manifest.articles:
        facts = f"{article.language}, {article.passages} passages"
        yield f"  {printable(article.path)}: {article.title} ({facts})"
        yield from (f"    read with difficulty: {warning}" for warning in article.warnings)
    for entry in manifest.skipped:
        yield f"  {printable(entry.path)}: skipped, {entry.reason}"


def article_lines(article: "Article") -> Iterator[str]:
    """Yield an article as it is read, with a mark for each heading and each page."""
    yield article.title
    facts = (printable(article.path), article.language, article.author, article.date, article.url)
    yield " · ".join(fact for fact in facts if fact)
    above: tuple[str, ...] = ()
    pages = list(article.pages)
    for section, start, end in article.section_spans():
        shared = 0
        while section.headings[: shared + 1] == above[: shared + 1] and shared < len(above):
            shared += 1
        for level, heading in enumerate(section.headings[shared:], start=shared + 1):
            yield f"\n{'#' * level} {heading}"
        above = section.headings
        while pages and pages[0].start < end:
            page = pages.pop(0)
            yield from _text_lines(article.text[start : page.start])
            yield f"\n[page {page.number}{', recognised from a picture' * page.is_scanned}]"
            start = max(start, page.start)
        yield from _text_lines(article.text[start:end])


def dropped_lines(article: "Article") -> Iterator[str]:
    """Yield what was left out of an article, each with the reason."""
    if not article.dropped:
        yield "Nothing was left out."
    for dropped in article.dropped:
        yield f"{dropped.reason}: {dropped.text}"


def _text_lines(text: str) -> Iterator[str]:
    if text.strip():
        yield f"\n{text.strip()}"
