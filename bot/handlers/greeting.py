"""/start, /help, and commands nobody knows."""

from telegram import Update

from bot.handlers.context import Context, is_admin, services_of, texts_of
from bot.transport.sending import reply
from bot.views.article_browser import page_view
from bot.views.links import passage_key_in


async def start(update: Update, context: Context) -> None:
    """Say what this bot is; a link to a passage opens its article there."""
    if update.message is None:
        return
    texts = texts_of(update, context)
    passage_key = passage_key_in(context.args[0]) if context.args else None
    if passage_key:
        page = await services_of(context).article_reader.page_at(passage_key)
        await reply(update.message, page_view(page, texts) if page else texts("passage_gone"))
        return
    articles = texts.count("articles", len(services_of(context).question_worker.manifest.articles))
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
