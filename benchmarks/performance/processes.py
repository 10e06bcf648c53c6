"""The memory of a process, as Linux counts it."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.performance.options import NotMeasured

_MB = 1024


@dataclass(frozen=True)
class Memory:
    """Megabytes that a process holds.

    Attributes:
        resident: all that is in memory, files that other processes share among it.
        own: what only this process has, and what the system gets back when it ends.
        anonymous: without files: what cannot be dropped and read again.
        peak: the most that was ever resident.
    """

    resident: float
    own: float
    anonymous: float
    peak: float


def memory_of(process: int | str = "self") -> Memory:
    """Look at a process.

    Raises:
        NotMeasured: the system does not say.
    """
    try:
        sums = _lines(Path(f"/proc/{process}/smaps_rollup"))
        status = _lines(Path(f"/proc/{process}/status"))
    except OSError as error:
        raise NotMeasured("the memory of a process is read from Linux's /proc") from error
    return Memory(
        resident=sums["Rss"] / _MB,
        own=(sums["Private_Clean"] + sums["Private_Dirty"]) / _MB,
        anonymous=sums["Anonymous"] / _MB,
        peak=status["VmHWM"] / _MB,
    )


def _lines(path: Path) -> dict[str, int]:
    """Return the lines that count kilobytes."""
    split = (line.partition(":") for line in path.read_text().splitlines())
    counted = {name: rest.split() for name, _, rest in split}
    return {name: int(words[0]) for name, words in counted.items() if words[1:] == ["kB"]}
