"""/start, /help, commands nobody knows, and messages that are no text."""

from telegram import Update

from bot.handlers.context import Context
from bot.transport.sending import reply
from bot.views.article_browser import page_view
from bot.views.links import passage_key_in


async def start(_: Update, context: Context) -> None:
    """Say what this bot is; a link to a passage opens its article there."""
    texts = context.texts
    passage_key = passage_key_in(context.args[0]) if context.args else None
    if passage_key:
        page = await context.services.article_reader.page_at(passage_key)
        await reply(context.message, page_view(page, texts) if page else texts("passage_gone"))
        return
    articles = texts.count("articles", len(context.articles))
    await reply(context.message, texts("start", articles=articles))


async def help_(_: Update, context: Context) -> None:
    """Say how to ask; to an admin also how to look after the articles."""
    more = context.texts("help_admin") if context.is_admin else ""
    await reply(context.message, context.texts("help") + more)


async def unknown_command(_: Update, context: Context) -> None:
    """Say that there is no such command."""
    await reply(context.message, context.texts("unknown_command"))


async def not_text(_: Update, context: Context) -> None:
    """Say that only text is read."""
    await reply(context.message, context.texts("not_text"))
