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
        FileGone,
        FileInMotion,
        IndexBusy,
        IndexDamaged,
        IndexMismatch,
        IndexMissing,
        IndexUnwritable,
        ModelError,
        PassageBotError,
        RuntimeUnavailable,
        SeedsError,
        Stopped,
        StoreError,
        UnreadableFile,
        UsageError,
    )
    from embeddings.files import write_atomically
    from embeddings.generation import Generation, current_manifest, open_current, stamp
    from embeddings.library import Source
    from embeddings.manifest import Manifest
    from embeddings.model import DEFAULT_MODEL
    from embeddings.passage import Passage
    from embeddings.progress import Progress, progress_bar, until
    from embeddings.search import LONGEST_QUESTION, Searcher, normalise
    from embeddings.sharing import shared
    from embeddings.shown import print_answer
    from embeddings.vectors import VectorStore
    from embeddings.watch import changes

_HOMES = {
    "answer": ("Answer", "Found", "Highlight", "Timing"),
    "article": ("Article", "Section"),
    "build": ("BuildResult", "build_index"),
    "encoder": ("Encoder", "Model", "find_model"),
    "errors": (
        "CalibrationError",
        "DatasetError",
        "FileGone",
        "FileInMotion",
        "IndexBusy",
        "IndexDamaged",
        "IndexMismatch",
        "IndexMissing",
        "IndexUnwritable",
        "ModelError",
        "PassageBotError",
        "RuntimeUnavailable",
        "SeedsError",
        "Stopped",
        "StoreError",
        "UnreadableFile",
        "UsageError",
    ),
    "files": ("write_atomically",),
    "generation": ("Generation", "current_manifest", "open_current", "stamp"),
    "library": ("Source",),
    "manifest": ("Manifest",),
    "model": ("DEFAULT_MODEL",),
    "passage": ("Passage",),
    "progress": ("Progress", "progress_bar", "until"),
    "search": ("LONGEST_QUESTION", "Searcher", "normalise"),
    "sharing": ("shared",),
    "shown": ("print_answer",),
    "vectors": ("VectorStore",),
    "watch": ("changes",),
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
    "FileGone",
    "FileInMotion",
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
    "Progress",
    "RuntimeUnavailable",
    "Searcher",
    "Section",
    "SeedsError",
    "Source",
    "Stopped",
    "StoreError",
    "Timing",
    "UnreadableFile",
    "UsageError",
    "VectorStore",
    "build_index",
    "changes",
    "current_manifest",
    "find_model",
    "normalise",
    "open_current",
    "print_answer",
    "progress_bar",
    "shared",
    "stamp",
    "until",
    "write_atomically",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"embeddings.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
