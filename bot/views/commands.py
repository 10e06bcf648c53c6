"""The commands in Telegram's menus."""

COMMANDS = ("start", "ask", "articles", "language", "about", "privacy", "forget", "help")
"""In the order of Telegram's menu; each has a text "command_…" in every language."""

GROUP_COMMANDS = ("ask",)
"""In the menu of groups."""

ADMIN_COMMANDS = ("manage", "rebuild", "stats", "missed", "health")
"""In the menu of admins besides; to anyone else they are unknown."""
