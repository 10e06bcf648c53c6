"""The passages of one snapshot of an index in PostgreSQL, and their articles."""

from collections.abc import Mapping, Sequence

from embeddings.index.passages import Passages, Record
from embeddings.index.postgres.tables import Tables
from embeddings.text.sentences import Span


class PostgresPassages(Passages):
    """Reads passages in the transaction of a snapshot; what it has read, it keeps."""

    _more_columns = (
        ', (SELECT array_agg(ARRAY[s.start, s."end"] ORDER BY s.number) '
        "FROM {sentence} s WHERE s.passage = p.id)"
    )

    def __init__(self, tables: Tables, count: int) -> None:
        self._tables, self._count = tables, count
        self._known: dict[int, Record] = {}

    def __len__(self) -> int:
        """Number of passages."""
        return self._count

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""
        return [(start, end) for start, end in self._records([row])[row][-1]]

    def load(self, rows: Sequence[int]) -> None:
        """Read some passages in one query, for `get` and `sentence_spans`."""
        new = [int(row) for row in rows if row not in self._known]
        if new:
            self._known |= {record[0]: record for record in self._read("p.id = ANY(%s)", new)}

    def _records(self, rows: Sequence[int]) -> Mapping[int, Record]:
        self.load(rows)
        return self._known

    def _fetch(self, query: str, *values: object) -> list[Record]:
        return self._tables.fetch(query.replace("{first}", "id"), *values)
