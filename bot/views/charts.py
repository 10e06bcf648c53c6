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

    days = [f"{day.day}.{day.month:02}" for day, _ in stats.days]
    periods = [period for _, period in stats.days]
    figure = Figure(figsize=(8, 8), dpi=110)
    # A layout that fits itself to its texts is drawn twice.
    figure.subplots_adjust(left=0.1, right=0.77, bottom=0.07, top=0.96, hspace=0.2)
    FigureCanvasAgg(figure)
    questions, ratings, times = figure.subplots(3, 1, sharex=True, height_ratios=(3, 2, 2))
    answered = [period.answered for period in periods]
    missed = [period.not_answered for period in periods]
    x = range(len(days))
    questions.bar(x, answered, color=_GOOD, label=texts("chart_answered"))
    questions.bar(x, missed, bottom=answered, color=_BAD, label=texts("chart_missed"))
    ratings.bar(x, [period.up for period in periods], color=_GOOD, label=texts("chart_up"))
    ratings.bar(x, [-period.down for period in periods], color=_BAD, label=texts("chart_down"))
    ratings.axhline(0, color="black", linewidth=0.8)
    ratings.yaxis.set_major_formatter(lambda number, _: f"{abs(number):g}")
    for name, values in (
        ("chart_half", [period.p50_ms for period in periods]),
        ("chart_most", [period.p95_ms for period in periods]),
    ):
        known = [float("nan") if value is None else value for value in values]
        times.plot(x, known, marker="o", markersize=3, label=texts(name))
    times.set_ylim(bottom=0)
    step = max(1, len(days) // 10)  # counted from the last day, which always has a label
    times.set_xticks(list(x)[::-step], days[::-step])
    times.set_xlabel(texts("chart_day"))
    for axes, title, unit in (
        (questions, "chart_questions", "chart_unit_questions"),
        (ratings, "chart_thumbs", "chart_unit_ratings"),
        (times, "chart_latency", "chart_unit_ms"),
    ):
        axes.set_title(texts(title))
        axes.set_ylabel(texts(unit))
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        if axes is not times:
            axes.yaxis.get_major_locator().set_params(integer=True)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
