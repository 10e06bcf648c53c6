"""The parts of the page about builds, and about the peers."""

from typing import Any

from benchmarks.performance.page.goals import US, apart, with_peers
from benchmarks.performance.page.table import Results, found_by, not_there, share, shown, table


def build(results: Results) -> list[str]:
    """Tell how long builds take."""
    found = found_by(results, "build")
    if not found:
        return [not_there(results, "build")]
    real = found["real"]
    encoder = f"the model ({real['runtime']}), `{real['dataset']}`"
    rows = [_built(encoder, real, real["memory"])]
    rows += [_built("costs nothing", row, row["memory"] / 2**20) for row in found["free"]]
    return [
        (
            "Everything, nothing changed, and one paragraph of one article edited; the median of "
            "several edits."
        ),
        table(
            (
                "encoder",
                "passages",
                "everything",
                "passages/s",
                "nothing changed",
                "after an edit",
                "most memory",
            ),
            rows,
        ),
        (
            f"With the model, {real['characters'] / real['full']:,.0f} characters of articles a "
            f"second; an edit takes 1/{real['full'] / real['edit']:.0f} of the whole (passages "
            f"encoded: {real['encoded']}). With an encoder that costs nothing the rest is seen: "
            "reading, splitting, words, and forcing a whole generation to the disk (`python -m "
            "benchmarks.fresh`; more in [freshness.md](freshness.md))."
        ),
        *(_parts(found, results) if "parts" in found else ()),  # older results have none
    ]


def _parts(found: dict[str, Any], results: Results) -> list[str]:
    tokens, floor = found["tokens"], found_by(results, "floor")
    told = [
        "Where the time of everything goes with the model, in a second build with timers:",
        table(("part", "s"), ((part, shown(spent)) for part, spent in found["parts"].items())),
        (
            f"The model reads {tokens['passages']:,} tokens of passages, and "
            f"{tokens['sentences']:,} of their sentences, each behind its title."
        ),
    ]
    if not floor:
        return told
    layers, passages = floor["layers"], found["real"]["passages"]
    each = layers["small_weights"] + layers["float_weights"]
    work = each * sum(tokens.values()) / 1e9
    rows = (
        (way, shown(work / peak), shown(passages * peak / work))
        for way, peak in floor["peaks"].items()
        if not way.startswith("bytes")
    )
    return [
        *told,
        "Its linear layers alone, at the peaks of *The floor*, whatever else is done well:",
        table(("at the peak of", "at least, s", "passages/s at most"), rows),
        *_asked(results),
    ]


def _asked(results: Results) -> list[str]:
    """Say what the goal is in passages, where the peers were measured."""
    both = with_peers(results)
    if both is None:
        return []
    most = max(row["passages_per_second"] for row in both[1])
    return [f"Three times the fastest peer would be {shown(3 * most)} passages a second."]


def _built(encoder: str, row: dict[str, Any], memory: float) -> tuple[str, ...]:
    return (
        encoder,
        f"{row['passages']:,}",
        f"{shown(row['full'])} s",
        shown(row["passages"] / row["full"]),
        f"{1000 * row['same']:,.0f} ms",
        f"{shown(row['edit'])} s",
        f"{memory:,.0f} MB",
    )


def peers(results: Results) -> list[str]:
    """Tell how others do the same."""
    found = found_by(results, "peers")
    if not found:
        return [not_there(results, "peers")]
    failed = [f"{name} did not run: {reason}" for name, reason in found["failed"].items()]
    if not found["rows"]:
        return failed
    languages = sorted({name for row in found["rows"] for name in row["answer_at_1"]})
    some = found["rows"][0]
    head = ["", "load s", "build s", "passages/s", "characters/s", "p50 ms", "p95 ms"]
    head += [f"answer@1, @3 {language}" for language in languages] + ["length", "memory MB"]
    return [
        (
            f"The same articles and {some['questions']:,} questions of `{some['dataset']}`, the "
            "same model, one program after the other, each by its own quick start "
            "(`benchmarks/peers`)."
        ),
        table(head, (_row(row, languages) for row in found["rows"])),
        "![Time and quality of the programs](performance/peers.png)",
        *_ratios(found["rows"]),
        *failed,
        _versions(found["rows"]),
    ]


def _row(row: dict[str, Any], languages: list[str]) -> list[str]:
    name = "**this program**" if row["peer"] == US else row["peer"]
    answers = [
        f"{share(row['answer_at_1'][language])}, {share(row['answer_at_3'][language])}"
        if language in row["answer_at_1"]
        else "–"
        for language in languages
    ]
    return [
        name,
        *(shown(row[key]) for key in ("load_seconds", "build_seconds")),
        *(shown(row[key]) for key in ("passages_per_second", "characters_per_second")),
        *(shown(row["milliseconds"][key]) for key in ("p50", "p95")),
        *answers,
        shown(row["passage_length"]),
        f"{row['memory_mb']:,.0f}",
    ]


def _ratios(rows: list[dict[str, Any]]) -> list[str]:
    ours, others = apart(rows)
    if ours is None or not others:
        return []
    p50 = min(row["milliseconds"]["p50"] for row in others)
    passages = max(row["passages_per_second"] for row in others)
    characters = max(row["characters_per_second"] for row in others)
    memory = min(row["memory_mb"] for row in others)
    return [
        (
            "This program beside the fastest of the others in each: a question "
            f"{shown(p50 / ours['milliseconds']['p50'])} times as fast, "
            f"{shown(ours['passages_per_second'] / passages)} times the passages and "
            f"{shown(ours['characters_per_second'] / characters)} times the characters a second in "
            f"a build, 1/{memory / ours['memory_mb']:.1f} of the memory. Passages are of different "
            "lengths (*length*, of the first one shown, in characters), so characters of articles "
            "compare builds better. In its times are words, sentences, late interaction, the "
            "highlight and the decision whether the passage answers, which the others do not do; "
            "its build also encodes every sentence, and is the only one that is forced to a disk."
        )
    ]


def _versions(rows: list[dict[str, Any]]) -> str:
    versions = {name: number for row in rows for name, number in row["versions"].items()}
    return f"Versions: {', '.join(f'{name} {number}' for name, number in versions.items())}."
