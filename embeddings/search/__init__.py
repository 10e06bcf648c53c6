"""A question to an answer.

`search.Searcher` is the way in. `ranking` retrieves and scores candidates, `reranker` may reorder
them, `deduplicate` chooses what is shown, `features` and `confidence` decide whether it answers;
`question_similarity` groups questions that ask the same.
"""
