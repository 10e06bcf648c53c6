"""A question, and a question that was changed."""

import math

from telegram import Message, Update

from bot.asked import question_in
from bot.errors import Busy, JournalUnavailable
from bot.handlers.answer import first_view
from bot.handlers.context import (
    Context,
    asker_of,
    change,
    journal_of,
    limit_of,
    recent_of,
    reply,
    texts_of,
    typing,
)
from bot.journal import Asked, cited
from bot.render import SHOWN
from bot.texts import Texts
from bot.view import View
from embeddings import LONGEST_QUESTION, Answer, normalise


async def question(update: Update, context: Context) -> None:
    """Answer a question, or say why not."""
    message = update.message
    asked = question_in(message, context.bot.username) if message else None
    if message is None or asked is None:
        return
    texts = texts_of(update, context)
    async with typing(message):
        view, record = await _answered(message, asked, texts, context)
        sent = await reply(message, view)
    recent_of(context).remember(message.chat_id, message.message_id, sent.message_id)
    journal = journal_of(context)
    if journal and record is not None:
        await journal.sent(record, sent.message_id)


async def edited_question(update: Update, context: Context) -> None:
    """Change the answer to a question that was changed; to no other message."""
    message = update.edited_message
    asked = question_in(message, context.bot.username) if message else None
    if message is None or asked is None:
        return
    answer = await _message_answering(message, context)
    if answer is not None:
        view, record = await _answered(message, asked, texts_of(update, context), context)
        await change(context.bot, message.chat_id, answer, view)
        journal = journal_of(context)
        if journal and record is not None:
            await journal.sent(record, answer)


async def not_text(update: Update, context: Context) -> None:
    """Say that only text is read."""
    if update.message is not None:
        await reply(update.message, texts_of(update, context)("not_text"))


def refuse(asked: str, texts: Texts) -> str | None:
    """Return what to say to a message that is no question, None when it may be one."""
    if len(asked) > LONGEST_QUESTION:
        return texts.count("too_long", LONGEST_QUESTION)
    if not normalise(asked):
        return texts("no_words")
    return None


async def _answered(
    message: Message, asked: str, texts: Texts, context: Context
) -> tuple[View, int | None]:
    """Return the answer to a question as a message, and its number in the journal."""
    refusal = refuse(asked, texts)
    person = message.from_user.id if message.from_user else message.chat_id
    wait_s = 0.0 if refusal else limit_of(context).wait_s(person)
    if refusal or wait_s:
        asker_of(context).metrics.refused()
        return View(refusal or texts.count("slow_down", math.ceil(wait_s))), None
    try:
        answer = await asker_of(context).ask(asked, SHOWN)
    except Busy:
        return View(texts("busy")), None
    record = await _recorded(message, answer, texts, context) if answer.passages else None
    return first_view(answer, texts, record), record


async def _recorded(message: Message, answer: Answer, texts: Texts, context: Context) -> int | None:
    journal, generation = journal_of(context), asker_of(context).searcher.generation
    if journal is None:
        return None
    return await journal.record(
        Asked(
            chat_id=message.chat_id,
            chat_kind="private" if message.chat.type == message.chat.PRIVATE else "group",
            person_id=message.from_user.id if message.from_user else None,
            question=answer.question,
            language=texts.language,
            answered=answer.answered,
            confidence=answer.confidence,
            took_ms=answer.took.total,
            generation=generation.name,
            question_message=message.message_id,
            passages=cited(answer, generation.manifest),
        )
    )


async def _message_answering(message: Message, context: Context) -> int | None:
    """Return the message that answers a question: from memory, or, after a restart, the journal."""
    recent = recent_of(context).of(message.chat_id, message.message_id)
    journal = journal_of(context)
    if recent is not None or journal is None:
        return recent
    try:
        recorded = await journal.last_answer(message.chat_id, message.message_id)
    except JournalUnavailable:
        return None
    return recorded.answer_message if recorded else None
