"""An answer as text in a terminal, or in a pipe."""

from typing import TYPE_CHECKING

from embeddings.names import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from embeddings.answer import Answer, Found


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


def heading_line(found: "Found", number: int) -> "Text":
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


def passage_text(found: "Found", *, marked: bool) -> "Text":
    """Return the passage, its highlight in bold when it is to be marked."""
    from rich.text import Text

    text = Text(found.passage.text)
    if found.highlight and marked:
        text.stylize("bold yellow", found.highlight.start, found.highlight.end)
    return text
