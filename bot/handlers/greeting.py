"""/start, /help, and commands nobody knows."""

from telegram import Update

from bot.handlers.context import Context, is_admin, texts_of, tools_of
from bot.texts import Texts
from bot.transport.sending import reply
from bot.views.article_browser import page_of_passage, page_view
from bot.views.links import place_in
from bot.views.view import View
from embeddings import read_at


async def start(update: Update, context: Context) -> None:
    """Say what this bot is; a link to a passage opens its article there."""
    if update.message is None:
        return
    texts = texts_of(update, context)
    place = place_in(context.args[0]) if context.args else None
    if place:
        await reply(update.message, await _opened(place, texts, context))
        return
    articles = texts.count("articles", len(tools_of(context).asker.manifest.articles))
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


async def _opened(place: str, texts: Texts, context: Context) -> View:
    reading = await tools_of(context).asker.look(lambda library: read_at(library, place))
    if reading is None:
        return View(texts("passage_gone"))
    page = page_of_passage(reading.passages)[reading.at]
    return page_view(reading, page, texts, at=reading.at)
