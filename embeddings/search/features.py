"""What is measured of a question and its best passage, to tell an answer from a miss.

Every feature is bounded and means the same for one article as for thousands.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Features:
    """One question and its best passage.

    Attributes:
        late: late interaction: how well the question's tokens are matched, at most 1.
        sentence: cosine of the question and the passage's best sentence.
        words: share of the question's words in the passage; 0 across languages.
        cross: 1 when question and passage are in different languages.
        lead: how far `late` is above the mean of the next nine passages.
        sentence_lead: how far the best sentence is above the mean of those of nine passages more.
        short: 1 for a question that says nothing, 0 for one of usual length.
    """

    late: float
    sentence: float
    words: float
    cross: float
    lead: float
    sentence_lead: float
    short: float

    def as_dict(self) -> dict[str, float]:
        """Return the features by name."""
        return asdict(self)
