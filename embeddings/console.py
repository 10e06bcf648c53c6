"""Prints answers and build results as text, in a terminal or a pipe."""

from typing import TYPE_CHECKING

from embeddings.text.file_names import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from embeddings.index.build import BuildResult
    from embeddings.search.answer import Answer, Hit


_MOST_NAMED = 20
"""Most articles that are named after a build."""
NOT_ANSWERED = "The articles do not answer this. These passages are the nearest:"


def print_answer(
    answer: "Answer", not_answered: str = NOT_ANSWERED, console: "Console | None" = None
) -> None:
    """Print the passages, best first, each below its title and heading.

    When they do not answer, `not_answered` is printed first, and no highlight is bold.
    """
    from rich.console import Console
    from rich.text import Text

    console = console or Console(highlight=False)
    if not answer.passages:
        console.print("Nothing is indexed yet.")
    elif answer.answered is False:
        console.print(f"{not_answered}\n")
    for number, hit in enumerate(answer.passages, start=1):
        if number > 1:
            console.print()
        console.print(_heading_line(hit, number), soft_wrap=not console.is_terminal)
        text = Text(hit.passage.text)
        if hit.highlight and answer.answered is not False:
            text.stylize("bold yellow", hit.highlight.start, hit.highlight.end)
        console.print(text, soft_wrap=not console.is_terminal)


def _heading_line(hit: "Hit", number: int) -> "Text":
    """Return "1  Title › Heading, p. 3  file.txt"."""
    from rich.text import Text

    line = Text(f"{number}  ", style="bold cyan")
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
