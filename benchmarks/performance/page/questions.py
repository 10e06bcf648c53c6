"""The parts of the page about one question: its time, its floor, what is between, and size."""

from typing import Any

from benchmarks.performance.page.goals import with_peers
from benchmarks.performance.page.table import Results, found_by, not_there, shown, table
from benchmarks.performance.timers import PARTS


def question(results: Results) -> list[str]:
    """Tell how long a question takes."""
    found = found_by(results, "question")
    if not found:
        return [not_there(results, "question")]
    parts = [part for part in PARTS if part in found["parts"]]
    whole = found["milliseconds"]
    search = sum(found["parts"][part]["p50"] for part in parts if part != "render")
    slow = max(parts, key=lambda part: float(found["parts"][part]["p50"]))
    rows = [
        ("**text to ranked answer with highlight**", *(f"**{shown(v)}**" for v in whole.values())),
        *((part, *(shown(v) for v in found["parts"][part].values())) for part in parts),
    ]
    return [
        (
            f"The {found['questions']:,} questions of `{found['dataset']}`, one after the other, "
            f"over {found['passages']:,} passages; `{found['runtime']}` runs the model."
        ),
        table(("milliseconds", "p50", "p95", "p99"), rows),
        "![The parts of a median question, measured and at least](performance/question.png)",
        (
            f"*{slow.capitalize()}* is {100 * found['parts'][slow]['p50'] / search:.0f} % of a "
            f"median question. The slowest of all took {shown(found['slowest'])} ms. The first "
            "line is timed without any timer inside; the parts are timed in a second round, where "
            "the program calls them, and what a part spends in another one counts for that one. "
            "Rendering comes after the answer and is not in the first line."
        ),
    ]


def floor(results: Results) -> list[str]:
    """Tell what a question costs at least."""
    found = found_by(results, "floor")
    if not found:
        return [not_there(results, "floor")]
    asked, layers = found["asked"], found["layers"]
    rows = [
        (
            stage["name"],
            shown(stage["multiply_adds"]),
            shown(stage["megabytes"]),
            shown(stage["floor"]),
            shown(stage["measured"]),
            f"{stage['measured'] / stage['floor']:.1f}",
        )
        for stage in found["stages"]
    ]
    whole = (shown(found["floor"]), shown(found["measured"]))
    rows.append(("**all**", "", "", *whole, f"**{found['measured'] / found['floor']:.1f}**"))
    return [
        (
            f"The median question is {asked['tokens']} tokens for the model. {asked['compared']} "
            f"of them are compared with {asked['candidates']:,} tokens of candidates, and its "
            f"vector with {asked['vectors']:,} of passages and sentences. The model's linear "
            f"layers have {(layers['small_weights'] + layers['float_weights']) / 1e6:.1f} million "
            f"weights, {layers['small_weights'] / 1e6:.1f} million of them in 8 bits, and each is "
            f"multiplied with each token once; its {layers['attentions']} attentions compare all "
            "tokens with each other. Every byte of weights, vectors and packed tokens is read "
            "once. That is counted; tokenising, unpacking tokens, word lookup, norms, sorting and "
            "reading texts are not. A step cannot be faster than the slower of its arithmetic and "
            "its traffic at the peaks below, and the steps follow each other. "
            "(`benchmarks/performance/counting.py`)"
        ),
        table(
            ("step", "million multiply-adds", "MB", "at least, ms", "measured, ms", "ratio"), rows
        ),
        "Peaks of all cores, measured in the same process, of several shapes and runs the best:",
        table(("thousand million a second", ""), _peaks(found["peaks"])),
    ]


def _peaks(ways: dict[str, float]) -> list[tuple[str, str]]:
    return [
        (name if name.startswith("bytes") else f"multiply-adds, {name}", shown(value))
        for name, value in ways.items()
    ]


def far(results: Results) -> list[str]:
    """Tell what is still far from the floor, and why."""
    counted, profiled = found_by(results, "floor"), found_by(results, "question")
    told = []
    if counted:
        told += [_lost(counted), *_inside(counted), _wanted(counted, results)]
    if profiled:
        told += [
            (
                "Where the processor is during a search, by function, what it calls not counted "
                "(a profiler makes calls of small functions look slower than they are):"
            ),
            table(
                ("function", "ms a question", "calls a question"),
                ((f"`{name}`", shown(ms), shown(calls)) for name, ms, calls in profiled["profile"]),
            ),
        ]
    return told or [not_there(results, "floor")]


def _lost(found: dict[str, Any]) -> str:
    above = {stage["name"]: stage["measured"] - stage["floor"] for stage in found["stages"]}
    rest = found["measured"] - sum(stage["measured"] for stage in found["stages"])
    above["what is not counted (tokenising, words, sorting, texts, deciding)"] = rest
    ordered = sorted(above.items(), key=lambda entry: -entry[1])
    lost = found["measured"] - found["floor"]
    parts = "; ".join(f"{name} {shown(ms)} ms" for name, ms in ordered)
    ways = found["peaks"]
    groups = [value for name, value in ways.items() if "a scale for" in name]
    fixed = [value for name, value in ways.items() if "fixed scales" in name]
    why = ""
    if groups and fixed:
        why = (
            f" The model keeps a scale for every few weights, which loses less precision: this "
            f"way the cores reach {shown(groups[0])} thousand million multiply-adds a second, "
            f"where scales that never change would let them reach {shown(fixed[0])}."
        )
    return f"A median question is {shown(lost)} ms above its floor. Of these, {parts}.{why}"


def _wanted(found: dict[str, Any], results: Results) -> str:
    """Hold the model's own time against what is asked of a whole question."""
    wanted = {"within five times the floor": 5 * found["floor"]}
    both = with_peers(results)
    if both is not None:
        fastest = min(row["milliseconds"]["p50"] for row in both[1])
        wanted["four times as fast as the fastest peer"] = fastest / 4
    asked = ", and ".join(f"{what} would be {shown(ms)} ms" for what, ms in wanted.items())
    (model,) = (stage for stage in found["stages"] if stage["name"] == "run the model")
    return (
        f"A whole question {asked}. The model's part is {shown(model['measured'])} ms, "
        f"{shown(found['alone'])} where nothing else runs between two questions."
    )


_SHOWN = 6


def _inside(found: dict[str, Any]) -> list[str]:
    """Tell where the time goes inside the model."""
    model = next(stage for stage in found["stages"] if stage["name"] == "run the model")
    nodes = sum(ms for _, ms, _ in found["inside"])
    others = found["inside"][_SHOWN:]
    rows = [(f"`{kind}`", shown(ms), str(number)) for kind, ms, number in found["inside"][:_SHOWN]]
    rows.append(("others", shown(sum(ms for _, ms, _ in others)), str(sum(n for *_, n in others))))
    return [
        (
            f"The model by itself takes {shown(found['alone'])} ms for a question of this length, "
            "again and again; its nodes, as OpenVINO times them, "
            f"{shown(nodes)} ms together. Within a search it takes {shown(model['measured'])} ms: "
            "there the length changes from question to question, for which OpenVINO prepares "
            "every node anew, and the weights have to come back from slower memory, because what "
            "else a search reads has taken their place in the caches."
        ),
        table(("node of the model", "ms", "how many"), rows),
    ]


def _in_turn(found: dict[str, Any]) -> str:
    rounds = found.get("rounds", 1)  # older results have none
    if rounds == 1:
        return ""
    return f" Sizes were asked in turn, {rounds} times each; the round with the median time counts."


def size(results: Results) -> list[str]:
    """Tell how a question grows with the corpus."""
    found = found_by(results, "size")
    if not found:
        return [not_there(results, "size")]
    rows = [
        (
            f"{row['passages']:,}",
            f"{row['sentences']:,}",
            f"{row['bytes'] / 2**20:,.0f} MB",
            f"{shown(row['total']['p50'])}, {shown(row['total']['p95'])}",
            f"{shown(row['search']['p50'])}, {shown(row['search']['p95'])}",
            f"{1000 * row['open_cold']:,.0f}, {1000 * row['open_warm']:,.0f} ms",
            (
                f"{row['memory']['anonymous']:,.0f} + "
                f"{row['memory']['resident'] - row['memory']['anonymous']:,.0f} MB"
            ),
        )
        for row in found["rows"]
    ]
    few, many = found["rows"][0], found["rows"][-1]
    return [
        (
            "Encoding a hundred thousand passages takes hours, so they are made up: words drawn "
            f"from the articles of `{found['dataset']}` as often as they stand there, and vectors "
            "of real passages moved by differences of other real ones, a passage's sentences near "
            "it (`benchmarks/performance/nearreal.py`). The index is written by the real build. "
            f"Real questions are encoded by the real model.{_in_turn(found)}"
        ),
        table(
            (
                "passages",
                "sentences",
                "index",
                "a question, p50, p95 ms",
                "without encoding",
                "opened cold, warm",
                "memory: own + files",
            ),
            rows,
        ),
        "![A question's time by the size of the corpus](performance/size.png)",
        (
            f"From {few['passages']:,} to {many['passages']:,} passages a search grows by "
            f"{shown(many['search']['p50'] - few['search']['p50'])} ms, the whole question from "
            f"{shown(few['total']['p50'])} to {shown(many['total']['p50'])} ms. Opened cold is "
            "with nothing of the index in memory (files that were found whole are not read again); "
            "the questions come after all of it has been "
            "read once, as on a machine that serves and has the memory. Pages "
            "of files are the system's: they can be dropped and are shared between processes."
        ),
    ]
