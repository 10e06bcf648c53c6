"""/start, /help, and commands nobody knows."""

from telegram import Update

from bot.handlers.context import Context, asker_of, reply, texts_of


async def start(update: Update, context: Context) -> None:
    """Say what this bot is."""
    if update.message is None:
        return
    texts = texts_of(update)
    articles = texts.count("articles", len(asker_of(context).manifest.articles))
    await reply(update.message, texts("start", articles=articles))


async def help_(update: Update, _context: Context) -> None:
    """Say how to ask."""
    if update.message is not None:
        await reply(update.message, texts_of(update)("help"))


async def unknown_command(update: Update, _context: Context) -> None:
    """Say that there is no such command."""
    if update.message is not None:
        await reply(update.message, texts_of(update)("unknown_command"))
