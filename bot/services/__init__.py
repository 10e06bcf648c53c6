"""What works behind the handlers, off the event loop.

`question_worker` answers questions, `index_updater` keeps the index up to date with the folder,
`article_admin` edits the folder, `article_reader` reads an article page by page; `journal_entry`, `inline_debounce` and `missed_questions` write
to the journal and read from it; `recent_answers` knows which message answers which, and
`language_cache` which language a person has chosen. `live_progress` shows how far work is.
"""
