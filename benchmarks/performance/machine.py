"""The machine and the program that are measured."""

import os
import platform
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.performance.common import ROOT
from embeddings.model.openvino.encoder import cores

_PACKAGES = ("openvino", "faiss-cpu", "numpy", "tokenizers", "sentence-transformers", "torch")
_FEATURES = {
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx_vnni": "AVX-VNNI",
    "avx512_vnni": "AVX-512 VNNI",
    "avx512_bf16": "bfloat16",
    "amx_int8": "AMX int8",
    "amx_bf16": "AMX bfloat16",
    "asimd": "NEON",
    "asimddp": "NEON dot products",
}
FAST_SMALL_NUMBERS = ("AVX-512 VNNI", "bfloat16", "AMX int8", "AMX bfloat16")
"""Processor features that speed up arithmetic in less than 32 bits."""


def this_machine() -> dict[str, Any]:
    """Describe this machine as it is now.

    Returns:
        `processor`, `cores` this process may use, `memory_gb`, `system`, `python`, `features` of
        the processor, `versions` of libraries, and `load`: the average numbers of running
        processes over the last 1, 5 and 15 minutes.
    """
    system = ""
    with suppress(OSError):
        system = f"{platform.freedesktop_os_release()['PRETTY_NAME']}, "
    processor = _processor()
    flags = set((processor.get("flags") or processor.get("Features") or "").split())
    versions = {}
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            versions[package] = version(package)
    return {
        "processor": _name(processor),
        "cores": cores(),
        "memory_gb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        "system": f"{system}{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "features": [name for flag, name in _FEATURES.items() if flag in flags],
        "versions": versions,
        "load": list(os.getloadavg()),
    }


def commit() -> str:
    """Return the measured commit, marked where files differ from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def _processor() -> dict[str, str]:
    with suppress(OSError):
        first, _, _ = Path("/proc/cpuinfo").read_text().partition("\n\n")
        lines = (line.partition(":") for line in first.splitlines())
        return {key.strip(): value.strip() for key, _, value in lines}
    return {}


def _name(processor: dict[str, str]) -> str:
    """Add the model's number: several generations share one name."""
    name = processor.get("model name") or platform.processor() or platform.machine()
    numbers = [processor.get(key) for key in ("cpu family", "model")]
    return f"{name}, family {numbers[0]}, model {numbers[1]}" if all(numbers) else name
