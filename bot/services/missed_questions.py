"""Questions without a good answer, those that ask the same together."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from itertools import compress

from bot.journal import Journal, Missed
from bot.services.question_worker import BATCH, QuestionWorker
from bot.services.small_talk import credit_in, small_talk_in
from embeddings import cluster_questions, normalise

MOST = 300
"""Wordings that are looked at, the newest; encoded for the first time they take some seconds."""
_ENCODE_S = 10.0
"""Wordings that are not encoded by then stand alone, until the list is asked for again."""


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
        """How many of the answers were rated 👎."""
        return sum(one.disliked for one in self.questions)


def is_question(text: str) -> bool:
    """Whether a text asks for something that could stand in an article."""
    return bool(normalise(text)) and small_talk_in(text) is None and credit_in(text) is None


async def tick_off_answered(journal: Journal, question_worker: QuestionWorker) -> None:
    """Tick off what the articles answer by now, as far as there is time; nobody's 👎 is.

    Raises:
        JournalUnavailable: it cannot be read or written.
    """
    answered = []
    with suppress(TimeoutError):
        async with asyncio.timeout(_ENCODE_S):
            missed = [one for one in await journal.missed(MOST) if not one.disliked]
            for start in range(0, len(missed), BATCH):  # questions of people come between
                some = missed[start : start + BATCH]
                asked = (question_worker.answers_now(one.question) for one in some)
                found = await asyncio.gather(*asked)
                answered += [one.answer_id for one in compress(some, found)]
    if answered:
        await journal.tick_off(answered)


async def group_missed_questions(
    journal: Journal,
    question_worker: QuestionWorker,
    until: int | None = None,
    encode_s: float = _ENCODE_S,
) -> list[MissedGroup]:
    """Return the missed questions in groups, newest first.

    Groups form from the oldest question on, so that a new one changes none but its own.

    Args:
        journal: has the questions.
        question_worker: encodes them.
        until: the newest answer that counts, so that pages stay as they are while questions come.
        encode_s: seconds for encoding; the newest are encoded first.

    Raises:
        JournalUnavailable: it cannot be read.
    """
    missed = [one for one in await journal.missed(MOST, until=until) if is_question(one.question)]
    questions = [one.question for one in missed]
    vectors = await question_worker.question_vectors(questions, encode_s)
    groups = await asyncio.to_thread(cluster_questions, questions[::-1], vectors[::-1])
    oldest_first = missed[::-1]
    return sorted(
        (MissedGroup(tuple(oldest_first[row] for row in reversed(rows))) for rows in groups),
        key=lambda group: group.questions[0].answer_id,
        reverse=True,
    )
