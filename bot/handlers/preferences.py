"""What a person decides for themselves: /language, /privacy and /forget; /about, /id."""

import asyncio
import re
from pathlib import PurePath

from telegram import Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.services.live_progress import SHOWN_STEPS, progress_text
from bot.texts import Texts, texts_for
from bot.transport.question_text import person_in
from bot.transport.sending import acknowledge, edit, reply
from bot.views.admin_reports import one_line
from bot.views.keyboard import button
from bot.views.view import View
from embeddings import Manifest

LANGUAGE_PATTERN = re.compile(r"g:(en|uk|ru|telegram)\Z")
FORGET_PATTERN = re.compile(r"f:(yes|no)\Z")

_NAMES = {"en": "English", "uk": "Українська", "ru": "Русский"}
_TELEGRAMS = "telegram"


async def language(update: Update, context: Context) -> None:
    """Offer the languages."""
    person = update.effective_user
    await reply(context.message, _language_view(context, person.id if person else None))


async def language_pressed(_: Update, context: Context) -> None:
    """Speak the chosen language from now on."""
    person, (code,) = context.query.from_user.id, context.pressed
    chosen = None if code == _TELEGRAMS else code
    await context.services.journal.choose_language(person, chosen)
    await acknowledge(context.query)
    await edit(context.message, _language_view(context, person))


def _language_view(context: Context, person: int | None) -> View:
    chosen = (person and context.services.languages.get(person)) or _TELEGRAMS
    options = _NAMES | {_TELEGRAMS: context.texts("language_telegram")}
    rows = [
        [button(f"{name} ✓" if code == chosen else name, f"g:{code}")]
        for code, name in options.items()
    ]
    return View(context.texts("language_which"), rows)


async def about(_: Update, context: Context) -> None:
    """Say what is indexed, since when, and by what; and what is being indexed."""
    texts = context.texts
    html = describe_index(context.services.question_worker.manifest, texts)
    building = context.services.index_updater.building
    if building and building[0] in SHOWN_STEPS:
        html += f"\n\n{progress_text(texts, *building)}"
    await reply(context.message, html)


def describe_index(manifest: Manifest, texts: Texts) -> str:
    """Return what is indexed, since when, and by what."""
    return texts(
        "about",
        articles=texts.count("articles", len(manifest.articles)),
        passages=texts.count("passages", manifest.passages),
        built=texts.moment(manifest.created),
        model=one_line(PurePath(manifest.model.name).name),  # a local model's folder stays secret
    )


async def id_(_: Update, context: Context) -> None:
    """Tell a person their id, by which owners name them in the settings.

    Of who writes as a group or a channel, Telegram tells no id.
    """
    texts, person = context.texts, person_in(context.message)
    told = texts("no_id") if person is None else texts("your_id", id=person)
    await reply(context.message, told)


async def privacy(update: Update, context: Context) -> None:
    """Say what is stored about people, and how much about this one."""
    person = update.effective_user
    if person is None:
        return
    texts, settings = context.texts, context.services.settings
    names = texts("privacy_names" if settings.journal_names else "privacy_no_names")
    days = settings.retention_days
    kept_for = texts.count("privacy_days", days) if days else texts("privacy_for_ever")
    html = texts("privacy", names=names, days=kept_for)
    try:
        kept = await context.services.journal.kept_about(person.id)
    except JournalUnavailable:
        kept = None
    if kept:
        html += "\n\n" + texts(
            "privacy_kept",
            questions=texts.number(kept.questions),
            ratings=texts.number(kept.ratings),
        )
    await reply(context.message, html)


async def forget(update: Update, context: Context) -> None:
    """Ask whether everything about this person is to be deleted."""
    texts, settings, person = context.texts, context.services.settings, update.effective_user
    row = [button(texts("forget_yes"), "f:yes"), button(texts("manage_cancel"), "f:no")]
    is_named = context.is_admin or (person and person.id in settings.allowed_ids)
    html = texts("forget_ask")
    if settings.access == "invite" and not is_named:  # that they were let in is deleted, too
        html += f" {texts('forget_access')}"
    await reply(context.message, View(html, [row]))


async def forget_pressed(_: Update, context: Context) -> None:
    """Delete it, or do not."""
    await acknowledge(context.query)
    if context.pressed == ("yes",):
        await edit(context.message, await _forget(context))
    else:
        await edit(context.message, context.texts("forget_kept"))


async def _forget(context: Context) -> str:
    """Delete everything about the person who pressed a button; return what to say."""
    person, services = context.query.from_user, context.services
    services.inline_debounce.forget(person.id)
    services.last_questions.forget(person.id)
    try:
        gone = await services.journal.forget(person.id)
    except JournalUnavailable:
        return context.texts("journal_unavailable")
    await asyncio.to_thread(services.inbox.empty_log)
    services.languages.forget(person.id)
    return texts_for(person.language_code).count("forget_done", gone.questions)
