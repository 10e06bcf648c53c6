"""Several processes that serve one bot behind one webhook: what they share, in PostgreSQL.

`membership` says which of them live and which one is elected, `inbox` who works on which update,
`rate_limit` how much a person has asked all of them. `database` connects to `DATABASE_URL`, which
the journal uses too.
"""
