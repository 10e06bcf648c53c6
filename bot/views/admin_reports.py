"""What was done to the articles, as messages for an admin."""

import errno
from collections.abc import Iterable, Sequence
from html import escape

from telegram.constants import MessageLimit

from bot.texts import Texts
from bot.views.answers import shorten, utf16_length
from embeddings import Article, ArticleEntry, BuildResult, Manifest, SkippedEntry, StoredFile
from embeddings.errors import (
    ArticleGone,
    ArticleNewer,
    EditingError,
    FolderUnwritable,
    IndexBusy,
    IndexUnwritable,
    PassageBotError,
    SeedsEmptied,
    SeedsError,
    Stopped,
    UndoGone,
    UnreadableFile,
)

NAMED = 10
"""Files of one kind that are named; the others are counted."""

_NAME = 80
_REASON = 300
_PREVIEW = 300
"""Characters of an article's beginning that are shown when it was read."""
_EXAMPLES = 3
"""Texts that were left out and are quoted."""
_ROOM = MessageLimit.MAX_TEXT_LENGTH - 300
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_COMPLETE: dict[type[PassageBotError], str] = {
    ArticleGone: "article_gone",
    ArticleNewer: "undo_newer",
    UndoGone: "undo_gone",
    SeedsEmptied: "seeds_emptied",
    Stopped: "build_stopped",
}
"""Texts that say everything of an error."""


def one_line(text: str, limit: int = _NAME) -> str:
    """Return any text as one line of HTML."""
    return escape(shorten(" ".join(text.split()), limit), quote=False)


def code(path: str) -> str:
    """Return a path as HTML."""
    return f"<code>{one_line(path, 2 * _NAME)}</code>"


def build_report(result: BuildResult, texts: Texts) -> str:
    """Say what a build did."""
    lines = [f"<b>{texts('rebuild_done' if result.published else 'rebuild_unchanged')}</b>"]
    renamed = [" → ".join(map(code, pair)) for pair in result.renamed]
    for kind, items in (
        ("added", list(map(code, result.added))),
        ("changed", list(map(code, result.changed))),
        ("renamed", renamed),
        ("removed", list(map(code, result.removed))),
    ):
        lines += _section(f"rebuild_{kind}", items, texts)
    articles = texts.count("articles", result.articles)
    lines += ["", f"{articles}, {texts.count('passages', result.passages)}."]
    if result.published:
        seconds = texts.decimal(result.seconds)
        lines.append(
            texts("rebuild_vectors", encoded=result.encoded, reused=result.reused, seconds=seconds)
        )
    return _fitting([*lines, *_skipped(result.skipped, texts)])


def failure_report(error: PassageBotError, texts: Texts) -> str:
    """Say what went wrong: what it means for the articles, and why."""
    for kind, key in _COMPLETE.items():
        if isinstance(error, kind):
            return texts(key)
    if isinstance(error, FolderUnwritable):
        key = "disk_full" if error.errno in _NO_ROOM else "disk_refuses"
    else:
        key = "edit_refused" if isinstance(error, EditingError) else "build_failed"
    return f"{texts(key)}\n<i>{_why(error, texts)}</i>"


def _why(error: PassageBotError, texts: Texts) -> str:
    """Return the reason for which the articles or the index were not changed."""
    if isinstance(error, SeedsError | EditingError):
        return one_line(texts.translated(error.message), 1000)
    if isinstance(error, IndexBusy):
        return texts("index_busy")
    if isinstance(error, IndexUnwritable):
        is_full = isinstance(error.__cause__, OSError) and error.__cause__.errno in _NO_ROOM
        return texts("index_full" if is_full else "index_unwritable")
    return texts("see_log")


def skipped_report(entries: Sequence[SkippedEntry], texts: Texts) -> str:
    """Say which files gave no article, and why."""
    return _fitting(_skipped(entries, texts)[1:])


def document_report(
    stored: StoredFile, article: Article, manifest: Manifest, texts: Texts, failed: str | None
) -> str:
    """Say what was read from a file that was sent, and stored.

    The index that answers now has the manifest; `failed` is why it does not have the file yet.
    """
    entry = next((one for one in manifest.articles if one.path == stored.path), None)
    pages = article.pages[-1].number if article.pages else 0
    facts = [texts.language_name(article.language)]
    if entry and not failed:
        facts.append(texts.count("passages", entry.passages))
    if pages:
        facts.append(texts.count("pages", pages))
    lines = [f"<b>{one_line(article.title)}</b>", code(stored.path), " · ".join(facts)]
    lines += [f"<blockquote>{one_line(article.text, _PREVIEW)}</blockquote>"]
    lines += [*_losses(article, texts), ""]
    if failed:
        return "\n".join([*lines, texts("document_stored"), failed])
    return "\n".join([*lines, *_outcome(stored, manifest, texts)])


def _losses(article: Article, texts: Texts) -> Iterable[str]:
    """Yield what was left out of an article, and what could not be read well."""
    for warning in article.warnings:
        yield f"{texts('document_warning')} {_reason(warning, texts)}"
    if article.dropped:
        characters = sum(len(one.text) for one in article.dropped)
        share = max(round(100 * characters / (characters + len(article.text))), 1)
        examples = [f"«{one_line(one.text)}»" for one in article.dropped[:_EXAMPLES]]
        yield texts("document_dropped", share=share, examples=", ".join(examples))


def _reason(text: str, texts: Texts) -> str:
    return f"<i>{one_line(texts.translated(text), _REASON)}</i>"


def unreadable_report(error: UnreadableFile, texts: Texts) -> str:
    """Say why a file that was sent was not taken."""
    return f"{texts('document_unreadable')} {_reason(error.message, texts)}"


def article_facts(entry: ArticleEntry, texts: Texts) -> str:
    """Describe an article of the index in two lines below its title."""
    facts = f"{texts.language_name(entry.language)} · {texts.count('passages', entry.passages)}"
    return f"{code(entry.path)}\n{facts}"


def _outcome(stored: StoredFile, manifest: Manifest, texts: Texts) -> Iterable[str]:
    own = next((one for one in manifest.skipped if one.path == stored.path), None)
    if own and own.same_as is None:
        yield f"{texts('document_skipped')} {_reason(own.reason, texts)}"
        return
    if not stored.changed:
        yield texts("document_unchanged")
    else:
        yield texts("document_replaced" if stored.replaced else "document_added")
    same = [one.path for one in manifest.skipped if one.same_as == stored.path]
    if own and own.same_as:
        same.insert(0, own.same_as)
    if same:
        yield texts("document_same", path=", ".join(map(code, same[:NAMED])))


def _skipped(entries: Sequence[SkippedEntry], texts: Texts) -> list[str]:
    named = [
        f"{code(one.path)}: {one_line(texts.translated(one.reason), _REASON)}" for one in entries
    ]
    return _section("rebuild_skipped", named, texts)


def _section(key: str, items: Sequence[str], texts: Texts) -> list[str]:
    """Return a heading with a number, and the first of the items."""
    if not items:
        return []
    lines = ["", texts(key, number=len(items)), *(f"• {item}" for item in items[:NAMED])]
    if len(items) > NAMED:
        lines.append(texts("and_more", number=len(items) - NAMED))
    return lines


def _fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds; counted with their markup, so rather fewer."""
    kept: list[str] = []
    for line in lines:
        if utf16_length("\n".join([*kept, line])) > _ROOM:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)
