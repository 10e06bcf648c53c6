"""What a person can do, one file each; `add_handlers` is the table of contents."""

from collections.abc import Collection
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.handlers.access import check_access
from bot.handlers.admin_stats import health, stats
from bot.handlers.answer import answer_pressed
from bot.handlers.articles import articles, articles_pressed
from bot.handlers.context import Context
from bot.handlers.document import document
from bot.handlers.failure import failure
from bot.handlers.greeting import help_, start, unknown_command
from bot.handlers.inline import inline
from bot.handlers.manage import manage, manage_pressed
from bot.handlers.missed import PATTERN as MISSED_PATTERN
from bot.handlers.missed import missed, missed_pressed
from bot.handlers.preferences import (
    FORGET_PATTERN,
    LANGUAGE_PATTERN,
    about,
    forget,
    forget_pressed,
    language,
    language_pressed,
    privacy,
)
from bot.handlers.question import edited_question, not_text, question
from bot.handlers.rebuild import rebuild
from bot.transport.sending import acknowledge
from bot.views import answer_buttons as buttons
from bot.views import article_browser as book
from bot.views.admin_views import PATTERN

ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
]


def add_handlers(
    application: "Application[Any, Any, Any, Any, Any, Any]", admins: Collection[int] = ()
) -> None:
    """Connect what a person does with what the bot does.

    Args:
        application: gets the handlers.
        admins: ids of people for whom there is more.
    """
    # Without UpdateType edited messages would come too, with `update.message` None.
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    anywhere = filters.ChatType.PRIVATE | filters.ChatType.GROUPS
    text = anywhere & filters.TEXT
    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    application.add_handler(CommandHandler("start", start, private))
    application.add_handler(TypeHandler(Update, check_access), group=-1)
    application.add_handler(CommandHandler("articles", articles, private))
    application.add_handler(CommandHandler("language", language, private))
    application.add_handler(CommandHandler("about", about, private))
    application.add_handler(CommandHandler("privacy", privacy, private))
    application.add_handler(CommandHandler("forget", forget, private))
    application.add_handler(CommandHandler("help", help_, private))
    if admins:
        # What takes long must not hold one of the places in which questions are answered.
        mine = private & filters.User(user_id=admins)
        application.add_handler(CommandHandler("rebuild", rebuild, mine, block=False))
        application.add_handler(CommandHandler("manage", manage, mine))
        application.add_handler(CommandHandler("stats", stats, mine))
        application.add_handler(CommandHandler("missed", missed, mine, block=False))
        application.add_handler(CommandHandler("health", health, mine))
        application.add_handler(MessageHandler(mine & filters.Document.ALL, document, block=False))
    application.add_handler(CommandHandler("ask", question, anywhere & new))
    application.add_handler(CommandHandler("ask", edited_question, anywhere & edited))
    application.add_handler(MessageHandler(text & new & ~filters.COMMAND, question))
    application.add_handler(MessageHandler(text & edited & ~filters.COMMAND, edited_question))
    application.add_handler(MessageHandler(private & filters.COMMAND, unknown_command))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, not_text))
    application.add_handler(CallbackQueryHandler(answer_pressed, buttons.PATTERN))
    application.add_handler(CallbackQueryHandler(articles_pressed, book.PATTERN))
    application.add_handler(CallbackQueryHandler(manage_pressed, PATTERN, block=False))
    application.add_handler(CallbackQueryHandler(language_pressed, LANGUAGE_PATTERN))
    application.add_handler(CallbackQueryHandler(forget_pressed, FORGET_PATTERN))
    application.add_handler(CallbackQueryHandler(missed_pressed, MISSED_PATTERN, block=False))
    application.add_handler(CallbackQueryHandler(unknown_button))
    application.add_handler(InlineQueryHandler(inline))
    application.add_error_handler(failure)


async def unknown_button(update: Update, _context: Context) -> None:
    """End the waiting of a button that means nothing any more."""
    if update.callback_query is not None:
        await acknowledge(update.callback_query)
