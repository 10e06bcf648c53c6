"""What goes into the journal and what comes out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ChatKind = Literal["private", "group", "inline"]
Rating = Literal[1, -1]
"""A thumb up or down."""


@dataclass(frozen=True)
class Cited:
    """A passage of an answer: enough to find it again, and to notice that it is gone.

    Attributes:
        article: path below the folder of articles.
        digest: of the article's file, as the index's manifest has it.
        highlight: start and end within the passage.
    """

    article: str
    digest: str
    start: int
    end: int
    page: int | None
    score: float
    highlight: tuple[int, int] | None = None


@dataclass(frozen=True)
class JournalEntry:
    """A question and its answer, before they are stored.

    Attributes:
        chat_id: None where Telegram does not say it, as for inline queries.
        language: of the person's interface.
        answered: None where the model has no calibration.
        question_message: id of the person's message, where there is one.
        passages: best first.
    """

    chat_id: int | None
    chat_kind: ChatKind
    person_id: int | None
    question: str
    language: str
    answered: bool | None
    confidence: float | None
    took_ms: float
    generation: str
    question_message: int | None = None
    passages: tuple[Cited, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recorded(JournalEntry):
    """An answer as it is stored; ids of persons are hashes where names are not stored.

    Attributes:
        answer_message: id of the bot's message, once it was sent.
    """

    id: int
    at: datetime
    answer_message: int | None


@dataclass(frozen=True)
class Kept:
    """How much is stored about one person, or was: questions, ratings, settings (0 or 1)."""

    questions: int
    ratings: int
    settings: int


@dataclass(frozen=True)
class Period:
    """What happened in a period of time.

    Attributes:
        questions: all of them; without calibration they are neither answered nor not.
        people: who asked, each once.
        p50_ms: half of the answers took no longer; None without any.
        p95_ms: likewise, of nineteen in twenty.
    """

    questions: int = 0
    answered: int = 0
    not_answered: int = 0
    up: int = 0
    down: int = 0
    people: int = 0
    p50_ms: float | None = None
    p95_ms: float | None = None


@dataclass(frozen=True)
class Stats:
    """The last days (UTC), today among them; a rating counts on the day of its question."""

    total: Period
    days: tuple[tuple[date, Period], ...]


@dataclass(frozen=True)
class Missed:
    """A question that found no answer, or a bad one.

    Attributes:
        answer_id: of the last time it was asked, like the wording, the language and the time.
        times: how often it was missed.
        disliked: how many of these answers got a thumb down.
    """

    answer_id: int
    question: str
    language: str
    at: datetime
    times: int
    disliked: int
