"""What works behind the handlers, off the event loop.

`question_worker` answers questions, and `article_reader` reads articles page by page;
`page_pictures` draws pages of PDFs. `index_updater` keeps the index up to date with the folder,
which `article_admin` edits; `live_progress` shows how far that is.

`journal_entry`, `inline_debounce` and `missed_questions` write to the journal and read from it;
`recent_answers` knows which message answers which, `redelivery` repeats answers that did not
arrive, `language_cache` knows which language to speak with a person, and `small_talk` what is no
question.

`problems` finds what needs attention and tells the admins; `health` tells whoever monitors the bot.
"""
