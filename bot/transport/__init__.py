"""Updates in, requests out: everything between Telegram's servers and the handlers.

`polling` asks for updates, `webhook` receives them, and `updates` lets each through once; `inbox`
says how they are kept until they are worked on, and `file_inbox` keeps them in a file.
`process_lock` lets one process at a time serve a bot.

`requests` and `sending` call Telegram, `rate_limit` counts questions, `question_text` finds the
question in a message; `metrics` counts, `http_server` listens, and `service_manager` talks to
systemd.
"""
