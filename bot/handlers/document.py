"""A file from an admin: a new article, or another text of one that is there."""

import asyncio
import mimetypes

from telegram import Document, Message, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, TelegramError
from telegram.ext import filters

from bot.handlers.context import Context
from bot.services.live_progress import StatusLine, live
from bot.texts import Texts
from bot.transport.inbox import STATUS_LINE
from bot.transport.question_text import is_article
from bot.transport.sending import reply
from bot.views.admin_reports import document_report, failure_report, one_line, unreadable_report
from bot.views.admin_views import failed_view, read_button, undo_button
from bot.views.view import View
from embeddings import Article, StoredFile, safe_name, supported_suffixes
from embeddings.errors import PassageBotError, Stopped, UnreadableFile

LARGEST = int(FileSizeLimit.FILESIZE_DOWNLOAD)
"""Bytes; Telegram's server gives bots no larger file."""


class _Article(filters.MessageFilter):
    """Lets through what an admin sends for the articles."""

    def filter(self, message: Message) -> bool:
        """See `MessageFilter`."""
        return is_article(message)


ARTICLE = _Article()


async def document(update: Update, context: Context) -> None:
    """Read a file, store it, bring the index up to date, and say what was read.

    Nothing is awaited before its turn is asked for, so that files are stored in the order in which
    they arrive.
    """
    sent = update.message and update.message.document
    if not sent:
        return
    name = name_of(sent)
    refusal = refuse_file(name, sent.file_size)
    if refusal:
        await reply(context.message, _refusal(refusal, await context.load_texts()))
        return
    status = StatusLine(context.message, _say_reading(name, update, context))
    try:
        async with context.services.article_admin.reading:
            texts = await context.load_texts()
            stored, article = await _store(sent, name, context)
        view = await _index(status, _reading(name, texts), stored, article, context)
    except UnreadableFile as error:
        view = View(unreadable_report(error, texts))
    except Stopped as error:
        context.services.inbox.hold(update.update_id)  # for the next process
        view = failed_view(error, texts)
    except PassageBotError as error:
        view = failed_view(error, texts)
    except TelegramError as error:
        too_large = isinstance(error, BadRequest) and "too big" in str(error)
        view = View(_refusal("document_too_large" if too_large else "document_lost", texts))
    await status.end(view)


def name_of(sent: Document) -> str:
    """Return a safe name for a file; not every sender gives one."""
    if sent.file_name:
        return safe_name(sent.file_name)
    suffix = mimetypes.guess_extension(sent.mime_type or "") or ""
    return safe_name(f"telegram-{sent.file_unique_id}{suffix}")


def refuse_file(name: str, size: int | None) -> str | None:
    """Return the key of the text why a file is not even downloaded, None when it is."""
    if not name.lower().endswith(supported_suffixes()):
        return "document_format"
    return "document_too_large" if size is not None and size > LARGEST else None


def _refusal(key: str, texts: Texts) -> str:
    return texts(key, formats=" ".join(supported_suffixes()), limit=LARGEST // 10**6)


def _reading(name: str, texts: Texts) -> str:
    return texts("document_reading", name=one_line(name))


async def _say_reading(name: str, update: Update, context: Context) -> Message:
    """Say that a file is read; return the message, which may be that of an earlier process."""
    if before := update.api_kwargs.get(STATUS_LINE):
        said = Message(before, context.message.date, context.message.chat)
        said.set_bot(context.bot)
        return said
    said = await reply(context.message, _reading(name, await context.load_texts()))
    note = context.services.inbox.note_status_line
    await asyncio.to_thread(note, update.update_id, said.message_id)
    return said


async def _store(sent: Document, name: str, context: Context) -> tuple[StoredFile, Article]:
    """Download, read, and only then store."""
    admin = context.services.article_admin
    admin.check_stopped()
    await admin.check_not_emptied(context.articles)
    data = bytes(await (await sent.get_file()).download_as_bytearray())
    article = await admin.parse_file(data, name)
    same = (one for one in context.articles if one.path.casefold() == name.casefold())
    titles = (entry.title for entry in same)
    title_before = next(titles, article.title)
    again = context.services.recent_answers.exchange(context.message).is_resumed
    return await admin.add(name, data, title_before, again=again), article


async def _index(
    status: StatusLine, reading: str, stored: StoredFile, article: Article, context: Context
) -> View:
    """Bring the index up to date, and return what became of the file."""
    texts, failed = context.texts, None
    try:
        async with live(status, texts, reading) as progress:
            await context.services.article_admin.build(progress)
    except Stopped:
        raise
    except PassageBotError as error:
        failed = failure_report(error, texts)
    manifest = context.services.question_worker.manifest
    rows = []
    if any(entry.path == stored.path for entry in manifest.articles):
        rows.append([read_button(stored.path, texts)])
    if stored.replaced:
        rows.append([undo_button(stored.replaced, 0, texts)])
    report = document_report(stored, article, manifest, texts, failed)
    return View(report, rows)
