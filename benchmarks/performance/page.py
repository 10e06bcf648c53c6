"""Fills the template `performance.md.jinja` with the stored results."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.performance import PARTS
from benchmarks.performance.common import Result, Results
from benchmarks.performance.machine import FAST_SMALL_NUMBERS
from benchmarks.performance.plots import draw
from benchmarks.performance.start import FIRST_ANSWER, HELP

US = "us"
Row = dict[str, Any]


class Goal(NamedTuple):
    """One line of the summary; `measured` and `reached` are None where nothing was measured."""

    what: str
    asked: str
    measured: str | None
    reached: bool | None


def write_page(results: Results, folder: Path) -> Path:
    """Write `performance.md` and its pictures into a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    found = _found(results)
    draw(found, folder / "performance")
    path = folder / "performance.md"
    path.write_text(render(results), encoding="utf-8")
    return path


def render(results: Results) -> str:
    """Return the page."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (it is Markdown)
    )
    templates.filters |= {"shown": shown, "share": share}
    found = _found(results)
    machines = [each.machine | {"load": None} for each in results.values()]
    return templates.get_template("performance.md.jinja").render(
        **found,
        results=results,
        missing=lambda part: _missing(results.get(part), part),
        goals=goals(results),
        peer=compare_peers(found["peers"]),
        machines=[machine for n, machine in enumerate(machines) if machine not in machines[:n]],
        fast_features=FAST_SMALL_NUMBERS,
    )


def shown(number: float) -> str:
    """Return a number with three significant digits, and thousands separated."""
    if abs(number) >= 100:
        return f"{number:,.0f}"
    digits = 1 if abs(number) >= 10 else 2 if abs(number) >= 0.1 else 3
    return f"{number:.{digits}f}"


def share(number: float) -> str:
    """Return a share without the zero before the point, as other pages show it."""
    return f"{number:.3f}".removeprefix("0")


def compare_peers(found: Row | None) -> Row | None:
    """Compare this program with the fastest and the best of its peers.

    Returns:
        `ours`: this program's row; `quickest` and `builder`: the rows of the peers with the
        fastest question and the most passages a second; `faster`, `passages`, `characters`,
        `memory`: how many times better this program is than the best of them; `right`: answer@1
        of this program and of the best peer, by language. None unless there are both.
    """
    rows: Sequence[Row] = found["rows"] if found else []
    ours = next((row for row in rows if row["peer"] == US), None)
    others = [row for row in rows if row["peer"] != US]
    if ours is None or not others:
        return None
    quickest = min(others, key=lambda row: float(row["milliseconds"]["p50"]))
    builder = max(others, key=lambda row: float(row["passages_per_second"]))
    characters = max(row["characters_per_second"] for row in others)
    return {
        "ours": ours,
        "quickest": quickest,
        "builder": builder,
        "faster": quickest["milliseconds"]["p50"] / ours["milliseconds"]["p50"],
        "passages": ours["passages_per_second"] / builder["passages_per_second"],
        "characters": ours["characters_per_second"] / characters,
        "memory": min(row["memory_mb"] for row in others) / ours["memory_mb"],
        "right": {
            language: (value, max(row["answer_at_1"].get(language, 0.0) for row in others))
            for language, value in ours["answer_at_1"].items()
        },
    }


def goals(results: Results) -> list[Goal]:
    """Return each goal with what was measured for it."""
    found = _found(results)
    measured = {
        what: text_and_reached
        for given, judge in (
            (compare_peers(found["peers"]), _judge_peers),
            (found["size"], _judge_size),
            (found["start"], _judge_start),
            (found["memory"], _judge_memory),
        )
        if given
        for what, *text_and_reached in judge(given)
    }
    return [Goal(what, goal, *measured.get(what, (None, None))) for what, goal in _GOALS.items()]


_FASTER, _BETTER, _BUILD, _SIZE, _HELP, _FIRST, _MEMORY = _GOALS = {
    "a question, beside the fastest peer": "at least 4 times faster",
    "answers right at first, beside the best peer": "more",
    "a build, beside the fastest peer": "3 times the passages/s",
    "a question of 100,000 passages, of 1,000": "at most 1.5 times",
    "`--help`": "0.2 s",
    "first answer of a fresh process": "1.5 s",
    "memory of the serving bot, one article": "350 MB",
}
_Judged = Iterator[tuple[str, str, bool]]
"""The goal, what was measured as it is shown, and whether the goal is reached."""


def _judge_peers(peer: Row) -> _Judged:
    quickest, faster = peer["quickest"], peer["faster"]
    times = _two(peer["ours"]["milliseconds"]["p50"], quickest["milliseconds"]["p50"])
    yield _FASTER, f"{faster:.1f} times ({times}, {quickest['peer']})", faster >= 4
    right = peer["right"].items()
    text = ", ".join(f"{name} {share(own)} and {share(best)}" for name, (own, best) in right)
    yield _BETTER, text, all(own > best for _, (own, best) in right)
    text = f"{shown(peer['passages'])} times ({peer['builder']['peer']})"
    yield _BUILD, f"{text}; by characters {shown(peer['characters'])}", peer["passages"] >= 3


def _judge_size(size: Row) -> _Judged:
    rows = [(row["passages"], row["total"]["p50"]) for row in size["rows"]]
    small = [p50 for passages, p50 in rows if 500 <= passages < 2000]
    large = [p50 for passages, p50 in rows if passages >= 90_000]
    if small and large:
        ratio = large[0] / small[0]
        yield _SIZE, f"{ratio:.2f} times ({_two(large[0], small[0])})", ratio <= 1.5


def _judge_start(start: Row) -> _Judged:
    for what, name, most in ((_HELP, HELP, 0.2), (_FIRST, FIRST_ANSWER, 1.5)):
        seconds = start["seconds"][name]["median"]
        yield what, f"{seconds:.2f} s", seconds <= most


def _judge_memory(memory: Row) -> _Judged:
    most = max(each["resident"] for each in memory["megabytes"].values())
    yield _MEMORY, f"{most:.0f} MB", most <= 350


def _two(one: float, other: float) -> str:
    return f"{shown(one)} and {shown(other)} ms"


def _found(results: Results) -> dict[str, Row | None]:
    """Return what each part found; None for a part that was not measured."""
    return {part: results[part].found if part in results else None for part in PARTS}


def _missing(result: Result | None, part: str) -> str:
    if result is not None and result.missing:
        return f"Not measured: {result.missing}."
    return f"Not measured yet: `python -m benchmarks.performance --only {part}`."
