"""The pictures of the page."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.performance.page.table import Results, found_by, shown
from benchmarks.performance.timers import PARTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = dict(
    zip(
        PARTS,
        "#9ecae1 #3182bd #a1d99b #31a354 #fd8d3c #fdd0a2 #bcbddc #756bb1 #969696 #d9d9d9".split(),
        strict=True,
    )
)
_OURS, _THEIRS = "#3182bd", "#c6c6c6"


def draw(results: Results, folder: Path) -> None:
    """Draw what was measured."""
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    question, floor = found_by(results, "question"), found_by(results, "floor")
    if question:
        figure = Figure(figsize=(8, 2.6), dpi=110, layout="constrained")
        _question(figure.add_subplot(), question, floor)
        figure.savefig(folder / "question.png")
    size = found_by(results, "size")
    if size:
        figure = Figure(figsize=(6, 3.4), dpi=110, layout="constrained")
        _size(figure.add_subplot(), size["rows"])
        figure.savefig(folder / "size.png")
    peers = found_by(results, "peers")
    if peers and peers["rows"]:
        figure = Figure(figsize=(8, 2.8), dpi=110, layout="constrained")
        _peers(figure.subplots(1, 2), peers["rows"])
        figure.savefig(folder / "peers.png")


def _question(axes: "Axes", question: dict[str, Any], floor: dict[str, Any] | None) -> None:
    """Draw the parts one behind the other, and below them what they cost at least."""
    at = 0.0
    for part, spent in question["parts"].items():
        label = f"{part} {shown(spent['p50'])}"
        axes.barh("measured", spent["p50"], left=at, color=_COLOURS[part], label=label)
        at += spent["p50"]
    if floor:
        at = 0.0
        for stage in floor["stages"]:
            axes.barh("at least", stage["floor"], left=at, color=_COLOURS[stage["name"]])
            at += stage["floor"]
    axes.invert_yaxis()
    axes.set(xlabel="milliseconds of a median question")
    _plain(axes)
    axes.legend(fontsize=8, ncols=1, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def _size(axes: "Axes", rows: list[dict[str, Any]]) -> None:
    passages = [row["passages"] for row in rows]
    for name, key, part, style in (
        ("a question, p95", "total", "p95", ":"),
        ("a question, median", "total", "p50", "-"),
        ("without encoding, median", "search", "p50", "--"),
    ):
        axes.plot(passages, [row[key][part] for row in rows], style, marker="o", label=name)
    axes.set(xscale="log", xlabel="passages", ylabel="milliseconds", ylim=(0, None))
    axes.set_xticks(passages, [f"{number:,}" for number in passages])
    axes.minorticks_off()
    _plain(axes)
    axes.legend(fontsize=8, frameon=False)


def _peers(both: Any, rows: list[dict[str, Any]]) -> None:
    time, quality = both
    names = ["this program" if row["peer"] == "us" else row["peer"] for row in rows]
    colours = [_OURS if row["peer"] == "us" else _THEIRS for row in rows]
    bars = time.barh(names, [row["milliseconds"]["p50"] for row in rows], color=colours)
    time.bar_label(bars, [shown(row["milliseconds"]["p50"]) for row in rows], padding=3, fontsize=8)
    time.set(xlabel="milliseconds of a median question")
    languages = sorted({language for row in rows for language in row["answer_at_1"]})
    height = 0.8 / len(languages)
    for number, language in enumerate(languages):
        places = [place + number * height for place in range(len(rows))]
        values = [row["answer_at_1"].get(language, 0.0) for row in rows]
        bars = quality.barh(places, values, height * 0.9, color=colours, alpha=1 - 0.4 * number)
        marks = [f"{language} {value:.3f}" for value in values]
        quality.bar_label(bars, marks, padding=3, fontsize=7)
    quality.set(xlabel="answer@1", xlim=(0, 1.2), xticks=(0, 0.25, 0.5, 0.75, 1))
    quality.set_yticks([place + 0.4 - height / 2 for place in range(len(rows))], names)
    for axes in both:
        axes.invert_yaxis()
        axes.margins(x=0.15)
        _plain(axes)


def _plain(axes: "Axes") -> None:
    axes.spines[["top", "right"]].set_visible(False)
