"""What changes the whole process: programs do, once, and the library by itself does not."""

from pathlib import Path

import pytest

from tests.conftest import run_python

STATE = """
import logging, os, sys, warnings
from threadpoolctl import threadpool_info
import numpy

def state():
    loggers = ("huggingface_hub", "transformers", "trafilatura", "htmldate")
    return (
        {p["filepath"]: p["num_threads"] for p in threadpool_info() if "numpy" in p["filepath"]},
        dict(os.environ),
        list(warnings.filters),
        {name: logging.getLogger(name).level for name in loggers},
        sys.modules.get("openvino_telemetry", "not there"),
    )
"""
USE = """
before = state()
from pathlib import Path
from embeddings import Searcher, build_index, find_model
model = find_model()
build_index(Path(sys.argv[1]), Path(sys.argv[2]), model)
searcher = Searcher.open(Path(sys.argv[2]), model)
assert searcher.search("How is bread baked?").passages
searcher.close()
after = state()
for name, one, other in zip("threads environment warnings loggers modules".split(), before, after):
    if one != other:
        print(name)
"""


def run(code: str, *arguments: Path) -> str:
    ended = run_python(code, *arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_using_the_library_changes_nothing_of_the_process(tmp_path: Path, seeds: Path) -> None:
    (seeds / "latvia.txt").unlink()
    assert run(STATE + USE, seeds, tmp_path / "index") == ""


@pytest.mark.parametrize("first", ["", "import numpy\n"], ids=["before numpy", "after numpy"])
def test_a_program_has_one_thread_for_small_products(first: str) -> None:
    code = f"{first}from embeddings import configure_process\nconfigure_process()\n{STATE}"
    assert run(f"{code}\nprint(set(state()[0].values()))") == "{1}\n"
