"""What a person can do, one file each; `add_handlers` is the table of contents.

`access` comes before all others and decides who may ask. `question` answers questions, `answer` the
buttons below an answer, `inline` questions in other chats; `articles` lists articles and opens
them; `greeting` covers /start, /help and small talk, and `preferences` what a person decides.

For admins: `document` takes a file, `manage` lists and removes articles, `missed` lists questions
without a good answer, and `admin_stats` shows /stats and /health.

`context` is what handlers share, and `failure` what happens after an unexpected error.
"""

from collections.abc import Collection
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.handlers import (
    access,
    admin_stats,
    answer,
    articles,
    document,
    greeting,
    inline,
    manage,
    missed,
    preferences,
    question,
)
from bot.handlers.context import Context
from bot.handlers.failure import failure
from bot.transport.sending import acknowledge
from bot.views import admin_views, article_browser
from bot.views.answer_buttons import MAYBE_LOST, pattern
from bot.views.commands import PRIVATE_COMMANDS

ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
]


def add_handlers(
    application: "Application[Any, Any, Any, Any, Any, Any]", admins: Collection[int] = ()
) -> None:
    """Connect what a person does with what the bot does; for admins there is more."""
    add = application.add_handler
    # Without UpdateType edited messages would come too.
    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    private, group = filters.ChatType.PRIVATE & new, filters.ChatType.GROUPS & new
    anywhere = filters.ChatType.PRIVATE | filters.ChatType.GROUPS
    text = anywhere & (filters.TEXT | filters.CAPTION)
    add(TypeHandler(Update, access.check_access), group=-1)
    add(CommandHandler("start", question.start, private))
    add(CommandHandler("articles", articles.articles, new))
    add(CommandHandler("language", preferences.language, private))
    add(CommandHandler("about", preferences.about, new))
    add(CommandHandler("id", preferences.id_, new))
    add(CommandHandler("privacy", preferences.privacy, private))
    add(CommandHandler("forget", preferences.forget, private))
    add(CommandHandler("help", greeting.help_, private))
    add(CommandHandler("start", greeting.start_in_group, group))
    add(CommandHandler("help", greeting.help_in_group, group))
    add(CommandHandler(PRIVATE_COMMANDS, greeting.private_only, group))
    if admins:
        # What takes long must not hold one of the places in which questions are answered.
        admin = private & filters.User(user_id=admins)
        add(CommandHandler("rebuild", manage.rebuild, admin, block=False))
        add(CommandHandler("manage", manage.manage, admin))
        add(CommandHandler("stats", admin_stats.stats, admin))
        add(CommandHandler("missed", missed.missed, admin, block=False))
        add(CommandHandler("health", admin_stats.health, admin))
        add(MessageHandler(admin & document.ARTICLE, document.document, block=False))
    add(CommandHandler("ask", question.question, anywhere & new))
    add(MessageHandler(text & ~filters.COMMAND & new, question.question))
    # Without words it may have had a caption; a live location has none, and changes all the time.
    add(MessageHandler(anywhere & edited & ~filters.LOCATION, question.edited_question))
    add(MessageHandler(new & filters.COMMAND, greeting.unknown_command))
    # Of an album it waits for a caption.
    add(MessageHandler(private & ~filters.StatusUpdate.ALL, greeting.not_text, block=False))
    add(CallbackQueryHandler(answer.passage_pressed, pattern("show", "list")))
    add(CallbackQueryHandler(answer.neighbours_pressed, pattern("more")))
    add(CallbackQueryHandler(answer.article_pressed, pattern("open")))
    # To draw a page takes a second, and must not hold a place either.
    add(CallbackQueryHandler(answer.page_pressed, pattern("page"), block=False))
    add(CallbackQueryHandler(answer.alone_pressed, pattern("alone")))
    add(CallbackQueryHandler(answer.rating_pressed, pattern("up", "down")))
    add(CallbackQueryHandler(question.maybe_lost_pressed, f"^{MAYBE_LOST}$"))
    add(CallbackQueryHandler(articles.articles_pressed, article_browser.PATTERN))
    add(CallbackQueryHandler(manage.manage_pressed, admin_views.PATTERN, block=False))
    add(CallbackQueryHandler(preferences.language_pressed, preferences.LANGUAGE_PATTERN))
    add(CallbackQueryHandler(preferences.forget_pressed, preferences.FORGET_PATTERN))
    add(CallbackQueryHandler(missed.missed_pressed, missed.PATTERN, block=False))
    add(CallbackQueryHandler(unknown_button))
    add(InlineQueryHandler(inline.inline))
    add(ChatMemberHandler(greeting.added))
    application.add_error_handler(failure)


async def unknown_button(_: Update, context: Context) -> None:
    """End the waiting of a button that means nothing any more."""
    await acknowledge(context.query)
