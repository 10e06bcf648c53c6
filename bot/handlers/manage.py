"""/manage: the articles, page by page; one can be removed, and put back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message, Update

from bot.handlers.context import Context, article_admin_of, is_admin, services_of, texts_of
from bot.services.article_admin import ArticleAdmin
from bot.texts import Texts
from bot.transport.sending import acknowledge, edit, reply
from bot.views.admin_reports import failure_report, shown
from bot.views.admin_views import (
    Press,
    article_view,
    ask_view,
    list_view,
    read_press,
    removed_view,
    restored_view,
    said_view,
    undo,
)
from bot.views.view import View
from embeddings import (
    ArticleEntry,
    ArticleGone,
    PassageBotError,
    Trashed,
    UndoGone,
    path_key,
    trash_key,
)


async def manage(update: Update, context: Context) -> None:
    """Show the first page."""
    if update.message is not None:
        view = list_view(
            services_of(context).question_worker.manifest.articles, 0, texts_of(update, context)
        )
        await reply(update.message, view)


async def manage_pressed(update: Update, context: Context) -> None:
    """Do what a button of the list says; for anyone but an admin it does nothing."""
    query = update.callback_query
    if query is None:
        return
    await acknowledge(query)  # soon: a build takes longer than Telegram waits
    press, message = read_press(query.data), query.message
    if press is None or not isinstance(message, Message) or message.chat.type != "private":
        return
    if is_admin(update, context):
        view = await _ACTIONS[press.action](
            _Shelf(message, press, texts_of(update, context), context)
        )
        await edit(message, view)


def undo_button(trashed: Trashed, texts: Texts) -> InlineKeyboardMarkup:
    """Return the button below an article that replaced another."""
    return InlineKeyboardMarkup.from_button(undo(trashed, 0, texts))


@dataclass(frozen=True)
class _Shelf:
    """Where a button was pressed, and what it asks for."""

    message: Message
    press: Press
    texts: Texts
    context: Context

    @property
    def article_admin(self) -> ArticleAdmin:
        return article_admin_of(self.context)

    @property
    def articles(self) -> tuple[ArticleEntry, ...]:
        return services_of(self.context).question_worker.manifest.articles

    def article(self) -> ArticleEntry | None:
        return next((one for one in self.articles if path_key(one.path) == self.press.key), None)

    def says(self, html: str) -> View:
        return said_view(html, self.press.page, self.texts)


async def _list(shelf: _Shelf) -> View:
    return list_view(shelf.articles, shelf.press.page, shelf.texts)


async def _open(shelf: _Shelf) -> View:
    article = shelf.article()
    if article is None:
        return shelf.says(shelf.texts("manage_gone"))
    return article_view(article, shelf.press.page, shelf.texts)


async def _ask(shelf: _Shelf) -> View:
    article = shelf.article()
    if article is None:
        return shelf.says(shelf.texts("manage_gone"))
    return ask_view(article, shelf.press.page, shelf.texts)


async def _remove(shelf: _Shelf) -> View:
    """Remove an article; pressed a second time, say the same as after the first."""
    try:
        trashed = await _take_away(shelf)
    except PassageBotError as error:
        return shelf.says(failure_report(error, shelf.texts))
    if trashed is None:
        return shelf.says(shelf.texts("manage_gone"))
    failed = await _index(shelf)
    return removed_view(trashed, shelf.press.page, shelf.texts, failed)


async def _take_away(shelf: _Shelf) -> Trashed | None:
    article = shelf.article()
    if article:
        try:
            trashed = await shelf.article_admin.remove(article)
        except ArticleGone:
            pass
        else:
            title = shown(article.title)
            await edit(shelf.message, shelf.texts("manage_removing", title=title))
            return trashed
    return await shelf.article_admin.removed(shelf.press.key)


async def _undo(shelf: _Shelf) -> View:
    """Put a file back; pressed a second time, say the same as after the first."""
    entry = None
    try:
        entry = await shelf.article_admin.restore(shelf.press.key)
    except UndoGone:
        pass
    except PassageBotError as error:
        return shelf.says(failure_report(error, shelf.texts))
    failed = await _index(shelf)
    back = (one for one in shelf.articles if trash_key(one.path, one.sha256) == shelf.press.key)
    known = next(back, None) or entry
    if known is None:
        return shelf.says(shelf.texts("undo_gone"))
    return restored_view(known.title, known.path, shelf.press.page, shelf.texts, failed)


async def _index(shelf: _Shelf) -> str | None:
    """Bring the index up to date; return what to say when that fails."""
    try:
        await shelf.article_admin.build(_silent)
    except PassageBotError as error:
        return failure_report(error, shelf.texts)
    return None


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


_ACTIONS: dict[str, Callable[[_Shelf], Awaitable[View]]] = {
    "list": _list,
    "open": _open,
    "ask": _ask,
    "yes": _remove,
    "undo": _undo,
}
