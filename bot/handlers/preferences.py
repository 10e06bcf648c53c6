"""What a person decides for themselves: /language, /privacy and /forget; and /about."""

from pathlib import PurePath

from babel.numbers import format_decimal
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, services_of, texts_of
from bot.texts import LANGUAGES, Texts, texts_for
from bot.transport.sending import acknowledge, edit, reply
from bot.views.admin_reports import shown
from bot.views.view import View

LANGUAGE_PATTERN = "^g:"
FORGET_PATTERN = "^f:"

_NAMES = {"en": "English", "uk": "Українська", "ru": "Русский"}
_TELEGRAMS = "telegram"


async def language(update: Update, context: Context) -> None:
    """Offer the languages."""
    if update.message is not None:
        await reply(update.message, _language_view(update, context))


async def language_pressed(update: Update, context: Context) -> None:
    """Speak the chosen language from now on."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return
    code = (query.data or "").partition(":")[2]
    if code not in (*LANGUAGES, _TELEGRAMS):
        await acknowledge(query)
        return
    chosen = None if code == _TELEGRAMS else code
    journal = services_of(context).journal
    try:
        await journal.choose_language(query.from_user.id, chosen)
    except JournalUnavailable:
        await acknowledge(query, texts_of(update, context)("journal_unavailable"))
        return
    services_of(context).languages.put(query.from_user.id, chosen)
    await acknowledge(query)
    await edit(query.message, _language_view(update, context))


def _language_view(update: Update, context: Context) -> View:
    texts = texts_of(update, context)
    user = update.effective_user
    chosen = services_of(context).languages.get(user.id) if user else None
    options = [*_NAMES.items(), (_TELEGRAMS, texts("language_telegram"))]
    rows = [
        [
            InlineKeyboardButton(
                f"{name} ✓" if code == (chosen or _TELEGRAMS) else name, callback_data=f"g:{code}"
            )
        ]
        for code, name in options
    ]
    return View(texts("language_which"), InlineKeyboardMarkup(rows))


async def about(update: Update, context: Context) -> None:
    """Say what is indexed, since when, and by what."""
    if update.message is None:
        return
    texts, manifest = texts_of(update, context), services_of(context).question_worker.manifest
    said = texts(
        "about",
        articles=texts.count("articles", len(manifest.articles)),
        passages=texts.count("passages", manifest.passages),
        built=texts.moment(manifest.created),
        model=shown(PurePath(manifest.model.name).name),  # one in a folder keeps its place secret
    )
    await reply(update.message, said)


async def privacy(update: Update, context: Context) -> None:
    """Say what is stored about people, and how much about this one."""
    if update.message is None or update.effective_user is None:
        return
    texts, settings = texts_of(update, context), services_of(context).settings
    said = texts("privacy_names") if settings.journal_names else texts("privacy_no_names")
    days = settings.retention_days
    kept_for = texts.count("privacy_days", days) if days else texts("privacy_for_ever")
    html = texts("privacy", names=said, days=kept_for)
    journal = services_of(context).journal
    try:
        kept = await journal.kept_about(update.effective_user.id)
    except JournalUnavailable:
        kept = None
    if kept:
        html += "\n\n" + texts(
            "privacy_kept",
            questions=format_decimal(kept.questions, locale=texts.language),
            ratings=format_decimal(kept.ratings, locale=texts.language),
        )
    await reply(update.message, html)


async def forget(update: Update, context: Context) -> None:
    """Ask whether everything about this person is to be deleted."""
    if update.message is not None:
        texts = texts_of(update, context)
        buttons = [
            InlineKeyboardButton(texts("forget_yes"), callback_data="f:yes"),
            InlineKeyboardButton(texts("manage_cancel"), callback_data="f:no"),
        ]
        await reply(update.message, View(texts("forget_ask"), InlineKeyboardMarkup([buttons])))


async def forget_pressed(update: Update, context: Context) -> None:
    """Delete it, or do not."""
    query = update.callback_query
    if query is None or not isinstance(query.message, Message):
        return
    texts = texts_of(update, context)
    await acknowledge(query)
    if query.data == "f:yes":
        await edit(query.message, await _forgotten(query, texts, context))
    else:
        await edit(query.message, texts("forget_kept"))


async def _forgotten(query: CallbackQuery, texts: Texts, context: Context) -> str:
    services_of(context).inline_debounce.forget(query.from_user.id)
    journal = services_of(context).journal
    try:
        gone = await journal.forget(query.from_user.id)
    except JournalUnavailable:
        return texts("journal_unavailable")
    services_of(context).languages.forget(query.from_user.id)
    own = texts_for(query.from_user.language_code)
    return own.count("forget_done", gone.questions)
