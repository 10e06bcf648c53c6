"""Limits the process that reads files to a short environment and to Python's own files.

    subprocess.Popen(…, env=child_environment())     in the parent
    confine()                                        in the child, before the first file

A file that takes over its reader finds no secret there. On Linux 5.13 and newer, Landlock keeps the
child, even of root, from every other file, from connections over TCP (Linux 6.7) and from the
memory and environment of other processes. On other systems only the environment is limited.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from embeddings.readers.ocr import data_directory

PACKAGE_ROOT = Path(__file__).parents[2]
"""The directory that holds the package `embeddings`, and in a checkout also `.env`."""

_INHERITED = frozenset(
    "HOME LANG LANGUAGE LC_ALL LC_CTYPE LD_LIBRARY_PATH LOCALAPPDATA MODEL_DIR PATH PYTHONHOME "
    "PYTHONPATH PYTHONUTF8 SYSTEMROOT TEMP TESSDATA_PREFIX TMP TMPDIR TZ USERPROFILE "
    "XDG_CACHE_HOME".split()
)
_ONE_THREAD = dict.fromkeys(
    "OMP_NUM_THREADS OMP_THREAD_LIMIT OPENBLAS_NUM_THREADS MKL_NUM_THREADS".split(), "1"
)
"""Each thread of a numeric library would reserve address space, and none is needed."""

_SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store", "/etc/ld.so.cache")

_PR_SET_NO_NEW_PRIVS = 38
# The system calls of Landlock have these numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_GET_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
_FILE_RIGHTS = (13, 14, 15, 15, 16)
"""How many rights to files the versions of Landlock know, from the first."""
_TCP_RIGHTS, _TCP_VERSION = 0b11, 4
_SCOPES, _SCOPES_VERSION = 0b11, 6
"""Abstract sockets of, and signals to, processes outside."""


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of `environment` that Python needs to start and find the package."""
    inherited = {name: value for name, value in environment.items() if name.upper() in _INHERITED}
    path = os.pathsep.join(filter(None, (str(PACKAGE_ROOT), environment.get("PYTHONPATH"))))
    return inherited | _ONE_THREAD | {"PYTHONPATH": path}


def confine() -> bool:
    """Give up, for good, the rights that this process does not need to run the readers.

    Files that are open stay open. Returns False where the system has no Landlock.
    """
    version = landlock_version()
    if version < 1:
        return False
    libc = ctypes.CDLL(None)
    files = (1 << _FILE_RIGHTS[min(version, len(_FILE_RIGHTS)) - 1]) - 1
    network = _TCP_RIGHTS if version >= _TCP_VERSION else 0
    scopes = _SCOPES if version >= _SCOPES_VERSION else 0
    attributes = struct.pack("=QQQ", files, network, scopes)
    size = 24 if scopes else 16 if network else 8
    ruleset = libc.syscall(_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        return False
    try:
        for path in _readable():
            _allow_reading(libc, ruleset, path)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def landlock_version() -> int:
    """Return the version of Landlock that the system offers; less than 1 where it has none."""
    if sys.platform != "linux":
        return 0
    return int(ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _GET_VERSION))


def _readable() -> set[Path]:
    """Return where Python, its libraries and the package are; not what lies beside them."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    libraries = {Path(prefix, name) for prefix in prefixes for name in ("lib", "lib64")}
    private = [PACKAGE_ROOT]
    with suppress(OSError):  # the directory that this process is in may have been deleted
        private.append(Path.cwd())
    on_path = {
        path
        for path in map(Path, filter(None, sys.path))
        if path.name in ("site-packages", "dist-packages")
        or not any(directory.is_relative_to(path) for directory in private)
    }
    package = {Path(__file__).parents[1], *filter(None, [data_directory()])}
    return libraries | on_path | package | {Path(path) for path in _SYSTEM_LIBRARIES}


def _allow_reading(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    """Let this process read a file, or a directory and all below it, if it exists."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _READ_FILE | (_READ_DIRECTORY if path.is_dir() else 0)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
