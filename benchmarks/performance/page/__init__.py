"""The page that tells what was measured; all figures come from the results that were kept."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.performance.page import articles, questions, running
from benchmarks.performance.page.goals import summary
from benchmarks.performance.page.plots import draw
from benchmarks.performance.page.runs import runs
from benchmarks.performance.page.table import Results

_SECTIONS: tuple[tuple[str, Callable[[Results], list[str]]], ...] = (
    ("One question", questions.question),
    ("The floor", questions.floor),
    ("What is still far from the floor", questions.far),
    ("Beside its peers", articles.peers),
    ("By the size of the corpus", questions.size),
    ("Many people at once", running.load),
    ("Builds", articles.build),
    ("Start", running.start),
    ("Memory", running.memory),
    ("When and where", runs),
)


def write_page(results: Results, folder: Path) -> Path:
    """Write `performance.md` and its pictures into a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    draw(results, folder / "performance")
    path = folder / "performance.md"
    path.write_text(page(results), encoding="utf-8")
    return path


def page(results: Results) -> str:
    """Return the page."""
    blocks = [
        "# Performance",
        "Made, pictures and all, by\n\n```\npython -m benchmarks.performance\n```",
        (
            "from what it measured; each part ran in a process of its own, one after the other. "
            "*When and where* names the machine. Times on another machine differ; read the ratios."
        ),
    ]
    if any(result.quick for result in results.values()):
        blocks.append(
            "**Some parts were only tried out (`--quick`); their figures are worth nothing.**"
        )
    blocks.append(summary(results))
    for title, tell in _SECTIONS:
        blocks += [f"## {title}", *tell(results)]
    return "\n\n".join(blocks) + "\n"
