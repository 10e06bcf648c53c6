"""An answer as the journal keeps it."""

from telegram import Message

from bot.journal import ChatKind, JournalEntry, cited
from bot.services.question_worker import QuestionWorker
from bot.texts import Texts
from embeddings import Answer


def journal_entry(
    answer: Answer,
    question_worker: QuestionWorker,
    texts: Texts,
    person: int | None,
    message: Message | None = None,
) -> JournalEntry:
    """Return what the journal keeps of an answer.

    Args:
        answer: just given.
        question_worker: gave it.
        texts: of the person.
        person: who asked, None where it was a chat as such.
        message: the question; None where it was asked inline.
    """
    index = question_worker.searcher.index
    kind: ChatKind = "inline"
    if message:
        kind = "private" if message.chat.type == message.chat.PRIVATE else "group"
    return JournalEntry(
        chat_id=message.chat_id if message else None,
        chat_kind=kind,
        person_id=person,
        question=answer.question,
        language=texts.language,
        answered=answer.answered,
        confidence=answer.confidence,
        took_ms=answer.took.total,
        generation=index.name,
        question_message=message.message_id if message else None,
        passages=cited(answer, index.manifest),
    )
