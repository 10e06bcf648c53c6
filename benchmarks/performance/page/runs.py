"""When each part was measured, of which program, on which machine."""

from typing import Any

from benchmarks.performance.machine import without
from benchmarks.performance.page.table import Results, table


def runs(results: Results) -> list[str]:
    """Name the machines, and list the runs."""
    if not results:
        return ["Nothing was measured yet."]
    machines: dict[tuple[Any, ...], dict[str, Any]] = {}
    rows = []
    for part, result in results.items():
        same = tuple(result.machine[key] for key in ("processor", "cores", "memory_gb", "system"))
        machines.setdefault(same, result.machine)
        rows.append(
            (
                part + (" (tried out)" if result.quick else ""),
                result.started.replace("T", " ").removesuffix("+00:00"),
                f"{result.seconds:,.0f} s",
                f"{result.machine['load'][0]:.1f}",
                result.program,
                str(1 + list(machines).index(same)),
            )
        )
    numbered = enumerate(machines.values(), start=1)
    return [
        *(f"Machine {number}: {_told(machine)}" for number, machine in numbered),
        table(("part", "begun, UTC", "took", "load at its start", "program", "machine"), rows),
        (
            "*Load* is how many processes wanted to run, on average over the minute before. A load "
            "near the number of cores or above makes every time longer than it has to be."
        ),
    ]


def _told(machine: dict[str, Any]) -> str:
    lacks = ", ".join(without(machine["features"])) or "nothing that is looked for"
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return (
        f"{machine['processor']}; {machine['cores']} cores, {machine['memory_gb']:.0f} GB; "
        f"{machine['system']}. It has {', '.join(machine['features']) or 'no known features'}; "
        f"it lacks {lacks}. Python {machine['python']}, {versions}."
    )
