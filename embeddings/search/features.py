"""Features of a question and its best passage, from which the confidence is computed.

Every feature is bounded, and comparable between indexes of one article and of thousands.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Features:
    """One question and its best passage.

    Attributes:
        late: score of the late interaction, at most 1.
        sentence: cosine of the question and the passage's best sentence.
        words: normalized BM25 score of the passage; 0 across languages.
        cross: 1 when question and passage are in different languages.
        lead: how far `late` is above its mean over the next nine passages.
        sentence_lead: how far the best sentence of all passages is above the mean over the best
            sentences of the next nine.
        short: from 1 for a question without information to 0 for one of usual length.
        numbers: share of the question's numbers, dates and times that the passage does not have.
        names: share of the question's names that the passage does not have, in the same script.
        kind: 1 when the question asks for a kind of answer, such as a date, that the passage lacks;
            one half when only the sentence that answers best lacks it.
        weakest: least of the best matches of the question's most informative tokens.
        lacking: share of the words that say what the question is about that the passage does not
            have; 0 across languages.
    """

    late: float
    sentence: float
    words: float
    cross: float
    lead: float
    sentence_lead: float
    short: float
    numbers: float
    names: float
    kind: float
    weakest: float
    lacking: float = 0.0
