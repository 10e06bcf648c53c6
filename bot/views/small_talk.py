"""What is said to messages that ask nothing of the articles' text."""

from html import escape

from bot.texts import Texts
from bot.views.answers import article_line
from bot.views.keyboard import button
from bot.views.view import View
from embeddings import Source


def hello_view(key: str, articles: int, texts: Texts) -> View:
    """Return a text that says what the bot is, with the list of articles as a button."""
    listed = button(texts("all_articles"), "b:list::0")
    return View(texts(key, articles=texts.count("articles", articles)), [[listed]])


def ask_view(texts: Texts) -> View:
    """Return the request for a question, which opens the reply to it."""
    return View(texts("ask_what"), placeholder=texts("ask_placeholder"))


def article_view(about: str, source: Source, texts: Texts) -> View:
    """Return who wrote an article ("author"), when ("date"), or that it is quoted ("doubt")."""
    title = article_line(source)
    if about == "doubt":
        return View(f"{texts('word_for_word')}\n{title}")
    known = {
        "author": source.author and escape(source.author, quote=False),
        "date": source.date and texts.day(source.date),
    }[about]
    if known is None:
        return View(texts(f"credit_no_{about}", title=title))
    return View(texts(f"credit_{about}", title=title, **{about: known}))
