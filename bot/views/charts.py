"""Pictures for admins."""

import io
from typing import TYPE_CHECKING

from bot.texts import Texts

if TYPE_CHECKING:
    from bot.journal import Stats

_GOOD, _BAD = "#3a923a", "#c03d3e"


def draw_stats(stats: "Stats", texts: Texts) -> bytes:
    """Draw the last days as a PNG: answered against not, ratings, and how long answers took."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    days = [f"{day.day}.{day.month}." for day, _ in stats.days]
    periods = [period for _, period in stats.days]
    figure = Figure(figsize=(8, 8), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    questions, ratings, times = figure.subplots(3, 1, sharex=True, height_ratios=(3, 2, 2))
    answered = [period.answered for period in periods]
    missed = [period.not_answered for period in periods]
    x = range(len(days))
    questions.bar(x, answered, color=_GOOD, label=texts("chart_answered"))
    questions.bar(x, missed, bottom=answered, color=_BAD, label=texts("chart_missed"))
    ratings.bar(x, [period.up for period in periods], color=_GOOD, label="+")
    ratings.bar(x, [-period.down for period in periods], color=_BAD, label="−")
    for name, values in (
        ("50 %", [period.p50_ms for period in periods]),
        ("95 %", [period.p95_ms for period in periods]),
    ):
        known = [float("nan") if value is None else value for value in values]
        times.plot(x, known, marker="o", markersize=3, label=name)
    times.set_ylim(bottom=0)
    step = max(1, len(days) // 10)
    times.set_xticks(list(x)[::step], days[::step])
    for axes, key in (
        (questions, "chart_questions"),
        (ratings, "chart_thumbs"),
        (times, "chart_latency"),
    ):
        axes.set_title(texts(key))
        axes.legend(loc="upper left", fontsize=8, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        if axes is not times:
            axes.yaxis.get_major_locator().set_params(integer=True)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
