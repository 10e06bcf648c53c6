"""/articles: what can be asked about, and each article to read."""

from telegram import Message, Update

from bot.handlers.context import Context
from bot.texts import Texts
from bot.transport.sending import acknowledge, edit, reply
from bot.views.article_browser import contents_view, list_view, page_view
from bot.views.article_list import words_after_command
from bot.views.view import View


async def articles(_: Update, context: Context) -> None:
    """List the articles, or those with the words after the command in title or path."""
    await reply(context.message, _list(context, context.message, 0, context.texts))


def _list(context: Context, asked: Message | None, page: int, texts: Texts) -> View:
    """Return a page of the list that a message asked for."""
    if not context.articles:
        return View(texts(context.no_articles))
    words = words_after_command(asked.text if asked else None)
    return list_view(context.articles, words, page, texts)


async def articles_pressed(_: Update, context: Context) -> None:
    """Turn a page of the list, of a table of contents, or of an article."""
    view = await _view(context)
    await acknowledge(context.query, None if view else context.texts("article_gone"))
    if view and context.pressed[0] == "new":
        await reply(context.message, view)
    elif view:
        await edit(context.message, view)


async def _view(context: Context) -> View | None:
    """Return what a button asks for; None, when its article is gone."""
    action, key, number = context.pressed
    texts, reader = await context.asker_texts(), context.services.article_reader
    if action in ("list", "all"):
        asked = context.message.reply_to_message if action == "list" else None
        return _list(context, asked, int(number), texts)
    article = context.article(key)
    if article is None:
        return None
    if action == "contents":
        outline = await reader.outline(article.path)
        if outline and outline.contents:
            return contents_view(outline, int(number), texts)
    page = await reader.page(article.path, int(number))
    return page_view(page, texts) if page else None
