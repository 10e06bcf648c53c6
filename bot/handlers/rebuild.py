"""/rebuild: bring the index up to date, with progress in one message."""

from telegram import Message, Update

from bot.handlers.context import Context, article_admin_of, texts_of
from bot.services.live_progress import live
from bot.texts import Texts
from bot.transport.sending import edit, reply
from bot.views.admin_reports import build_report, failure_report
from embeddings import PassageBotError


async def rebuild(update: Update, context: Context) -> None:
    """Build, unless somebody's /rebuild is under way."""
    message = update.message
    if message is None:
        return
    article_admin, texts = article_admin_of(context), texts_of(update, context)
    if article_admin.rebuilding:
        await reply(message, texts("rebuild_running"))
        return
    article_admin.rebuilding = True
    try:
        await _rebuild(await reply(message, "…"), texts, context)
    finally:
        article_admin.rebuilding = False


async def _rebuild(sent: Message, texts: Texts, context: Context) -> None:
    try:
        async with live(sent, texts) as progress:
            result = await article_admin_of(context).build(progress)
    except PassageBotError as error:
        await edit(sent, failure_report(error, texts))
    else:
        await edit(sent, build_report(result, texts))
