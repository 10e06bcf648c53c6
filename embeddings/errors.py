"""Every error that this package raises on purpose.

The text of each is a sentence for a person: what is wrong, and what to do.
"""

from embeddings.translatable import Translatable


class PassageBotError(Exception):
    """Base class of the others.

    Attributes:
        message: the text, which is translatable where it has been given as a template.
    """

    def __init__(self, template: str = "", **values: str | int) -> None:
        is_ready = isinstance(template, Translatable) and not values
        self.message: str = template if is_ready else Translatable(template, **values)
        super().__init__(self.message)


class UsageError(PassageBotError):
    """An argument or a setting is invalid."""


class SeedsError(PassageBotError):
    """The folder of articles cannot be read."""


class SeedsEmptied(SeedsError):
    """The folder of articles holds none, while the index has some."""


class UnreadableFile(SeedsError):
    """A file cannot be read as an article; the message is the reason."""


class FileGone(UnreadableFile):
    """The file was deleted after it was listed."""


class FileInMotion(UnreadableFile):
    """The file is being written."""


class EditingError(PassageBotError):
    """An article cannot be added to the folder of articles, or removed from it."""


class FolderUnwritable(EditingError):
    """A folder cannot be written to; nothing has changed."""

    def __init__(self, template: str, errno: int | None = None, **values: str) -> None:
        super().__init__(template, **values)
        self.errno = errno


class ArticleGone(EditingError):
    """The article does not exist any more."""


class ArticleNewer(EditingError):
    """Another article has the name now, and is not overwritten."""


class UndoGone(EditingError):
    """The removed article is no longer in the trash."""


class ModelError(PassageBotError):
    """The embedding model is missing, damaged or does not load."""


class RuntimeUnavailable(ModelError):
    """A runtime for the model does not work here; the message says why."""


class DatasetError(PassageBotError):
    """A data set for `eval` is malformed; the message names the line."""


class Stopped(PassageBotError):
    """The work was cancelled; unfinished work left nothing behind."""


class CalibrationError(PassageBotError):
    """A calibration cannot be read, or is for another model."""


class StoreError(PassageBotError):
    """The index on disk cannot be used."""


class IndexMissing(StoreError):
    """No index has been built yet."""


class IndexDamaged(StoreError):
    """A file of the index does not match its manifest."""


class IndexOutdated(IndexDamaged):
    """The index was written by another version of this program."""


class IndexMismatch(StoreError):
    """The index was built with another model."""


class IndexUnavailable(StoreError):
    """The index cannot be opened now: the system lacks memory or file handles."""


class IndexUnwritable(StoreError):
    """The index directory cannot be written to."""


class IndexBusy(StoreError):
    """Another process is building this index."""
