"""Answers a question from an index.

Start at `search.Searcher`. `ranking` retrieves and scores candidates, `reranker` may reorder them,
`highlight` chooses the sentence to mark, `deduplicate` the passages to show, `features` and
`confidence` decide whether the first one answers; `question_similarity` groups questions that ask
the same.
"""
