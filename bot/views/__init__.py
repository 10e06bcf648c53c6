"""What is shown: answers, articles, reports, charts and their buttons, as Telegram takes them."""
