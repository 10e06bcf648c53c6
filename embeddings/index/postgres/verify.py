"""A thorough check of an index in a database: that its tables agree with each other."""

from embeddings.errors import IndexDamaged
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres.versions import reading

_CHECKS = {
    "passages without a vector, or the other way round": (
        "SELECT count(*) FROM {passage} p FULL JOIN {passage_vector} v USING (id) "
        "WHERE p.id IS NULL OR v.id IS NULL"
    ),
    "passages without tokens, or the other way round": (
        "SELECT count(*) FROM {passage} p FULL JOIN {passage_token} t USING (id) "
        "WHERE p.id IS NULL OR t.id IS NULL"
    ),
    "passages without a sentence, or the other way round": (
        "SELECT count(*) FROM {passage} p FULL JOIN "
        "(SELECT DISTINCT passage AS id FROM {sentence}) s USING (id) "
        "WHERE p.id IS NULL OR s.id IS NULL"
    ),
    "articles with other passages than they should have": (
        "SELECT count(*) FROM {article} a FULL JOIN "
        "(SELECT article AS id, count(*) AS number, min(id) AS first, max(id) AS last "
        "FROM {passage} GROUP BY article) p USING (id) "
        "WHERE a.passages IS DISTINCT FROM coalesce(p.number, 0) "
        "OR p.first <> id OR p.last <> id + a.passages - 1"
    ),
    "words with another number of passages than they are in": (
        "SELECT count(*) FROM {word} w FULL JOIN "
        "(SELECT word AS id, count(*) AS number FROM {posting} GROUP BY word) p USING (id) "
        "WHERE coalesce(w.passages, -1) <> coalesce(p.number, 0)"
    ),
    "vectors that are not of length 1": (
        "SELECT count(*) FROM {passage_vector} WHERE abs(l2_norm(vector) - 1) > 0.01"
    ),
    "sentences outside their passage": (
        "SELECT count(*) FROM {sentence} s JOIN {passage} p ON p.id = s.passage "
        'WHERE s.start < 0 OR s."end" > length(p.text) OR s.start >= s."end"'
    ),
}


def verify_database(url: DatabaseUrl) -> tuple[str, int]:
    """Check the current version; return its revision and how many passages it has.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the tables do not agree; the text says in what.
    """
    with reading(url) as (tables, version):
        for what, query in _CHECKS.items():
            ((count,),) = tables.fetch(query)
            if count:
                raise _damaged(url, f"{count} {what}")
        ((passages, sentences, words),) = tables.fetch(
            "SELECT (SELECT count(*) FROM {passage}), (SELECT count(*) FROM {sentence}), "
            "(SELECT coalesce(sum(length), 0) FROM (SELECT DISTINCT passage, length "
            "FROM {posting}) p)",
        )
        totals = (version.passages, version.sentences)
        if totals != (passages, sentences) or version.words < words:
            raise _damaged(url, "other totals than its tables have")
        return f"{version.revision:08d}", passages


def _damaged(url: DatabaseUrl, what: str) -> IndexDamaged:
    return IndexDamaged(
        f"The index in {url} has {what}. Build it again: python -m embeddings build --full"
    )
