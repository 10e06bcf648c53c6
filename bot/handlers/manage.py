"""/manage: the articles, page by page, or those named; one can be removed, and brought back.

/rebuild: bring the index up to date, with progress in one message.
"""

from contextlib import suppress

from telegram import Message, Update

from bot.handlers.context import Context
from bot.services.live_progress import StatusLine, live
from bot.transport.sending import acknowledge, edit, reply
from bot.views.admin_reports import build_report, failure_report, one_line
from bot.views.admin_views import (
    article_view,
    ask_view,
    back_to_list_view,
    failed_view,
    list_view,
    removed_view,
    restored_view,
    trash_view,
)
from bot.views.article_list import words_after_command
from bot.views.view import View
from embeddings import ArticleEntry, trash_key
from embeddings.errors import ArticleGone, PassageBotError, SeedsEmptied, UndoGone


async def manage(_: Update, context: Context) -> None:
    """Show the first page: of all articles, or of those with the words after the command."""
    await reply(context.message, await _list(context, context.message, 0))


async def _list(context: Context, asked: Message | None, page: int) -> View:
    """Return a page of the list that a message asked for."""
    words = words_after_command(asked.text if asked else None)
    removed = await context.services.article_admin.removed()
    return list_view(context.articles, words, page, len(removed), context.texts)


async def manage_pressed(_: Update, context: Context) -> None:
    """Do what a button of the list says; for anyone but an admin it does nothing."""
    await acknowledge(context.query)  # soon: a build takes longer than Telegram waits
    if not context.is_admin or not context.is_private:
        return
    try:
        view = await _view(context)
    except SeedsEmptied as error:
        view = failed_view(error, context.texts)
    except PassageBotError as error:
        page = int(context.pressed[-1])
        view = back_to_list_view(failure_report(error, context.texts), page, context.texts)
    await edit(context.message, view)


async def _view(context: Context) -> View:
    """Do what a button says, and return what to show then.

    Raises:
        PassageBotError: it cannot be done, or the article is gone.
    """
    texts, (action, key, number) = context.texts, context.pressed
    page = int(number)
    if action in ("list", "all"):
        asked = context.message.reply_to_message if action == "list" else None
        return await _list(context, asked, page)
    if action == "trash":
        return trash_view(await context.services.article_admin.removed(), page, texts)
    if action == "open":
        return article_view(_article(context, key), page, texts)
    if action == "empty":
        result = await context.services.article_admin.build(allow_empty=True)
        return back_to_list_view(build_report(result, texts), page, texts)
    if action == "ask":
        return ask_view(_article(context, key), page, texts)
    return await (_remove if action == "yes" else _undo)(context, key, page)


def _article(context: Context, key: str) -> ArticleEntry:
    article = context.article(key)
    if article is None:
        raise ArticleGone
    return article


async def _remove(context: Context, key: str, page: int) -> View:
    """Remove an article; pressed a second time, say the same as after the first."""
    texts, trashed = context.texts, None
    is_last = len(context.articles) == 1  # to remove it is to say that the index is to be empty
    with suppress(ArticleGone):
        article = _article(context, key)
        trashed = await context.services.article_admin.remove(article)
        await edit(context.message, texts("manage_removing", title=one_line(article.title)))
    trashed = trashed or await context.services.article_admin.last_removed(key)
    if trashed is None:
        raise ArticleGone
    return removed_view(trashed, page, texts, await _build(context, allow_empty=is_last))


async def _undo(context: Context, key: str, page: int) -> View:
    """Put a file back; pressed a second time, say the same as after the first."""
    trashed = None
    with suppress(UndoGone):
        await context.services.article_admin.check_not_emptied(context.articles)
        trashed = await context.services.article_admin.restore(key)
        said = context.texts("manage_restoring", title=one_line(trashed.title))
        await edit(context.message, said)
    failed = await _build(context)
    restored = (one for one in context.articles if trash_key(one.path, one.sha256) == key)
    entry = next(restored, None) or trashed
    if entry is None:
        raise UndoGone
    return restored_view(entry, page, context.texts, failed)


async def _build(context: Context, *, allow_empty: bool = False) -> str | None:
    """Bring the index up to date; return what to say when that fails."""
    try:
        await context.services.article_admin.build(allow_empty=allow_empty)
    except PassageBotError as error:
        return failure_report(error, context.texts)
    return None


async def rebuild(_: Update, context: Context) -> None:
    """Build, unless somebody's /rebuild is under way."""
    article_admin, texts = context.services.article_admin, context.texts
    if article_admin.rebuilding:
        await reply(context.message, texts("rebuild_running"))
        return
    article_admin.rebuilding = True
    status = StatusLine(context.message, reply(context.message, "…"))
    try:
        try:
            async with live(status, texts) as progress:
                result = await article_admin.build(progress)
            view = View(build_report(result, texts))
        except PassageBotError as error:
            view = failed_view(error, texts)
        await status.end(view)
    finally:
        article_admin.rebuilding = False
