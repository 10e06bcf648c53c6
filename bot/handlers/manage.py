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
            _Pressed(message, press, texts_of(update, context), context)
        )
        await edit(message, view)


def undo_button(trashed: Trashed, texts: Texts) -> InlineKeyboardMarkup:
    """Return the button below an article that replaced another."""
    return InlineKeyboardMarkup.from_button(undo(trashed, 0, texts))


@dataclass(frozen=True)
class _Pressed:
    """A pressed button: its message, its data, and what its action works with."""

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


async def _list(pressed: _Pressed) -> View:
    return list_view(pressed.articles, pressed.press.page, pressed.texts)


async def _open(pressed: _Pressed) -> View:
    article = pressed.article()
    if article is None:
        return pressed.says(pressed.texts("manage_gone"))
    return article_view(article, pressed.press.page, pressed.texts)


async def _ask(pressed: _Pressed) -> View:
    article = pressed.article()
    if article is None:
        return pressed.says(pressed.texts("manage_gone"))
    return ask_view(article, pressed.press.page, pressed.texts)


async def _remove(pressed: _Pressed) -> View:
    """Remove an article; pressed a second time, say the same as after the first."""
    try:
        trashed = await _remove_or_find(pressed)
    except PassageBotError as error:
        return pressed.says(failure_report(error, pressed.texts))
    if trashed is None:
        return pressed.says(pressed.texts("manage_gone"))
    failed = await _index(pressed)
    return removed_view(trashed, pressed.press.page, pressed.texts, failed)


async def _remove_or_find(pressed: _Pressed) -> Trashed | None:
    article = pressed.article()
    if article:
        try:
            trashed = await pressed.article_admin.remove(article)
        except ArticleGone:
            pass
        else:
            title = shown(article.title)
            await edit(pressed.message, pressed.texts("manage_removing", title=title))
            return trashed
    return await pressed.article_admin.removed(pressed.press.key)


async def _undo(pressed: _Pressed) -> View:
    """Put a file back; pressed a second time, say the same as after the first."""
    entry = None
    try:
        entry = await pressed.article_admin.restore(pressed.press.key)
    except UndoGone:
        pass
    except PassageBotError as error:
        return pressed.says(failure_report(error, pressed.texts))
    failed = await _index(pressed)
    back = (one for one in pressed.articles if trash_key(one.path, one.sha256) == pressed.press.key)
    known = next(back, None) or entry
    if known is None:
        return pressed.says(pressed.texts("undo_gone"))
    return restored_view(known.title, known.path, pressed.press.page, pressed.texts, failed)


async def _index(pressed: _Pressed) -> str | None:
    """Bring the index up to date; return what to say when that fails."""
    try:
        await pressed.article_admin.build(_silent)
    except PassageBotError as error:
        return failure_report(error, pressed.texts)
    return None


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


_ACTIONS: dict[str, Callable[[_Pressed], Awaitable[View]]] = {
    "list": _list,
    "open": _open,
    "ask": _ask,
    "yes": _remove,
    "undo": _undo,
}
