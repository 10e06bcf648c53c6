"""The machine that something was measured on."""

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.performance.options import ROOT

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
_ASKED_FOR = ("AVX-512 VNNI", "bfloat16", "AMX int8", "AMX bfloat16")


@dataclass(frozen=True)
class Machine:
    """What times depend on.

    Attributes:
        cores: that this process may use.
        memory_gb: of the whole machine; 0 where the system does not say.
        features: for multiplying many numbers at once.
        versions: of the libraries that do the work.
        load: processes that wanted to run in the last 1, 5 and 15 minutes, when this was asked.
    """

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str
    features: tuple[str, ...]
    versions: dict[str, str]
    load: tuple[float, ...]


def this_machine() -> Machine:
    """Look at this machine, as it is now."""
    told = _processor()
    flags = set((told.get("flags") or told.get("Features") or "").split())
    return Machine(
        processor=_name(told),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        memory_gb=_memory() / 2**30,
        system=_system(),
        python=platform.python_version(),
        features=tuple(name for flag, name in _FEATURES.items() if flag in flags),
        versions=_versions(),
        load=os.getloadavg(),
    )


def without(features: list[str]) -> list[str]:
    """Name what speeds up small numbers and is not there."""
    return [name for name in _ASKED_FOR if name not in features]


def commit() -> str:
    """Return what is measured: the commit, and whether files differ from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def _name(told: dict[str, str]) -> str:
    """Several generations call themselves the same; the model's number tells them apart."""
    name = told.get("model name") or platform.processor() or platform.machine()
    numbers = [told.get(key) for key in ("cpu family", "model")]
    return f"{name}, family {numbers[0]}, model {numbers[1]}" if all(numbers) else name


def _processor() -> dict[str, str]:
    try:
        first, _, _ = Path("/proc/cpuinfo").read_text().partition("\n\n")
    except OSError:
        return {}
    lines = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in lines}


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, {platform.system()} {platform.release()}"


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
