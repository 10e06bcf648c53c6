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
    """Return what the journal keeps of an answer that was just given.

    A question that was asked inline has no message; `person` is None where a chat as such asked.
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
