"""The structure of the code: which package imports which, and how large modules and folders are.

Imports inside functions and for type checkers count as well.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

LAYERS = {
    "embeddings": (
        ("translatable",),
        ("errors",),
        ("array_types",),
        ("process", "progress", "storage"),
        ("text",),
        ("articles", "model"),
        ("readers",),
        ("index",),
        ("verifier",),
        ("search",),
        ("quality", "console"),
        ("cli",),
        ("__main__",),
    ),
    "bot": (
        ("errors", "texts", "locales", "bounded_dict"),
        ("settings", "process_hardening", "logs"),
        ("journal",),
        ("views",),
        ("transport",),
        ("replicas",),
        ("services",),
        ("handlers",),
        ("terminal", "menu", "first_start"),
        ("app",),
        ("__main__",),
    ),
}
"""From the lowest to the highest; a module imports from its own layer's package and from below."""

LONGEST_MODULE = 400
MOST_MODULES = 15


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path
    for package in LAYERS
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
}


@cache
def imports_of(name: str) -> frozenset[str]:
    """Return the modules of ours that a module imports, wherever in its text."""
    return frozenset(_imports_of(name))


def _imports_of(name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            wanted = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in wanted:
            while target and target not in MODULES:
                target = target.rpartition(".")[0]
            if target and target != name:
                yield target


def layer_of(name: str) -> int | None:
    package, _, rest = name.partition(".")
    wing = rest.partition(".")[0]
    for number, wings in enumerate(LAYERS[package]):
        if wing in wings:
            return number
    return None


def test_modules_import_from_below_only() -> None:
    for name in MODULES:
        imports_from_below_only(name)


def imports_from_below_only(name: str) -> None:
    package, _, rest = name.partition(".")
    for target in imports_of(name):
        other, _, target_rest = target.partition(".")
        if package != other:
            assert package == "bot", f"{name} imports {target}"
            assert target in ("embeddings", "embeddings.errors"), f"{name} imports {target}"
            continue
        own, below = layer_of(name), layer_of(target)
        assert rest, f"the package {name} itself imports {target}"
        assert target_rest, f"{name} imports the package {target} that it belongs to"
        assert own is not None, f"{name} is in no layer"
        assert below is not None, f"{target} is in no layer"
        same_wing = rest.partition(".")[0] == target_rest.partition(".")[0]
        assert below < own or same_wing, f"{name} imports {target}, which is above or beside it"


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name: imports_of(name) for name in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_module_is_short_enough_to_read() -> None:
    lines = {name: path.read_text(encoding="utf-8").count("\n") for name, path in MODULES.items()}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_a_folder_has_few_enough_modules_to_see_at_once() -> None:
    folders = {path.parent for path in MODULES.values()}
    for folder in folders:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= MOST_MODULES, f"{folder} has {len(modules)} modules"


def test_every_package_says_what_it_is_for() -> None:
    for name, path in MODULES.items():
        if path.name == "__init__.py":
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            assert docstring, f"{name} does not say what it is for"


def test_a_package_names_its_modules() -> None:
    for name, path in MODULES.items():
        package, _, module = name.rpartition(".")
        if package and module != "__main__":
            docstring = ast.get_docstring(ast.parse(MODULES[package].read_text(encoding="utf-8")))
            named = re.search(rf"`(?:\w+\.)*{module}(?:\.\w+)*`", docstring or "")
            assert named, f"{MODULES[package]} does not name {path.name}"
