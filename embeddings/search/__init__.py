"""Answers a question from an index.

Start at `search.Searcher`; `answer` is what it returns. `question_form` prepares the question,
`candidates` retrieves passages and scores them, `ranking` ranks these, and `reranker` may reorder
them. `clauses` finds a clause by its number, `answer_type`, `names` and `versions` compare passages
with what is asked and with each other. `deduplicate` chooses the passages to show, `highlight` the
sentence to mark, and `confidence` decides whether the first one answers.

`question_similarity` groups questions that ask the same, and `page_pictures` draws pages of PDFs.
"""
