"""What is said to messages that ask nothing of the articles' text."""

from html import escape

from telegram import ForceReply, InlineKeyboardMarkup

from bot.texts import Texts
from bot.views.answers import article_line
from bot.views.keyboard import button
from bot.views.view import View
from embeddings import Source


def hello_view(key: str, articles: int, texts: Texts) -> View:
    """Return a text that says what the bot is, with the list of articles as a button."""
    listed = InlineKeyboardMarkup.from_button(button(texts("all_articles"), "b:list::0"))
    html = texts(key, articles=texts.count("articles", articles))
    return View(html, listed if articles else None)


def ask_view(texts: Texts) -> View:
    """Return the request for a question, which opens the reply to it."""
    return View(
        texts("ask_what"),
        ForceReply(selective=True, input_field_placeholder=texts("ask_placeholder")),
    )


def author_view(source: Source, texts: Texts) -> View:
    """Return who wrote an article."""
    title = article_line(source)
    if source.author is None:
        return View(texts("credit_no_author", title=title))
    author = escape(source.author, quote=False)
    return View(texts("credit_author", title=title, author=author))


def date_view(source: Source, texts: Texts) -> View:
    """Return when an article was published."""
    title = article_line(source)
    if source.date is None:
        return View(texts("credit_no_date", title=title))
    return View(texts("credit_date", title=title, date=texts.day(source.date)))
