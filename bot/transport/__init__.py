"""Updates in, requests out: everything between Telegram's servers and the handlers.

`updates` lets each update through once, `webhook` receives them, `requests` and `sending` call
Telegram, `rate_limit` counts questions, `question_text` finds the question in a message;
`metrics` counts, and `http_server` listens.
"""
