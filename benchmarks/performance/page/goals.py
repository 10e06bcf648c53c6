"""What was asked for, and what was measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.performance.page.table import NOT_MEASURED, Results, found_by, share, shown, table

US = "us"
_FIRST_ANSWER, _HELP = "python -m embeddings search … --json", "python -m embeddings --help"


@dataclass(frozen=True)
class Goal:
    """One line of the summary.

    Attributes:
        measured: as it is shown; None where it was not measured.
        reached: None likewise.
    """

    what: str
    asked: str
    measured: str | None = None
    reached: bool | None = None


def goals(results: Results) -> list[Goal]:
    """Hold what was found against what was asked for."""
    return [
        _goal(results, "a question, beside the fastest peer", "at least 4 times faster", _faster),
        _goal(results, "answers right at first, beside the best peer", "more", _better),
        _goal(results, "a question, beside the machine's floor", "within 5 times", _near_floor),
        _goal(results, "a build, beside the fastest peer", "3 times the passages/s", _builds),
        _goal(results, "a question of 100,000 passages, of 1,000", "at most 1.5 times", _grows),
        _goal(results, "`--help`", "0.2 s", _started(_HELP, 0.2)),
        _goal(results, "first answer of a fresh process", "1.5 s", _started(_FIRST_ANSWER, 1.5)),
        _goal(results, "memory of the serving bot, one article", "350 MB", _memory),
    ]


def summary(results: Results) -> str:
    """Return the goals as a table."""
    answer = {True: "yes", False: "**no**", None: ""}
    return table(
        ("", "asked for", "measured", "reached"),
        (
            (goal.what, goal.asked, goal.measured or NOT_MEASURED, answer[goal.reached])
            for goal in goals(results)
        ),
    )


def apart(rows: list[dict[str, Any]]) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return what was found of this program, and of its peers."""
    ours = next((row for row in rows if row["peer"] == US), None)
    return ours, [row for row in rows if row["peer"] != US]


_Held = tuple[str, bool] | None


def _goal(results: Results, what: str, asked: str, hold: Callable[[Results], _Held]) -> Goal:
    held = hold(results)
    return Goal(what, asked) if held is None else Goal(what, asked, *held)


def with_peers(results: Results) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return what was found of this program, and of its peers; None unless there are both."""
    found = found_by(results, "peers")
    ours, others = apart(found["rows"]) if found else (None, [])
    return (ours, others) if ours and others else None


def _faster(results: Results) -> _Held:
    both = with_peers(results)
    if both is None:
        return None
    ours, others = both
    best = min(others, key=lambda row: float(row["milliseconds"]["p50"]))
    ratio = best["milliseconds"]["p50"] / ours["milliseconds"]["p50"]
    times = f"{shown(ours['milliseconds']['p50'])} and {shown(best['milliseconds']['p50'])} ms"
    return f"{ratio:.1f} times ({times}, {best['peer']})", ratio >= 4


def _better(results: Results) -> _Held:
    both = with_peers(results)
    if both is None:
        return None
    ours, others = both
    pairs = {
        language: (value, max(row["answer_at_1"].get(language, 0.0) for row in others))
        for language, value in ours["answer_at_1"].items()
    }
    told = ", ".join(f"{name} {share(a)} and {share(b)}" for name, (a, b) in pairs.items())
    return told, all(a > b for a, b in pairs.values())


def _builds(results: Results) -> _Held:
    both = with_peers(results)
    if both is None:
        return None
    ours, others = both
    best = max(others, key=lambda row: float(row["passages_per_second"]))
    ratio = ours["passages_per_second"] / best["passages_per_second"]
    characters = ours["characters_per_second"] / max(r["characters_per_second"] for r in others)
    told = f"{shown(ratio)} times ({best['peer']}); by characters {shown(characters)}"
    return told, ratio >= 3


def _near_floor(results: Results) -> _Held:
    found = found_by(results, "floor")
    if not found:
        return None
    ratio = found["measured"] / found["floor"]
    times = f"{shown(found['measured'])} and {shown(found['floor'])} ms"
    return f"{ratio:.1f} times ({times})", ratio <= 5


def _grows(results: Results) -> _Held:
    found = found_by(results, "size")
    rows = found["rows"] if found else []
    small = [row for row in rows if 500 <= row["passages"] < 2000]
    large = [row for row in rows if row["passages"] >= 90_000]
    if not (small and large):
        return None
    ratio = large[0]["total"]["p50"] / small[0]["total"]["p50"]
    times = f"{shown(large[0]['total']['p50'])} and {shown(small[0]['total']['p50'])} ms"
    return f"{ratio:.2f} times ({times})", ratio <= 1.5


def _started(name: str, most: float) -> Callable[[Results], _Held]:
    def held(results: Results) -> _Held:
        found = found_by(results, "start")
        if not found:
            return None
        seconds = found["seconds"][name]["median"]
        return f"{seconds:.2f} s", seconds <= most

    return held


def _memory(results: Results) -> _Held:
    found = found_by(results, "memory")
    if not found:
        return None
    most = max(each["resident"] for each in found["megabytes"].values())
    return f"{most:.0f} MB", most <= 350
