"""The pictures of the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.performance.question import PARTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PALETTE = "#9ecae1 #3182bd #a1d99b #31a354 #fd8d3c #fdd0a2 #bcbddc #756bb1 #969696 #d9d9d9"
_COLOURS = dict(zip(PARTS, _PALETTE.split(), strict=True))
_OURS, _THEIRS = "#3182bd", "#c6c6c6"


def draw(found: Mapping[str, dict[str, Any] | None], folder: Path) -> None:
    """Draw what was measured into PNG files; a picture without figures is left out."""
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)

    def figure(width: float, height: float) -> Figure:
        return Figure(figsize=(width, height), dpi=110, layout="constrained")

    def store(picture: Figure, name: str) -> None:
        for axes in picture.axes:
            axes.spines[["top", "right"]].set_visible(False)
        picture.savefig(folder / name)

    if question := found["question"]:
        picture = figure(8, 2.6)
        _draw_question(picture.add_subplot(), question["parts"])
        store(picture, "question.png")
    if size := found["size"]:
        picture = figure(6, 3.4)
        _draw_size(picture.add_subplot(), size["rows"])
        store(picture, "size.png")
    if (peers := found["peers"]) and peers["rows"]:
        picture = figure(8, 2.8)
        time, quality = picture.subplots(1, 2)
        names = ["this program" if row["peer"] == "us" else row["peer"] for row in peers["rows"]]
        colours = [_OURS if row["peer"] == "us" else _THEIRS for row in peers["rows"]]
        _draw_times(time, names, colours, peers["rows"])
        _draw_quality(quality, names, colours, peers["rows"])
        store(picture, "peers.png")


def _draw_question(axes: "Axes", parts: dict[str, dict[str, float]]) -> None:
    """Draw the parts one behind the other."""
    at = 0.0
    for part, spent in parts.items():
        label = f"{part} {spent['p50']:.2f}"
        axes.barh(0, spent["p50"], left=at, color=_COLOURS[part], label=label)
        at += spent["p50"]
    axes.set(xlabel="milliseconds of a median question", yticks=[])
    axes.legend(fontsize=8, ncols=1, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def _draw_size(axes: "Axes", rows: list[dict[str, Any]]) -> None:
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
    axes.legend(fontsize=8, frameon=False)


def _draw_times(
    axes: "Axes", names: list[str], colours: list[str], rows: list[dict[str, Any]]
) -> None:
    bars = axes.barh(names, [row["milliseconds"]["p50"] for row in rows], color=colours)
    axes.bar_label(bars, fmt="%.1f", padding=3, fontsize=8)
    axes.set(xlabel="milliseconds of a median question")
    axes.invert_yaxis()
    axes.margins(x=0.15)


def _draw_quality(
    axes: "Axes", names: list[str], colours: list[str], rows: list[dict[str, Any]]
) -> None:
    languages = sorted(rows[0]["answer_at_1"])
    height = 0.8 / len(languages)
    for number, language in enumerate(languages):
        places = [place + number * height for place in range(len(rows))]
        values = [row["answer_at_1"][language] for row in rows]
        bars = axes.barh(places, values, height * 0.9, color=colours, alpha=1 - 0.4 * number)
        marks = [f"{language} {value:.3f}" for value in values]
        axes.bar_label(bars, marks, padding=3, fontsize=7)
    axes.set(xlabel="answer@1", xlim=(0, 1.2), xticks=(0, 0.25, 0.5, 0.75, 1))
    axes.set_yticks([place + 0.4 - height / 2 for place in range(len(rows))], names)
    axes.invert_yaxis()
