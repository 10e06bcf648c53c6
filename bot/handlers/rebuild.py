"""/rebuild: bring the index up to date, with progress in one message."""

from telegram import Update

from bot.handlers.context import Context
from bot.services.live_progress import live
from bot.transport.sending import edit, reply
from bot.views.admin_reports import build_report
from bot.views.admin_views import failed_view
from bot.views.view import View
from embeddings.errors import PassageBotError


async def rebuild(_: Update, context: Context) -> None:
    """Build, unless somebody's /rebuild is under way."""
    article_admin, texts = context.services.article_admin, context.texts
    if article_admin.rebuilding:
        await reply(context.message, texts("rebuild_running"))
        return
    article_admin.rebuilding = True
    try:
        sent = await reply(context.message, "…")
        try:
            async with live(sent, texts) as progress:
                result = await article_admin.build(progress)
            view = View(build_report(result, texts))
        except PassageBotError as error:
            view = failed_view(error, texts)
        await edit(sent, view)
    finally:
        article_admin.rebuilding = False
