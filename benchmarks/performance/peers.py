"""The programs of `benchmarks.peers` one after the other, on the same questions, by one clock."""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

from benchmarks.peers import PEERS
from benchmarks.performance.options import ROOT, NotMeasured, Options, tell

_LONGEST_S = 3600


@dataclass(frozen=True)
class Peers:
    """What was found.

    Attributes:
        rows: what each printed; see `benchmarks.peers.measure.Measured`.
        failed: what went wrong with the others, by name.
    """

    rows: list[dict[str, Any]]
    failed: dict[str, str]


def measure(options: Options) -> Peers:
    """Run each program in the environment that they share."""
    if not options.peers_python.is_file():
        raise NotMeasured("their environment is not there; `make peers` makes it")
    tell("this program's model for that environment")
    _python(options, "-c", "from embeddings import find_model; find_model().load()")
    rows, failed = [], {}
    for name in PEERS:
        tell(name)
        asked = ["--questions", "30"] if options.quick else []
        arguments = ("-m", "benchmarks.peers", name, str(options.dataset.resolve()), *asked)
        try:
            rows.append(json.loads(_python(options, *arguments)))
        except (subprocess.SubprocessError, ValueError) as error:
            failed[name] = f"{type(error).__name__}: {_last_line(error)}"
    return Peers(rows, failed)


def _python(options: Options, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        [str(options.peers_python.absolute()), *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=_LONGEST_S,
    )
    return done.stdout


def _last_line(error: Exception) -> str:
    told = error.stderr if isinstance(error, subprocess.CalledProcessError) else None
    lines = str(told or error).strip().splitlines()
    return lines[-1] if lines else ""
