"""A file from an admin: a new article, or another text of one that is there."""

import mimetypes
from pathlib import PurePosixPath

from telegram import Document, Message, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, TelegramError

from bot.handlers.context import Context, article_admin_of, services_of, texts_of
from bot.handlers.manage import undo_button
from bot.services.live_progress import live
from bot.texts import Texts
from bot.transport.sending import edit, reply
from bot.views.admin_reports import document_report, failure_report, shown, unreadable_report
from bot.views.view import View
from embeddings import (
    Article,
    PassageBotError,
    Stopped,
    StoredFile,
    UnreadableFile,
    safe_name,
    supported_suffixes,
)

LARGEST = int(FileSizeLimit.FILESIZE_DOWNLOAD)
"""Bytes; Telegram's server gives bots no larger file."""


async def document(update: Update, context: Context) -> None:
    """Read a file, store it, bring the index up to date, and say what was read."""
    message = update.message
    if message is None or message.document is None:
        return
    texts, name = texts_of(update, context), name_of(message.document)
    refusal = refuse_file(name, message.document.file_size, texts)
    if refusal:
        await reply(message, refusal)
        return
    sent = await reply(message, texts("document_reading", name=shown(name)))
    try:
        async with article_admin_of(context).reading:
            stored, article = await _take(message.document, name, context)
    except UnreadableFile as error:
        await edit(sent, unreadable_report(error, texts))
    except Stopped:  # before it was stored
        await edit(sent, texts("document_lost"))
    except PassageBotError as error:
        await edit(sent, failure_report(error, texts))
    except TelegramError as error:
        too_large = isinstance(error, BadRequest) and "too big" in str(error)
        await edit(sent, _too_large(texts) if too_large else texts("document_lost"))
    else:
        await _index(sent, stored, article, texts, context)


def name_of(sent: Document) -> str:
    """Return a safe name for a file; not every sender gives one."""
    if sent.file_name:
        return safe_name(sent.file_name)
    suffix = mimetypes.guess_extension(sent.mime_type or "") or ""
    return safe_name(f"telegram-{sent.file_unique_id}{suffix}")


def refuse_file(name: str, size: int | None, texts: Texts) -> str | None:
    """Return why a file is not even downloaded, None when it is."""
    if PurePosixPath(name).suffix.lower() not in supported_suffixes():
        return texts("document_format", formats=" ".join(supported_suffixes()))
    return _too_large(texts) if size is not None and size > LARGEST else None


def _too_large(texts: Texts) -> str:
    return texts("document_too_large", limit=LARGEST // 10**6)


async def _take(sent: Document, name: str, context: Context) -> tuple[StoredFile, Article]:
    """Download, read, and only then store."""
    article_admin = article_admin_of(context)
    article_admin.check_stopped()
    file = await sent.get_file()
    data = bytes(await file.download_as_bytearray())
    article = await article_admin.parse_file(data, name)
    known = (
        entry
        for entry in services_of(context).question_worker.manifest.articles
        if entry.path == name
    )
    title = next((entry.title for entry in known), article.title)
    return await article_admin.add(name, data, title), article


async def _index(
    sent: Message, stored: StoredFile, article: Article, texts: Texts, context: Context
) -> None:
    failed = None
    try:
        async with live(sent, texts) as progress:
            await article_admin_of(context).build(progress)
    except PassageBotError as error:
        failed = failure_report(error, texts)
    report = document_report(
        stored, article, services_of(context).question_worker.manifest, texts, failed
    )
    buttons = undo_button(stored.replaced, texts) if stored.replaced else None
    await edit(sent, View(report, buttons))
