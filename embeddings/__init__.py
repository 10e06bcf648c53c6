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
        ArticleGone,
        ArticleNewer,
        CalibrationError,
        DatasetError,
        FileGone,
        FileInMotion,
        IndexBusy,
        IndexDamaged,
        IndexMismatch,
        IndexMissing,
        IndexOutdated,
        IndexUnwritable,
        ModelError,
        PassageBotError,
        RuntimeUnavailable,
        SeedsError,
        ShelfError,
        ShelfUnwritable,
        Stopped,
        StoreError,
        UndoGone,
        UnreadableFile,
        UsageError,
    )
    from embeddings.files import write_atomically
    from embeddings.generation import Generation, current_manifest, open_current, stamp
    from embeddings.lexical import load_dictionaries
    from embeddings.library import Library, Source
    from embeddings.likeness import group_alike
    from embeddings.manifest import ArticleEntry, Manifest, SkippedEntry
    from embeddings.model import DEFAULT_MODEL
    from embeddings.names import safe_name
    from embeddings.passage import Passage
    from embeddings.progress import Progress, progress_bar, until
    from embeddings.reading import Entry, Reading, contents, read_article, read_at
    from embeddings.search import LONGEST_QUESTION, Encoded, Searcher, normalise
    from embeddings.sharing import shared
    from embeddings.shelf import (
        Placed,
        examine,
        formats,
        put,
        remove,
        restore,
    )
    from embeddings.shown import print_answer
    from embeddings.trash import (
        Trashed,
        empty_trash,
        find_trashed,
        last_removed,
        path_key,
        trash_key,
    )
    from embeddings.vectors import VectorStore
    from embeddings.watch import changes

_HOMES = {
    "answer": ("Answer", "Found", "Highlight", "Timing"),
    "article": ("Article", "Section"),
    "build": ("BuildResult", "build_index"),
    "encoder": ("Encoder", "Model", "find_model"),
    "errors": (
        "ArticleGone",
        "ArticleNewer",
        "CalibrationError",
        "DatasetError",
        "FileGone",
        "FileInMotion",
        "IndexBusy",
        "IndexDamaged",
        "IndexMismatch",
        "IndexMissing",
        "IndexOutdated",
        "IndexUnwritable",
        "ModelError",
        "PassageBotError",
        "RuntimeUnavailable",
        "SeedsError",
        "ShelfError",
        "ShelfUnwritable",
        "Stopped",
        "StoreError",
        "UndoGone",
        "UnreadableFile",
        "UsageError",
    ),
    "files": ("write_atomically",),
    "generation": ("Generation", "current_manifest", "open_current", "stamp"),
    "lexical": ("load_dictionaries",),
    "library": ("Library", "Source"),
    "likeness": ("group_alike",),
    "manifest": ("ArticleEntry", "Manifest", "SkippedEntry"),
    "model": ("DEFAULT_MODEL",),
    "names": ("safe_name",),
    "passage": ("Passage",),
    "progress": ("Progress", "progress_bar", "until"),
    "reading": ("Entry", "Reading", "contents", "read_article", "read_at"),
    "search": ("LONGEST_QUESTION", "Encoded", "Searcher", "normalise"),
    "sharing": ("shared",),
    "shelf": (
        "Placed",
        "examine",
        "formats",
        "put",
        "remove",
        "restore",
    ),
    "shown": ("print_answer",),
    "trash": ("Trashed", "empty_trash", "find_trashed", "last_removed", "path_key", "trash_key"),
    "vectors": ("VectorStore",),
    "watch": ("changes",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "DEFAULT_MODEL",
    "LONGEST_QUESTION",
    "Answer",
    "Article",
    "ArticleEntry",
    "ArticleGone",
    "ArticleNewer",
    "BuildResult",
    "CalibrationError",
    "DatasetError",
    "Encoded",
    "Encoder",
    "Entry",
    "FileGone",
    "FileInMotion",
    "Found",
    "Generation",
    "Highlight",
    "IndexBusy",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "IndexOutdated",
    "IndexUnwritable",
    "Library",
    "Manifest",
    "Model",
    "ModelError",
    "Passage",
    "PassageBotError",
    "Placed",
    "Progress",
    "Reading",
    "RuntimeUnavailable",
    "Searcher",
    "Section",
    "SeedsError",
    "ShelfError",
    "ShelfUnwritable",
    "SkippedEntry",
    "Source",
    "Stopped",
    "StoreError",
    "Timing",
    "Trashed",
    "UndoGone",
    "UnreadableFile",
    "UsageError",
    "VectorStore",
    "build_index",
    "changes",
    "contents",
    "current_manifest",
    "empty_trash",
    "examine",
    "find_model",
    "find_trashed",
    "formats",
    "group_alike",
    "last_removed",
    "load_dictionaries",
    "normalise",
    "open_current",
    "path_key",
    "print_answer",
    "progress_bar",
    "put",
    "read_article",
    "read_at",
    "remove",
    "restore",
    "safe_name",
    "shared",
    "stamp",
    "trash_key",
    "until",
    "write_atomically",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"embeddings.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
