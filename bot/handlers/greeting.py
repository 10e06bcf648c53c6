"""/start, /help, small talk, commands nobody knows, and messages that are no text."""

from contextlib import suppress

from telegram import Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.services.small_talk import credit_in, small_talk_in
from bot.transport.sending import reply
from bot.views.article_browser import page_view
from bot.views.links import passage_key_in
from bot.views.small_talk import ask_view, author_view, date_view, hello_view
from bot.views.view import View
from embeddings import Source


async def start(_: Update, context: Context) -> None:
    """Say what this bot is; a link to a passage opens its article there."""
    texts = context.texts
    passage_key = passage_key_in(context.args[0]) if context.args else None
    if passage_key:
        page = await context.services.article_reader.page_at(passage_key)
        await reply(context.message, page_view(page, texts) if page else texts("passage_gone"))
        return
    await reply(context.message, hello_view("start", len(context.articles), texts))


async def reply_without_search(text: str, context: Context) -> View | None:
    """Return what a message gets in which nothing is asked of the text of the articles."""
    texts, kind = context.texts, small_talk_in(text)
    if not text:
        return ask_view(texts)
    if kind == "help":
        return View(_help(context))
    if kind in ("hello", "about"):
        return hello_view("start" if kind == "about" else "hello", len(context.articles), texts)
    if kind:
        return View(texts("welcome" if kind == "thanks" else "bye"))
    credit = credit_in(text)
    source = await _article_shown(context) if credit else None
    if source is None:
        return None
    return (author_view if credit == "author" else date_view)(source, texts)


async def _article_shown(context: Context) -> Source | None:
    """Return the article that was shown last in the chat; the only one, where there is but one."""
    services, chat = context.services, context.message.chat_id
    path = services.recent.shown(chat)
    if path is None:
        with suppress(JournalUnavailable):
            recorded = await services.journal.last_answer(chat)
            if recorded and recorded.answered is not False and recorded.passages:
                path = recorded.passages[0].article
    if path is None and len(context.articles) == 1:
        path = context.articles[0].path
    return await services.article_reader.source(path) if path else None


async def help_(_: Update, context: Context) -> None:
    """Say how to ask; to an admin also how to look after the articles."""
    await reply(context.message, _help(context))


def _help(context: Context) -> str:
    more = context.texts("help_admin") if context.is_admin else ""
    return context.texts("help") + more


async def unknown_command(_: Update, context: Context) -> None:
    """Say that there is no such command."""
    await reply(context.message, context.texts("unknown_command"))


async def not_text(_: Update, context: Context) -> None:
    """Say that only text is read."""
    await reply(context.message, context.texts("not_text"))
