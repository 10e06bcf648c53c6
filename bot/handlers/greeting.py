"""/start, /help, and commands nobody knows."""

from telegram import Update

from bot.handlers.context import Context, asker_of, is_admin, reply, texts_of


async def start(update: Update, context: Context) -> None:
    """Say what this bot is."""
    if update.message is None:
        return
    texts = texts_of(update)
    articles = texts.count("articles", len(asker_of(context).manifest.articles))
    await reply(update.message, texts("start", articles=articles))


async def help_(update: Update, context: Context) -> None:
    """Say how to ask; to an admin also how to look after the articles."""
    if update.message is None:
        return
    texts = texts_of(update)
    more = texts("help_admin") if is_admin(update, context) else ""
    await reply(update.message, texts("help") + more)


async def unknown_command(update: Update, _context: Context) -> None:
    """Say that there is no such command."""
    if update.message is not None:
        await reply(update.message, texts_of(update)("unknown_command"))
