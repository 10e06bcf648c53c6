"""/start, /help and small talk, a group that the bot is new to, and what it does not know."""

from contextlib import suppress

from telegram import ChatMember, InlineKeyboardButton, Message, Update
from telegram.constants import ParseMode
from telegram.helpers import create_deep_linked_url

from bot.errors import JournalUnavailable
from bot.handlers import preferences
from bot.handlers.context import Context
from bot.services.small_talk import AMBIGUOUS, REPLIES, credit_in, small_talk_in
from bot.transport.sending import reply
from bot.views.article_browser import page_view
from bot.views.commands import ADMIN_COMMANDS, PRIVATE_COMMANDS
from bot.views.links import passage_key_in
from bot.views.small_talk import article_view, ask_view, hello_view
from bot.views.view import View
from embeddings import Source

_IN_PRIVATE = {
    "language": preferences.language,
    "privacy": preferences.privacy,
    "forget": preferences.forget,
}
"""What a link from a group leads to, by its payload."""
_AWAY = (ChatMember.LEFT, ChatMember.BANNED)
_THERE = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


async def start(update: Update, context: Context) -> None:
    """Say what this bot is; a link to a passage opens its article there."""
    texts = context.texts
    command = _IN_PRIVATE.get(context.args[0]) if context.args else None
    if command:
        await command(update, context)
        return
    passage_key = passage_key_in(context.args[0]) if context.args else None
    if passage_key:
        page = await context.services.article_reader.page_at(passage_key)
        await reply(context.message, page_view(page, texts) if page else texts("passage_gone"))
        return
    view = _said("start", context)
    more = f"\n\n{texts('start_admin')}" if context.is_admin else ""
    await reply(context.message, View(view.html + more, view.rows))


def _said(key: str, context: Context) -> View:
    """Return what is said to small talk; where it says what the bot is, with its articles."""
    if key == "help":
        return View(_help(context))
    if key not in ("start", "hello"):
        return View(context.texts(key))
    if not context.articles:
        return View(_without_articles(context))
    return hello_view(key, len(context.articles), context.texts)


def _without_articles(context: Context) -> str:
    return f"{context.texts('hello_empty')}\n\n{context.texts(context.no_articles)}"


async def start_in_group(_: Update, context: Context) -> None:
    """Say what this bot is, and how to ask it there."""
    await reply(context.message, _hello_group(context))


async def help_in_group(_: Update, context: Context) -> None:
    """Say how to ask in a group."""
    await reply(context.message, context.texts("help_group", name=context.bot.username))


async def private_only(_update: Update, context: Context) -> None:
    """Show the way to the private chat, where a command works."""
    texts, (command, _) = context.texts, _command(context)
    payload = command if command in PRIVATE_COMMANDS else None  # those of admins have no link
    link = create_deep_linked_url(context.bot.username, payload)
    open_ = InlineKeyboardButton(texts("open_private"), url=link)
    await reply(context.message, View(texts("private_only"), [[open_]]))


async def added(update: Update, context: Context) -> None:
    """Greet a group that the bot has been added to."""
    change = update.my_chat_member
    if change is None or change.chat.type not in (change.chat.GROUP, change.chat.SUPERGROUP):
        return
    if change.old_chat_member.status in _AWAY and change.new_chat_member.status in _THERE:
        await context.bot.send_message(
            change.chat.id, _hello_group(context), parse_mode=ParseMode.HTML
        )


def _hello_group(context: Context) -> str:
    if not context.articles:
        return _without_articles(context)
    articles = context.texts.count("articles", len(context.articles))
    return context.texts("hello_group", articles=articles, name=context.bot.username)


def _command(context: Context) -> tuple[str, str]:
    """Return the command of a message, and the bot that it names: "help", "bot" of "/help@bot"."""
    command, _, name = (context.message.text or "").split()[0][1:].casefold().partition("@")
    return command, name


async def reply_without_search(
    text: str, message: Message, number: int, context: Context
) -> View | None:
    """Return what the question with this number in a message gets, unless it is to be searched."""
    texts = context.texts
    kind = small_talk_in(text, (article.title for article in context.articles))
    if not text:
        return ask_view(texts)
    if kind in AMBIGUOUS:
        together = await context.services.last_questions.follow_up(text, message, number)
        kind = None if together else kind
    if kind and kind != "doubt":
        return _said(REPLIES[kind], context)
    about = kind or credit_in(text)
    source = await _article_shown(context) if about else None
    if about and source:
        return article_view(about, source, texts)
    return _said(REPLIES[kind], context) if kind else None


async def _article_shown(context: Context) -> Source | None:
    """Return the article that was shown last in the chat; the only one, where there is but one."""
    services, chat = context.services, context.message.chat_id
    path = services.recent_answers.shown(chat)
    if path is None:
        with suppress(JournalUnavailable):
            recorded = await services.journal.last_answer(chat)
            if recorded and recorded.answered is not False and recorded.passages:
                path = recorded.passages[0].article
    if path is None and len(context.articles) == 1:
        path = context.articles[0].path
    return await services.article_reader.source(path) if path else None


async def help_(_: Update, context: Context) -> None:
    """Say how to ask; to an admin also how to look after the articles."""
    await reply(context.message, _help(context))


def _help(context: Context) -> str:
    more = context.texts("help_admin") if context.is_admin else ""
    return context.texts("help") + more


async def unknown_command(update: Update, context: Context) -> None:
    """Say that there is no such command; in a group it may be for another bot."""
    command, name = _command(context)
    if not context.is_private and name != context.bot.username.casefold():
        return
    if context.is_admin and not context.is_private and command in ADMIN_COMMANDS:
        await private_only(update, context)
    else:
        await reply(context.message, context.texts("unknown_command"))


async def not_text(_: Update, context: Context) -> None:
    """Say that only text is read; of an album once, and not where its caption is a question."""
    if await context.services.recent_answers.is_to_be_told(context.message):
        await reply(context.message, context.texts("not_text"))
