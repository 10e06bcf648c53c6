"""Runs the programs of `benchmarks.peers` one after the other on the same questions."""

import json
import subprocess
from functools import partial
from typing import Any

from benchmarks.peers import PEERS
from benchmarks.performance.common import NotMeasured, Options, log, python

_LONGEST_S = 3600


def measure(options: Options) -> dict[str, Any]:
    """Run each program in the environment that they share.

    Returns:
        `rows`: what each printed, see `benchmarks.peers`; `failed`: what went wrong, by name.
    """
    if not options.peers_python.is_file():
        raise NotMeasured("their environment is not there; `make peers` makes it")
    run = partial(python, interpreter=options.peers_python, timeout=_LONGEST_S)
    log("this program's model for that environment")
    run("-c", "from embeddings import find_model; find_model().load()")
    rows, failed = [], {}
    for name in PEERS:
        log(name)
        some = ["--questions", "30"] if options.quick else []
        try:
            done = run("-m", "benchmarks.peers", name, str(options.dataset), *some)
            rows.append(json.loads(done.stdout))
        except (subprocess.SubprocessError, ValueError) as error:
            lines = str(getattr(error, "stderr", None) or error).strip().splitlines()
            failed[name] = f"{type(error).__name__}: {lines[-1] if lines else ''}"
    return {"rows": rows, "failed": failed}
