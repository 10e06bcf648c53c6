"""An answer as the journal keeps it."""

from telegram import Message

from bot.journal import Asked, ChatKind, cited
from bot.services.question_worker import Asker
from bot.texts import Texts
from embeddings import Answer


def noted(
    answer: Answer, asker: Asker, texts: Texts, person: int | None, message: Message | None = None
) -> Asked:
    """Return what the journal keeps of an answer.

    Args:
        answer: just given.
        asker: gave it.
        texts: of the person.
        person: who asked, None where it was a chat as such.
        message: the question; None where it was asked inline.
    """
    generation = asker.searcher.generation
    return Asked(
        chat_id=message.chat_id if message else None,
        chat_kind=_kind(message),
        person_id=person,
        question=answer.question,
        language=texts.language,
        answered=answer.answered,
        confidence=answer.confidence,
        took_ms=answer.took.total,
        generation=generation.name,
        question_message=message.message_id if message else None,
        passages=cited(answer, generation.manifest),
    )


def _kind(message: Message | None) -> ChatKind:
    if message is None:
        return "inline"
    return "private" if message.chat.type == message.chat.PRIVATE else "group"
