"""The names other code may use: complete, sorted, documented, and quick to import."""

import ast
import inspect
from pathlib import Path

import pytest

import embeddings
from embeddings import errors
from tests.conftest import ROOT, run_python


def test_names_are_sorted_and_each_once() -> None:
    assert embeddings.__all__ == sorted(set(embeddings.__all__))


@pytest.mark.parametrize("name", embeddings.__all__)
def test_a_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(embeddings, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert (value.__doc__ or "").strip()
        assert value.__module__.startswith("embeddings.")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="attribute nothing"):
        _ = embeddings.nothing  # type: ignore[attr-defined]


def test_every_error_descends_from_the_one_that_is_caught() -> None:
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
    found = [value for value in classes if value.__module__ == errors.__name__]
    assert len(found) > 5
    assert all(issubclass(error, errors.PassageBotError) for error in found)


@pytest.mark.parametrize("module", ["embeddings", "embeddings.cli", "embeddings.errors"])
def test_an_import_waits_for_no_model(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'faiss', 'numpy', 'telegram'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run_python(code).stdout == "[]\n"


def test_an_index_is_opened_and_checked_without_torch(index: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from embeddings import open_index\n"
        "index = open_index(Path(sys.argv[1]))\n"
        "print(index.manifest.passages > 0, 'torch' in sys.modules, 'transformers' in sys.modules)"
    )
    assert run_python(code, index).stdout.split() == ["True", "False", "False"]


def test_embeddings_knows_nothing_of_telegram() -> None:
    for path in (ROOT / "embeddings").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in ("telegram", "bot")], path
