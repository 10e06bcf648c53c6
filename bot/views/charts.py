"""Pictures for owners."""

import io
from typing import TYPE_CHECKING

from bot.texts import Texts

if TYPE_CHECKING:
    from bot.journal import Stats


def draw_stats(stats: "Stats", texts: Texts) -> bytes:
    """Draw the last days as a PNG: answered against not, thumbs, and how long answers took."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    days = [f"{day.day}.{day.month}." for day, _ in stats.days]
    periods = [period for _, period in stats.days]
    figure = Figure(figsize=(8, 8), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    asked, thumbs, times = figure.subplots(3, 1, sharex=True, height_ratios=(3, 2, 2))
    answered = [period.answered for period in periods]
    missed = [period.not_answered for period in periods]
    places = range(len(days))
    asked.bar(places, answered, color="#3a923a", label=texts("chart_answered"))
    asked.bar(places, missed, bottom=answered, color="#c03d3e", label=texts("chart_missed"))
    asked.set_title(texts("chart_questions"))
    thumbs.bar(places, [period.up for period in periods], color="#3a923a", label="+")
    thumbs.bar(places, [-period.down for period in periods], color="#c03d3e", label="−")
    thumbs.set_title(texts("chart_thumbs"))
    for name, values in (
        ("50 %", [period.p50_ms for period in periods]),
        ("95 %", [period.p95_ms for period in periods]),
    ):
        known = [float("nan") if value is None else value for value in values]
        times.plot(places, known, marker="o", markersize=3, label=name)
    times.set_title(texts("chart_latency"))
    times.set_ylim(bottom=0)
    step = max(1, len(days) // 10)
    times.set_xticks(list(places)[::step], days[::step])
    for axes in (asked, thumbs, times):
        axes.legend(loc="upper left", fontsize=8, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in (asked, thumbs):
        axes.yaxis.get_major_locator().set_params(integer=True)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
