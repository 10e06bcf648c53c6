"""The parts of the page about processes: many people, start, memory."""

from benchmarks.performance.page.table import Results, found_by, not_there, shown, table


def load(results: Results) -> list[str]:
    """Tell how many questions the bot answers at once."""
    found = found_by(results, "load")
    if not found:
        return [not_there(results, "load")]
    rows = [
        (
            f"{row['people']:.0f}",
            f"{row['questions']:,.0f}",
            shown(row["per_second"]),
            shown(row["p50"]),
            shown(row["p95"]),
        )
        for row in found["rows"]
    ]
    alone, crowd = found["rows"][0], found["rows"][-1]
    return [
        (
            f"The real bot as a process, over the articles of `{found['dataset']}`, asked by HTTP "
            "through a stand-in for Telegram on the same machine; each person asks again as soon "
            "as the answer is there. Milliseconds are from writing a question to hearing its "
            "answer."
        ),
        table(("people at once", "questions", "questions/s", "p50, ms", "p95, ms"), rows),
        (
            f"One person alone waits {shown(alone['p50'])} ms, and {crowd['people']:.0f} get "
            f"{shown(crowd['per_second'] / alone['per_second'])} times the questions a second. The "
            "people and the stand-in share the machine's cores with the bot, so that on a machine "
            "of its own the bot answers more."
        ),
    ]


def start(results: Results) -> list[str]:
    """Tell how long a process needs to be of use."""
    found = found_by(results, "start")
    if not found:
        return [not_there(results, "start")]
    names = {name: name if name[0].isupper() else f"`{name}`" for name in found["seconds"]}
    names |= {name: name for name in names if name.startswith("import")}
    rows = [
        (names[name], f"{took['best']:.2f}", f"{took['median']:.2f}")
        for name, took in found["seconds"].items()
    ]
    split, imports = found["split"], found["imports"]
    slow = max(split, key=lambda step: float(split[step]))
    return [
        f"Wall time of whole processes, {found['runs']} runs of each, files in the system's cache.",
        table(("seconds", "best", "median"), rows),
        (
            "What the first answer waits for, in a process that goes through it step by step: "
            f"most for *{slow}*."
        ),
        table(tuple(split), [[f"{seconds:.3f} s" for seconds in split.values()]]),
        (
            "Imports of the first answer by package, milliseconds, those they import not counted "
            f"(`-X importtime`): {', '.join(f'{n} {ms:.0f}' for n, ms in imports.items())}."
        ),
    ]


def memory(results: Results) -> list[str]:
    """Tell what the serving bot holds."""
    found = found_by(results, "memory")
    if not found:
        return [not_there(results, "memory")]
    rows = [
        (moment, *(f"{held[key]:.0f}" for key in ("resident", "own", "anonymous", "peak")))
        for moment, held in found["megabytes"].items()
    ]
    moments = list(found["megabytes"].values())
    grown = moments[-1]["resident"] - moments[0]["resident"]
    return [
        (
            "The bot as it serves in Telegram, with the default model and an index of the article "
            "that ships; at the first look it has answered one question."
        ),
        table(("MB", "resident", "of these its own", "not files", "peak"), rows),
        (
            f"From the first look to the last, resident memory changed by {grown:+.0f} MB. *Its "
            "own* is what the system gets back when it ends; *not files* is what it cannot drop "
            "and read again."
        ),
    ]
