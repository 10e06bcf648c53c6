"""/articles: what can be asked about, and each article to read."""

from telegram import Message, Update

from bot.handlers.context import Context, services_of, texts_of
from bot.texts import Texts
from bot.transport.sending import acknowledge, edit, reply
from bot.views.article_browser import Press, contents_view, list_view, page_view, read_press
from bot.views.view import View
from embeddings import path_key


async def articles(update: Update, context: Context) -> None:
    """List the articles."""
    if update.message is not None:
        view = list_view(
            services_of(context).question_worker.manifest.articles, 0, texts_of(update, context)
        )
        await reply(update.message, view)


async def articles_pressed(update: Update, context: Context) -> None:
    """Turn a page of the list, of a table of contents, or of an article."""
    query = update.callback_query
    press = read_press(query.data) if query else None
    if query is None or press is None or not isinstance(query.message, Message):
        return
    texts = texts_of(update, context)
    view = await _view(press, texts, context)
    await acknowledge(query, None if view else texts("article_gone"))
    if view:
        await edit(query.message, view)


async def _view(press: Press, texts: Texts, context: Context) -> View | None:
    """Return what a button asks for; None, when its article is gone."""
    entries = services_of(context).question_worker.manifest.articles
    if press.action == "list":
        return list_view(entries, press.number, texts)
    path = next((entry.path for entry in entries if path_key(entry.path) == press.key), None)
    if path is None:
        return None
    reader = services_of(context).article_reader
    if press.action == "contents":
        outline = await reader.outline(path)
        if outline and outline.contents:
            return contents_view(outline, press.number, texts)
    page = await reader.page(path, press.number)
    return page_view(page, texts) if page else None
