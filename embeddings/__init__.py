"""Articles to an index, questions to passages. Knows nothing of Telegram.

    from pathlib import Path
    from embeddings import Searcher, build_index, find_model

    model = find_model()
    build_index(Path("seeds"), Path("var/index"), model)
    searcher = Searcher.open(Path("var/index"), model)
    print(searcher.search("How many countries joined?").passages[0].passage.text)
    searcher.close()

Names are imported when they are first used, so that a help text does not wait for a model.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embeddings.answer import Answer, Found, Highlight, Timing
    from embeddings.article import Article, Section
    from embeddings.build import BuildResult, build_index
    from embeddings.encoder import Encoder, Model, find_model
    from embeddings.errors import (
        CalibrationError,
        DatasetError,
        IndexBusy,
        IndexDamaged,
        IndexMismatch,
        IndexMissing,
        IndexUnwritable,
        ModelError,
        PassageBotError,
        SeedsError,
        StoreError,
        UnreadableFile,
        UsageError,
    )
    from embeddings.files import write_atomically
    from embeddings.generation import Generation, current_manifest, open_current
    from embeddings.library import Source
    from embeddings.manifest import Manifest
    from embeddings.model import DEFAULT_MODEL
    from embeddings.passage import Passage
    from embeddings.progress import progress_bar
    from embeddings.search import LONGEST_QUESTION, Searcher, normalise
    from embeddings.shown import print_answer
    from embeddings.vectors import VectorStore

_HOMES = {
    "answer": ("Answer", "Found", "Highlight", "Timing"),
    "article": ("Article", "Section"),
    "build": ("BuildResult", "build_index"),
    "encoder": ("Encoder", "Model", "find_model"),
    "errors": (
        "CalibrationError",
        "DatasetError",
        "IndexBusy",
        "IndexDamaged",
        "IndexMismatch",
        "IndexMissing",
        "IndexUnwritable",
        "ModelError",
        "PassageBotError",
        "SeedsError",
        "StoreError",
        "UnreadableFile",
        "UsageError",
    ),
    "files": ("write_atomically",),
    "generation": ("Generation", "current_manifest", "open_current"),
    "library": ("Source",),
    "manifest": ("Manifest",),
    "model": ("DEFAULT_MODEL",),
    "passage": ("Passage",),
    "progress": ("progress_bar",),
    "search": ("LONGEST_QUESTION", "Searcher", "normalise"),
    "shown": ("print_answer",),
    "vectors": ("VectorStore",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "DEFAULT_MODEL",
    "LONGEST_QUESTION",
    "Answer",
    "Article",
    "BuildResult",
    "CalibrationError",
    "DatasetError",
    "Encoder",
    "Found",
    "Generation",
    "Highlight",
    "IndexBusy",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "IndexUnwritable",
    "Manifest",
    "Model",
    "ModelError",
    "Passage",
    "PassageBotError",
    "Searcher",
    "Section",
    "SeedsError",
    "Source",
    "StoreError",
    "Timing",
    "UnreadableFile",
    "UsageError",
    "VectorStore",
    "build_index",
    "current_manifest",
    "find_model",
    "normalise",
    "open_current",
    "print_answer",
    "progress_bar",
    "write_atomically",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"embeddings.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
