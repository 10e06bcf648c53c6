"""Writes an evaluation as a report in Markdown, with charts."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from embeddings.errors import UsageError
from embeddings.quality.evaluate import Evaluation, Judged, Metrics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MISSES = 40
_BINS = 10


def table(evaluation: Evaluation) -> str:
    """Return the metrics as a Markdown table: in total, by language, and by part of the data."""
    columns = {"all": evaluation.total, **evaluation.by_language, **evaluation.by_part}
    lines = [
        f"| {evaluation.name} | {' | '.join(columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for field in fields(Metrics):
        values = [_cell(getattr(metrics, field.name)) for metrics in columns.values()]
        lines.append(f"| {field.name.replace('_', ' ')} | {' | '.join(values)} |")
    return "\n".join(lines)


def write_report(evaluation: Evaluation, folder: Path) -> None:
    """Write `report.md` with three charts and the worst misses into a folder.

    Raises:
        UsageError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        charts = _draw(evaluation, folder)
        page = "\n\n".join(
            [
                f"# {evaluation.name}",
                table(evaluation),
                *(f"![{alt}]({name})" for name, alt in charts),
                "## Misses, the most confident first",
                *_misses(evaluation.judged),
            ]
        )
        (folder / "report.md").write_text(page + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The report cannot be written to {folder}: {error.strerror}.") from error


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"


def _misses(judged: Sequence[Judged]) -> list[str]:
    """List questions that were answered wrongly, then those with an answer that was not given."""
    wrong = [e for e in judged if e.answer.answered and not e.is_right]
    silent = [e for e in judged if e.question.answerable and e.is_right and not e.answer.answered]
    blocks = []
    for title, entries, order in (
        ("Answered, and the first passage does not answer", wrong, -1),
        ("Not answered, though the first passage answers", silent, 1),
    ):
        entries = sorted(entries, key=lambda e: order * (e.answer.confidence or 0))
        blocks.append(f"### {title}: {len(entries)}")
        blocks += [_miss(entry) for entry in entries[:_MISSES]]
    return blocks


def _miss(entry: Judged) -> str:
    question, best = entry.question, entry.best
    expected = "no article" if question.article is None else f"{question.article}"
    if question.page is not None:
        expected += f", page {question.page}"
    wanted = ", ".join(question.answers) or "–"
    found = "nothing"
    if best is not None:
        marked = best.highlight.text if best.highlight else best.passage.text[:200]
        found = f"{best.passage.article}: {marked}"
    return (
        f"- **{question.text}** ({question.id}, confidence {entry.answer.confidence or 0:.2f})  \n"
        f"  expected: {expected}: {wanted}  \n  found: {found}"
    )


def _draw(evaluation: Evaluation, folder: Path) -> list[tuple[str, str]]:
    """Draw three charts of the confidence, where there is one; return file names and titles."""
    asked = (*evaluation.judged, *evaluation.near_misses)
    decided = [e for e in asked if e.answer.confidence is not None]
    if not decided:
        return []
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    drawn = []
    for name, alt, draw in (
        ("reliability.png", "How often the first passage answers, by confidence", _reliability),
        ("risk-coverage.png", "Wrong answers against questions answered", _risk_coverage),
        ("confidence.png", "Confidence of right and of wrong first passages", _histograms),
    ):
        figure = Figure(figsize=(5, 3.6), dpi=120, layout="constrained")
        draw(figure.add_subplot(), decided)
        figure.savefig(folder / name)
        drawn.append((name, alt))
    return drawn


def _reliability(axes: "Axes", judged: Sequence[Judged]) -> None:
    """Draw the share of right first passages by confidence; it should lie on the diagonal."""
    bins: list[list[Judged]] = [[] for _ in range(_BINS)]
    for entry in judged:
        bins[min(int((entry.answer.confidence or 0) * _BINS), _BINS - 1)].append(entry)
    filled = [entries for entries in bins if entries]
    sure = [fmean(e.answer.confidence or 0 for e in entries) for entries in filled]
    right = [fmean(e.is_right for e in entries) for entries in filled]
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    axes.scatter(sure, right, s=[8 + 200 * len(entries) / len(judged) for entries in filled])
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02))


def _risk_coverage(axes: "Axes", judged: Sequence[Judged]) -> None:
    """Draw the share of wrong answers when only the most confident ones are given."""
    ordered = sorted(judged, key=lambda e: -(e.answer.confidence or 0))
    wrong, coverage, risk = 0, [], []
    for number, entry in enumerate(ordered, start=1):
        wrong += not entry.is_right
        coverage.append(number / len(ordered))
        risk.append(wrong / number)
    axes.plot(coverage, risk)
    answered = fmean(bool(e.answer.answered) for e in judged)
    axes.axvline(answered, color="0.7", linestyle="--", label="as shipped")
    axes.set(xlabel="share of questions answered", ylabel="share of answers wrong", xlim=(0, 1))
    axes.legend()


def _histograms(axes: "Axes", judged: Sequence[Judged]) -> None:
    groups: dict[str, Any] = {
        name: [e.answer.confidence for e in judged if e.is_right is right]
        for name, right in (("the first passage answers", True), ("it does not", False))
    }
    axes.hist(list(groups.values()), bins=20, range=(0, 1), label=list(groups), stacked=False)
    axes.set(xlabel="confidence", ylabel="questions", yscale="log")
    axes.legend()
