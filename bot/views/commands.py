"""The commands in Telegram's menus."""

COMMANDS = ("start", "ask", "articles", "language", "about", "privacy", "forget", "help")
"""In the order of Telegram's menu; each has a text "command_…" in every language."""

GROUP_COMMANDS = ("ask", "articles", "help")
"""In the menu of groups."""

PRIVATE_COMMANDS = ("language", "privacy", "forget")
"""What is between a person and the bot; in a group they get a link, whose payload is the name."""

ADMIN_COMMANDS = ("manage", "rebuild", "stats", "missed", "health")
"""In the menu of admins besides; to anyone else they are unknown."""
