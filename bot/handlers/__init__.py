"""What a person can do, one file each; `add_handlers` is the table of contents."""

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers.failure import failure
from bot.handlers.greeting import help_, start, unknown_command
from bot.handlers.nearest import NEAREST, nearest
from bot.handlers.question import not_text, question

COMMANDS = ("start", "help")
"""In the order of Telegram's menu; each has a text "command_…" in every language."""

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]


def add_handlers(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Connect what a person does with what the bot does."""
    # Edited messages would come here too, with `update.message` None.
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler("start", start, private))
    application.add_handler(CommandHandler("help", help_, private))
    application.add_handler(MessageHandler(private & filters.COMMAND, unknown_command))
    application.add_handler(MessageHandler(private & filters.TEXT, question))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, not_text))
    application.add_handler(CallbackQueryHandler(nearest, f"^{NEAREST}$"))
    application.add_error_handler(failure)
