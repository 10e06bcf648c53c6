"""Answers and builds as text in a terminal, or in a pipe."""

from typing import TYPE_CHECKING

from embeddings.text.file_names import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from embeddings.index.build import BuildResult
    from embeddings.search.answer import Answer, Hit


_NAMED = 20
"""Articles named one by one after a build."""
NOT_ANSWERED = "The articles do not answer this. These passages are the nearest:"


def print_answer(
    answer: "Answer", not_answered: str = NOT_ANSWERED, console: "Console | None" = None
) -> None:
    """Print the passages, best first, each under its title and heading.

    When they do not answer, `not_answered` stands above them, and nothing in them is marked.
    """
    from rich.console import Console

    console = console or Console(soft_wrap=False, highlight=False)
    if not answer.passages:
        console.print("Nothing is indexed yet.")
    elif answer.answered is False:
        console.print(f"{not_answered}\n")
    for number, found in enumerate(answer.passages, start=1):
        if number > 1:
            console.print()
        console.print(heading_line(found, number), soft_wrap=not console.is_terminal)
        text = passage_text(found, marked=answer.answered is not False)
        console.print(text, soft_wrap=not console.is_terminal)


def heading_line(found: "Hit", number: int) -> "Text":
    """Return "1  Title › Heading, p. 3  (file.txt)"."""
    from rich.text import Text

    line = Text(f"{number}  ", style="bold cyan")
    line.append(found.source.title, "bold")
    if found.passage.heading:
        line.append(f" › {found.passage.heading}")
    if found.passage.page:
        line.append(f", p. {found.passage.page}")
    line.append(f"  {found.source.url or printable(found.passage.article)}", "dim")
    return line


def passage_text(found: "Hit", *, marked: bool) -> "Text":
    """Return the passage, its highlight in bold when it is to be marked."""
    from rich.text import Text

    text = Text(found.passage.text)
    if found.highlight and marked:
        text.stylize("bold yellow", found.highlight.start, found.highlight.end)
    return text


def build_lines(result: "BuildResult") -> list[str]:
    """Return what a build did; what it touched is named while that is a short list."""
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
    lines += named[:_NAMED]
    if len(named) > _NAMED:
        lines.append(f"  and {len(named) - _NAMED} more")
    return lines
