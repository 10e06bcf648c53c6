"""The buttons below an answer: other passages, neighbours of one, its article."""

from dataclasses import replace

from telegram import Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.handlers.rating import rate
from bot.services.journal_entry import journal_entry
from bot.transport.question_text import question_in
from bot.transport.sending import acknowledge, change_buttons, edit, reply, reply_photos
from bot.views.answer_buttons import Press, answer_buttons, not_answered_view, read_press
from bot.views.answers import SHOWN, as_understood, page_caption, render_more, render_passage
from bot.views.article_browser import page_view
from bot.views.view import View
from embeddings import Answer, Hit
from embeddings.errors import ArticleGone, UnreadableFile


async def answer_pressed(_: Update, context: Context) -> None:
    """Do what a button below an answer says."""
    press = read_press(context.query.data)
    if press is None:
        await acknowledge(context.query)
        return
    if press.action in ("up", "down"):
        await rate(press, context)
    elif press.action == "open":
        texts = context.texts
        page = await context.services.article_reader.page_at(press.passage_key)
        await acknowledge(context.query, None if page else texts("passage_gone"))
        if page:
            context.services.recent.show(context.message.chat_id, page.outline.source.path)
            await reply(context.message, page_view(page, texts))
    elif press.action == "page":
        await _show_page(press, context)
    elif press.action == "alone":
        await _ask_alone(context)
    else:
        await _show(press, context)


async def answer_view(
    answer: Answer, shown: Press, context: Context, rating: int | None = None
) -> View:
    """Return one passage of an answer, or that there is none.

    Args:
        answer: what was found.
        shown: the number of the passage, and the answer's id in the journal.
        context: of the person.
        rating: that the person gave the answer.
    """
    if not answer.passages:
        return View(context.texts("nothing_indexed"))
    number = min(shown.number, len(answer.passages) - 1)
    context.services.recent.show(context.message.chat_id, answer.passages[number].source.path)
    message = render_passage(answer, number, context.texts)
    shown = Press("show", number, record=shown.record)
    more = not await context.services.article_reader.is_whole_article(answer.passages[number])
    buttons = answer_buttons(answer, shown, context.texts, more=more, rating=rating)
    return View(message.html, buttons, message.plain)


async def first_view(answer: Answer, context: Context, record: int | None = None) -> View:
    """Return what a question gets: the best passage, or that the articles do not answer."""
    if answer.passages and answer.answered is False:
        return not_answered_view(answer, context.texts, record)
    return await answer_view(answer, Press("show", record=record), context)


async def _show(press: Press, context: Context) -> None:
    """Show another passage, or more neighbours of this one; the question is answered again."""
    query, message, texts = context.query, context.message, context.texts
    worker, reader = context.services.question_worker, context.services.article_reader
    excerpt = None
    question, together = await _asked(press, context)
    if question and press.action == "more":
        excerpt = await reader.excerpt(press.passage_key, press.radius + 1)
    if question is None or (press.action == "more" and excerpt is None):
        await acknowledge(query, texts("passage_gone" if question else "question_gone"))
        return
    if worker.is_busy:
        await acknowledge(query, texts("busy"))  # and the button stays
        return
    if excerpt is None:
        await acknowledge(query)  # early: Telegram waits for it, and it can be given only once
    answer = as_understood(await worker.ask(question, SHOWN), together)
    rating = await _rating(press, context)
    if excerpt is None:
        await edit(message, await answer_view(answer, press, context, rating))
        return
    hit = next(filter(excerpt.is_in, answer.passages), None)
    if hit and answer.answered is False:
        hit = replace(hit, highlight=None)
    rendered, more = render_more(excerpt, press.radius, hit, texts)
    await acknowledge(query, None if rendered else texts("no_room"))
    shown = replace(press, number=min(press.number, len(answer.passages) - 1))
    buttons = answer_buttons(answer, shown, texts, more=more, rating=rating)
    if rendered is None:
        await change_buttons(message, buttons)
    else:
        await edit(message, View(rendered.html, buttons, rendered.plain))


async def _show_page(press: Press, context: Context) -> None:
    """Send pictures of the pages that a passage stands on, with what answers marked."""
    query, texts, services = context.query, context.texts, context.services
    worker, pictures = services.question_worker, services.page_pictures
    excerpt = await services.article_reader.excerpt(press.passage_key, 0)
    if excerpt is None:
        await acknowledge(query, texts("passage_gone"))
        return
    is_busy = worker.is_busy or pictures.is_busy
    await acknowledge(query, texts("busy") if is_busy else None)
    if is_busy:
        return
    question, _ = await _asked(press, context)
    answer = await worker.ask(question, SHOWN) if question else Answer("", ())
    hit = next(filter(excerpt.is_in, answer.passages), None)
    hit = hit or Hit(excerpt.passages[excerpt.at], excerpt.source, 0.0)
    if answer.answered is False:
        hit = replace(hit, highlight=None)
    manifest = worker.manifest
    try:
        shown = await pictures.pictures(hit, manifest)
    except (ArticleGone, UnreadableFile):
        await reply(context.message, texts("page_not_shown"))
        return
    file_ids = await reply_photos(context.message, shown, page_caption(hit, texts))
    pictures.keep(hit, manifest, file_ids)


async def _ask_alone(context: Context) -> None:
    """Answer a question as if none had been asked before it."""
    query, message, texts, services = (
        context.query,
        context.message,
        context.texts,
        context.services,
    )
    worker, question = services.question_worker, await _question(context)
    refusal = (
        texts("question_gone") if question is None else texts("busy") if worker.is_busy else None
    )
    refusal = refusal or context.refuse_if_too_many(query.from_user.id)
    await acknowledge(query, refusal)
    if refusal or question is None:
        return
    answer, record = await worker.ask(question, SHOWN), None
    if answer.passages:
        person = query.from_user.id
        entry = journal_entry(answer, worker, texts, person, message.reply_to_message or message)
        record = await services.journal.record(entry)
    await edit(message, await first_view(answer, context, record))
    if record is not None:
        await services.journal.sent(record, message.message_id)


async def _asked(press: Press, context: Context) -> tuple[str | None, str | None]:
    """Return the question to answer again; and once more if it is put together with another."""
    typed, message = await _question(context), context.message
    journal, replied_to = context.services.journal, message.reply_to_message
    if typed is None or replied_to is None:
        return typed, None
    try:
        if press.record is None:
            recorded = await journal.last_answer(message.chat_id, replied_to.message_id)
        else:
            recorded = await journal.answer(press.record)
    except JournalUnavailable:
        return typed, None
    if recorded is None or not recorded.question.endswith(f" · {typed}"):
        return typed, None
    return recorded.question, recorded.question


async def _question(context: Context) -> str | None:
    """Return the question: it is in the message replied to, or in one that this replied to."""
    message, replied_to = context.message, context.message.reply_to_message
    question = question_in(replied_to, context.bot.username) if replied_to else None
    if question or replied_to is None:
        return question or None
    try:  # Telegram shows no more than one message back
        journal = context.services.journal
        recorded = await journal.last_answer(message.chat_id, replied_to.message_id)
    except JournalUnavailable:
        return None
    return recorded.question if recorded else None


async def _rating(press: Press, context: Context) -> int | None:
    """Return how this person rated the answer; only where nobody else sees it."""
    if press.record is None or context.message.chat.type != context.message.chat.PRIVATE:
        return None
    try:
        return await context.services.journal.rating(press.record, context.query.from_user.id)
    except JournalUnavailable:
        return None
