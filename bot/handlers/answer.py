"""The buttons below an answer: other passages, neighbours of one, its article, 👍 and 👎."""

from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import Update
from telegram.error import BadRequest

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.journal import Rating
from bot.services.journal_entry import journal_entry
from bot.texts import Texts
from bot.transport.question_text import person_in, question_in
from bot.transport.sending import (
    acknowledge,
    change_buttons,
    edit,
    may_not_send,
    reply,
    reply_photos,
)
from bot.views.answer_buttons import (
    Press,
    answer_buttons,
    list_buttons,
    not_answered_view,
    rating_row,
    read_press,
    without,
)
from bot.views.answers import (
    SHOWN,
    as_understood,
    has_more,
    near_passages,
    page_caption,
    render_list,
    render_more,
    render_passage,
)
from bot.views.article_browser import ArticlePage, page_view
from bot.views.view import View
from embeddings import Answer, Hit
from embeddings.errors import ArticleGone, UnreadableFile

_TOGETHER = " · "
"""Stands between a question and the one before, where they are asked together."""


async def passage_pressed(_: Update, context: Context) -> None:
    """Show another passage of an answer, or the list of them."""
    press = read_press(context.pressed)
    asked = await _asked(press, context)
    if await refuse_press(context, is_gone=not asked.question):
        return
    await acknowledge(context.query)  # early: Telegram waits for it
    context.speak(asked.texts)
    answer, rating = await _answer_again(asked, context), await _rating(press, context)
    await edit(context.message, await answer_view(answer, press, context, rating))


async def neighbours_pressed(_: Update, context: Context) -> None:
    """Show more neighbours of a passage, or fewer."""
    press = read_press(context.pressed)
    asked = await _asked(press, context)
    if await refuse_press(context, is_gone=not asked.question):
        return
    reader = context.services.article_reader
    excerpt = await reader.excerpt(press.passage_key, press.radius + 1)
    if excerpt is None:
        await _say_gone(context)
        return
    answer, rating = await _answer_again(asked, context), await _rating(press, context)
    view = render_more(excerpt, press.radius, answer, asked.texts)
    await acknowledge(context.query, None if view else context.texts("no_room"))
    radius = press.radius if view else press.radius - 1
    shown = replace(press, number=min(press.number, len(answer.passages) - 1), radius=radius)
    more = view is not None and has_more(excerpt, press.radius, answer, asked.texts)
    rows = answer_buttons(answer, shown, asked.texts, more=more, rating=rating)
    if view:
        await edit(context.message, replace(view, rows=rows))
    else:
        await change_buttons(context.message, rows)


async def article_pressed(_: Update, context: Context) -> None:
    """Open the article at a passage; where that is gone, at its beginning."""
    page = await _page_of(read_press(context.pressed), context)
    if page is None:
        await _say_gone(context)
        return
    await acknowledge(context.query)
    context.services.recent_answers.show(context.message.chat_id, page.outline.source.path)
    await reply(context.message, page_view(page, context.texts))


async def page_pressed(_: Update, context: Context) -> None:
    """Send pictures of the pages that a passage stands on, with what answers marked."""
    press, services = read_press(context.pressed), context.services
    worker, pictures = services.question_worker, services.page_pictures
    excerpt = await services.article_reader.excerpt(press.passage_key, 0)
    if excerpt is None:
        await _say_gone(context)
        return
    is_busy = worker.is_busy or pictures.is_busy
    await acknowledge(context.query, context.texts("busy") if is_busy else None)
    if is_busy:
        return
    asked = await _asked(press, context)
    answer = await _answer_again(asked, context) if asked.question else Answer("", ())
    hit = excerpt.hit_in(answer) or Hit(excerpt.passages[excerpt.at], excerpt.source, 0.0)
    if answer.answered is False:
        hit = replace(hit, highlight=None)
    manifest = worker.manifest
    try:
        shown = await pictures.pictures(hit, manifest)
        file_ids = await reply_photos(context.message, shown, page_caption(hit, asked.texts))
    except (ArticleGone, UnreadableFile):
        await reply(context.message, asked.texts("page_not_shown"))
    except BadRequest as error:
        if not may_not_send(error):
            raise
        await reply(context.message, asked.texts("photos_forbidden"))
    else:
        pictures.keep(hit, manifest, file_ids)


async def alone_pressed(_: Update, context: Context) -> None:
    """Answer a question as if none had been asked before it; once, however often it is pressed."""
    press, message = read_press(context.pressed), context.message
    asked = await _asked(press, context)
    if await refuse_press(context, is_gone=not asked.question):
        return
    await acknowledge(context.query)
    context.speak(asked.texts)
    question, services = message.reply_to_message or message, context.services
    exchange = services.recent_answers.exchange(question)
    async with exchange.lock:
        if press.record in exchange.alone:
            return
        if message.reply_to_message:
            services.last_questions.asked_alone(asked.together, asked.alone, question)
        answer, record = await services.question_worker.ask(asked.alone, SHOWN), None
        if answer.passages:
            # In a group anybody may press it.
            person = context.query.from_user.id if context.is_private else person_in(question)
            entry = journal_entry(answer, services.question_worker, context.texts, person, question)
            record = await services.journal.record(entry)
        await edit(message, await first_view(answer, context, record))
        if record is not None:
            await services.journal.sent(record, message.message_id)
        if press.record is not None:
            exchange.alone.add(press.record)


async def rating_pressed(_: Update, context: Context) -> None:
    """Record a person's rating, or take it back; mark it where nobody else sees the mark."""
    press, query, texts = read_press(context.pressed), context.query, context.texts
    journal, person = context.services.journal, query.from_user.id
    if press.record is None:
        await acknowledge(query)
        return
    given: Rating = 1 if press.action == "up" else -1
    before = await journal.rating(press.record, person)
    value = None if before == given else given
    if not await journal.rate(press.record, person, value):
        await acknowledge(query, texts("answer_forgotten"))
        return
    await acknowledge(query, texts("thanks") if value else None, alert=False)
    if context.is_private and (keyboard := context.message.reply_markup):
        rows = [*keyboard.inline_keyboard[:-1], rating_row(press.record, value)]
        await change_buttons(context.message, rows)


async def first_view(answer: Answer, context: Context, record: int | None) -> View:
    """Return what a question gets: the best passage, or that the articles do not answer."""
    if answer.passages and answer.answered is False:
        return not_answered_view(answer, context.texts, record)
    return await answer_view(answer, Press("show", record=record), context)


async def answer_view(
    answer: Answer, shown: Press, context: Context, rating: int | None = None
) -> View:
    """Return one passage of an answer, or a list of them, or that there is none.

    What is `shown` names the passage, and the answer in the journal; `rating` is the person's.
    """
    answer, texts = near_passages(answer), context.texts
    if not answer.passages:
        return View(texts(context.no_articles))
    if shown.action == "list":
        rows = list_buttons(answer, shown.record, texts, rating=rating)
        return replace(render_list(answer, texts), rows=rows)
    number = min(shown.number, len(answer.passages) - 1)
    hit = answer.passages[number]
    context.services.recent_answers.show(context.message.chat_id, hit.source.path)
    excerpt = await context.services.article_reader.excerpt(hit.passage_key, 1)
    more = excerpt is not None and has_more(excerpt, 0, answer, texts)
    shown = Press("show", number, record=shown.record)
    rows = answer_buttons(answer, shown, texts, more=more, rating=rating)
    return replace(render_passage(answer, number, texts), rows=rows)


async def refuse_press(context: Context, *, is_gone: bool) -> bool:
    """Say why the question of an answer is not answered again, if so; the button stays.

    Returns:
        Whether it is refused: it can no longer be found, or too many others wait.
    """
    if not is_gone and not context.services.question_worker.is_busy:
        return False
    await acknowledge(context.query, context.texts("question_gone" if is_gone else "busy"))
    return True


async def _say_gone(context: Context) -> None:
    """Say that a passage has left the articles, and remove the button that was pressed."""
    await acknowledge(context.query, context.texts("passage_gone"))
    left = without(context.message.reply_markup, context.query.data)
    await change_buttons(context.message, left)


async def _page_of(press: Press, context: Context) -> ArticlePage | None:
    """Return the page with a passage; where that is gone, the beginning of its article."""
    reader, journal = context.services.article_reader, context.services.journal
    page, recorded = await reader.page_at(press.passage_key), None
    if page is None and press.record is not None:
        with suppress(JournalUnavailable):
            recorded = await journal.answer(press.record)
    if recorded is None or press.number >= len(recorded.passages):
        return page
    return await reader.page(recorded.passages[press.number].article, 0)


@dataclass(frozen=True)
class _Asked:
    """The question that an answer belongs to.

    Attributes:
        question: "" where it can no longer be found.
        texts: of who asked it.
        together: the question, where it is put together with the one before.
    """

    question: str
    texts: Texts
    together: str | None = None

    @property
    def alone(self) -> str:
        """The question without the one before."""
        return self.question.rpartition(_TOGETHER)[2]


async def _asked(press: Press, context: Context) -> _Asked:
    """Return what was asked: the journal has it, or else the message that was replied to."""
    message, journal = context.message, context.services.journal
    replied_to = message.reply_to_message
    recorded = None
    with suppress(JournalUnavailable):
        if press.record is not None:
            recorded = await journal.answer(press.record)
        if recorded is None and replied_to:
            recorded = await journal.last_answer(message.chat_id, replied_to.message_id)
    typed = (question_in(replied_to, context.bot.username) if replied_to else None) or ""
    texts = await context.asker_texts(recorded.language if recorded else None)
    if recorded is None:
        return _Asked(typed, texts)
    together = _TOGETHER in recorded.question and recorded.question != typed
    return _Asked(recorded.question, texts, recorded.question if together else None)


async def _answer_again(asked: _Asked, context: Context) -> Answer:
    answer = await context.services.question_worker.ask(asked.question, SHOWN)
    return near_passages(as_understood(answer, asked.together))


async def _rating(press: Press, context: Context) -> int | None:
    """Return how this person rated the answer; only where nobody else sees it."""
    if press.record is None or not context.is_private:
        return None
    try:
        return await context.services.journal.rating(press.record, context.query.from_user.id)
    except JournalUnavailable:
        return None
