"""What the articles lack: missed questions, those that ask the same together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.journal import Journal, Missed
from bot.services.question_worker import QuestionWorker
from embeddings import cluster_questions

MOST = 300
"""Wordings that are looked at, the newest; encoded for the first time they take some seconds."""
_ENCODE_S = 10.0
"""After that the wordings that are left stand alone, until they are asked for again."""


@dataclass(frozen=True)
class MissedGroup:
    """Questions that ask the same, newest first."""

    questions: tuple[Missed, ...]

    @property
    def times(self) -> int:
        """How often they were missed."""
        return sum(one.times for one in self.questions)

    @property
    def disliked(self) -> int:
        """How many of the answers got a thumb down."""
        return sum(one.disliked for one in self.questions)


async def group_missed_questions(
    journal: Journal, question_worker: QuestionWorker, until: int | None = None
) -> list[MissedGroup]:
    """Return what is missing, newest first.

    Groups form from the oldest question on, so that a new one changes none but its own.

    Args:
        journal: knows the questions.
        question_worker: encodes them.
        until: the newest answer that counts, so that pages stay as they are while questions come.

    Raises:
        JournalUnavailable: it cannot be read.
    """
    newest_first = await journal.missed(MOST, until=until)
    questions = [one.question for one in newest_first]
    question_vectors = await question_worker.question_vectors(
        questions, _ENCODE_S
    )  # the newest, if there is no time for all
    groups = await asyncio.to_thread(cluster_questions, questions[::-1], question_vectors[::-1])
    gaps = [_gap(newest_first[::-1], group) for group in groups]
    return sorted(gaps, key=lambda gap: gap.questions[0].answer_id, reverse=True)


def _gap(oldest_first: Sequence[Missed], places: Sequence[int]) -> MissedGroup:
    return MissedGroup(tuple(oldest_first[place] for place in reversed(places)))
