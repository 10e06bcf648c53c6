"""An answer as text in a terminal, or in a pipe."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from embeddings.search import Answer, Found


def print_answer(answer: "Answer", console: "Console | None" = None) -> None:
    """Print the passages, best first, each under its title and heading."""
    from rich.console import Console

    console = console or Console(soft_wrap=False, highlight=False)
    if not answer.passages:
        console.print("Nothing is indexed yet.")
    for number, found in enumerate(answer.passages, start=1):
        if number > 1:
            console.print()
        console.print(heading_line(found, number))
        console.print(passage_text(found), soft_wrap=not console.is_terminal)


def heading_line(found: "Found", number: int) -> "Text":
    """Return "1  Title › Heading, p. 3  (file.txt)"."""
    from rich.text import Text

    line = Text(f"{number}  ", style="bold cyan")
    line.append(found.source.title, "bold")
    if found.passage.heading:
        line.append(f" › {found.passage.heading}")
    if found.passage.page:
        line.append(f", p. {found.passage.page}")
    line.append(f"  {found.source.url or found.passage.article}", "dim")
    return line


def passage_text(found: "Found") -> "Text":
    """Return the passage with its highlight in bold."""
    from rich.text import Text

    text = Text(found.passage.text)
    if found.highlight:
        text.stylize("bold yellow", found.highlight.start, found.highlight.end)
    return text
