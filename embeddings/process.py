"""Settings of the whole process, for programs only: a library must not change them by itself.

Both command lines call `configure_process` first of all. Without it everything works as well; a
search is slower on a busy machine, and some libraries say more.
"""

import io
import logging
import os
import sys
from pathlib import Path

_ENVIRONMENT = {
    # Two threads of a small product wait for each other for longer than the product takes.
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_VERBOSITY": "error",
    "TRANSFORMERS_VERBOSITY": "error",
}


def configure_process(model_dir: Path | None = None) -> None:
    """Set up this process and those that it starts; what the environment says already stays.

    Args:
        model_dir: where models are kept; what `MODEL_DIR` or the system says, where it is None.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows "?"
            stream.reconfigure(errors="replace")
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it logs each attempt to connect
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if model_dir is not None:
        os.environ["MODEL_DIR"] = str(model_dir)
    if "numpy" in sys.modules:  # its BLAS has read the environment already
        from threadpoolctl import threadpool_limits

        wanted = os.environ["OPENBLAS_NUM_THREADS"]
        threadpool_limits(int(wanted) if wanted.isdecimal() else 1, user_api="blas")
