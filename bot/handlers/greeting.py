"""/start, /help, and commands nobody knows."""

from telegram import Update

from bot.handlers.context import Context, is_admin, texts_of, tools_of
from bot.texts import Texts
from bot.transport.sending import reply
from bot.views.article_browser import page_of_passage, page_view
from bot.views.links import passage_key_in
from bot.views.view import View
from embeddings import view_at


async def start(update: Update, context: Context) -> None:
    """Say what this bot is; a link to a passage opens its article there."""
    if update.message is None:
        return
    texts = texts_of(update, context)
    passage_key = passage_key_in(context.args[0]) if context.args else None
    if passage_key:
        await reply(update.message, await _opened(passage_key, texts, context))
        return
    articles = texts.count("articles", len(tools_of(context).question_worker.manifest.articles))
    await reply(update.message, texts("start", articles=articles))


async def help_(update: Update, context: Context) -> None:
    """Say how to ask; to an admin also how to look after the articles."""
    if update.message is None:
        return
    texts = texts_of(update, context)
    more = texts("help_admin") if is_admin(update, context) else ""
    await reply(update.message, texts("help") + more)


async def unknown_command(update: Update, context: Context) -> None:
    """Say that there is no such command."""
    if update.message is not None:
        await reply(update.message, texts_of(update, context)("unknown_command"))


async def _opened(passage_key: str, texts: Texts, context: Context) -> View:
    reading = await tools_of(context).question_worker.look(
        lambda passage_store: view_at(passage_store, passage_key)
    )
    if reading is None:
        return View(texts("passage_gone"))
    page = page_of_passage(reading.passages)[reading.at]
    return page_view(reading, page, texts, at=reading.at)
