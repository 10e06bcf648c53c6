"""Questions about a part of a document: a clause by its number, or a row of a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.array_types import Floats, Rows
from embeddings.index.search_index import IndexSnapshot
from embeddings.search.question_form import content_words, latest_from
from embeddings.text.language import detect
from embeddings.text.lemmas import lemmas

_PART = (
    r"(?:clause|(?:sub)?section|article|(?:sub)?paragraph|item|point|chapter|rule|annex|appendix"
    r"|(?:під|под)?пункт\w{0,3}|пп?\.|статт\w{1,4}|стать\w{1,3}|ст\.|розділ\w{0,3}|раздел\w{0,3}"
    r"|глав\w{1,3}|параграф\w{0,3}|додат\w{2,4}|приложени\w{1,3}|ziffer|artikel|absatz|§)"
)
_ASKED = re.compile(
    rf"(?<!\w){_PART}\s*(?:№|no\.|number|номер\w?)?\s*(\d{{1,3}}(?:\.\d{{1,3}})*)(?!\w|[.,:]\d)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"sa(?:y|id)\w*|stat(?:e|ing)\w*|read|show|quote|tell|cite|writt\w*|contain\w*|text|words?"
    r"|content\w*|rules?|contract|agreement|lease|regulations?|statutes?|charter"
    r"|(?:с|роз)?каза\w+|говор\w+|каж\w+|[нв]апис\w+|запис\w+|[йі]деться|мовиться"
    r"|[ву]каза\w+|зазнач\w+|міст\w+|содерж\w+|зміст\w*|гласит|реч[ьи]|идет|мова|про|об?"
    r"|пока[жз]\w+|наве[дс]\w+|приве[дс]\w+|про[чц]\w*ит\w+|текст\w*|слов\w*|прав[ио]л\w*"
    r"|догов[оі]р\w*|статут\w*|устав\w*|положен\w+|please"
    r"|будь|ласка|пожалуйста|будьте|прошу",
    re.IGNORECASE,
)
"""Words of a question that asks what a part says, and the kinds of documents that have parts."""
_ROMAN = re.compile(r"(?<!\w)[IVXІХ]+(?!\w)")
_CELLS, _LABEL = " | ", ": "
"""What stands between the cells of a row, and between a label and its value."""
_ROW_NAME = re.compile(
    r"(?:[^|:]*: )?(?P<value>[^|:]+?) \|(?! *$)"
    r"|\W*(?P<name>[^\s|:.!?]{2,}(?: [^\s|:.!?]+){0,3}): (?=\S)"
)
_ITEM = re.compile(r"\W*(?P<name>[^\W\d][^.:;!?—–]{2,40}?) [—–] \D{0,12}\d[^,:—–]{0,24}$")
"""An item of a list, and its amount; no more."""
_DIGIT = re.compile(r"\d")
_HEADER = -0.5
"""Share of the row that names the columns."""
_WORD = 3
"""Letters of a word that names something, at least."""
_LEAST_NAMED = 0.5
"""Share of a row's name that a question must have."""
_EACH_MORE = 0.25
"""How much better it is for each further word that it has."""
_SYNONYMS = {
    word: names.split()[0]
    for names in (
        "weight mass weigh heavy вага маса важити вес масса весить",
        "volume capacity об'єм місткість ємність объем вместимость емкость",
        "price cost fee fare ціна вартість коштувати цена стоимость стоить",
        "length long довжина длина",
        "height high tall висота высота",
        "width wide ширина",
        "depth deep глибина глубина",
        "size dimension розмір габарит размер",
        "power wattage потужність мощность",
        "speed fast швидкість скорость",
        "colour color колір цвет",
        "material made матеріал материал",
        "warranty guarantee гарантія гарантия",
        "phone telephone телефон",
        "address where адреса адрес",
    )
    for word in names.split()
}
"""Dictionary forms of words that tables and questions use for the same thing, in any language."""
_WEIGHT = 0.15
"""More than what sets the passages of one document apart in the other scores."""
_ALONE = 2.0
"""More than all other scores: nothing but the part is asked for."""


@dataclass(frozen=True)
class Clauses:
    """The part of a document that a question names by its number.

    Attributes:
        bonus: what is added to the score of each passage.
        sentences: for the positions of the passages in which the part is a sentence or begins with
            one, the number of that sentence.
        numbers: the numbers in the question.
        alone: whether the question asks for nothing else.
    """

    bonus: Floats
    sentences: dict[int, int]
    numbers: tuple[str, ...]
    alone: bool

    def stands_in(self, position: int, text: str) -> bool | None:
        """Whether a passage holds the part; None where it may, as for "Part III" or prose."""
        if not self.numbers:
            return None
        if self.bonus[position]:
            return True
        named = any(
            re.search(rf"(?<![\d.,]){re.escape(n)}(?!\d|[.,]\d)", text) for n in self.numbers
        )
        may_be_words = not any("." in number for number in self.numbers) and (
            not self.alone or _ROMAN.search(text)
        )
        return None if named or may_be_words else False


def without_clauses(question: str) -> str:
    """Return a question without the numbers of clauses, which are no quantities."""
    return _ASKED.sub(" ", question)


def find_clauses(index: IndexSnapshot, question: str, rows: Rows) -> Clauses:
    """Find the passages that hold the part of a document that a question names by its number.

    Args:
        index: the index.
        question: the normalised question.
        rows: of the passages in the index.
    """
    bonus = np.zeros(len(rows), np.float32)
    sentences: dict[int, int] = {}
    numbers = tuple(_ASKED.findall(question))
    alone = all(map(_SAYS.fullmatch, content_words(without_clauses(question))))
    labels = [_label(number) for number in numbers]
    for position, (passage, _) in enumerate(index.passages.get(rows.tolist() if labels else [])):
        spans = index.sentence_spans(int(rows[position]))
        found = _first([passage.text[start:end] for start, end in spans], labels)
        if found is not None:
            sentences[position] = found
        if found is not None or _first(passage.headings, labels) is not None:
            bonus[position] = _ALONE if alone else _WEIGHT
    return Clauses(bonus, sentences, numbers, alone)


def _label(number: str) -> re.Pattern[str]:
    """Return what a text that is numbered so begins with."""
    return re.compile(
        rf"\W{{0,2}}(?:{_PART}\s*)?{re.escape(number)}(?:[.):]+\s|\s|[.):]*$)", re.IGNORECASE
    )


def _first(texts: Sequence[str], labels: Sequence[re.Pattern[str]]) -> int | None:
    return next(
        (n for n, text in enumerate(texts) if any(label.match(text) for label in labels)), None
    )


def answering_row(question: str, sentences: Sequence[str], language: str) -> int | None:
    """Return which sentence is the row of a table that a question asks of.

    The question names one of its values, and the label of another: "Which zone is Pellam in?" is
    answered by "Zone: Harbour | Town: Pellam". Of several such rows it is the one whose values
    have the most words of the question; where two have as many, it is not certain. After another
    question, as "And from the airport?", it is the row whose values have most of the new words.
    """
    new = question[latest_from(question) :]
    is_later = new != question and bool(content_words(new))
    asked = _words(new if is_later else question, language)
    count = _new_in if is_later else _named
    named = {n: count(text, asked, language) for n, text in enumerate(sentences) if _CELLS in text}
    most = max(named.values(), default=0)
    rows = [number for number, words in named.items() if words == most]
    return rows[0] if most and len(rows) == 1 else None


def _named(row: str, asked: frozenset[str], language: str) -> int:
    """Return how many words of a question are values of a row; 0 if it asks for no other value."""
    cells = [cell.split(_LABEL, 1) for cell in row.split(_CELLS)]
    values = [_words(cell[-1], language) for cell in cells]
    named = {n for n, words in enumerate(values) if words and words <= asked}
    asks = any(
        len(cell) > 1 and n not in named and asked & _words(cell[0], language)
        for n, cell in enumerate(cells)
    )
    return len(frozenset().union(*(values[n] for n in named))) if asks else 0


def _new_in(row: str, asked: frozenset[str], language: str) -> int:
    """Return how many words of a question are in the values of a row."""
    return len(asked & _words(" ".join(_values(row)), language))


def _values(row: str) -> list[str]:
    return [cell.split(_LABEL, 1)[-1] for cell in row.split(_CELLS)]


def rows_asked_for(question: str, sentences: Sequence[str]) -> Floats:
    """Return how much of the name of each row of a table a question has; 0 for other sentences.

    The name is the first value of a row, or what stands before the colon or dash of a short line:
    "Weight" of "Weight: 2 kg". The row above others that names their columns has less than nothing.
    """
    shares = np.zeros(len(sentences), np.float32)
    rows = {n: row for n, text in enumerate(sentences) if (row := _row_name(text))}
    language = detect(question) if rows else ""
    asked = _words(question, language) if rows else frozenset()
    for number, row in rows.items():
        if _is_header(sentences[number : number + 2]):
            shares[number] = _HEADER
            continue
        name = _words(row, language)
        named = len(name & asked)
        begins = len(row.split()[0]) >= _WORD and not asked.isdisjoint(
            _words(row.split()[0], language)
        )
        if begins or named >= _LEAST_NAMED * len(name) > 0:
            shares[number] = named / len(name) * (1 + _EACH_MORE * (named - 1))
    return shares


def _row_name(text: str) -> str:
    """Return the name of a row of a table or a list; "" for any other sentence."""
    item, row = _ITEM.match(text), _ROW_NAME.match(text)
    if item:
        return item["name"]
    return row["value"] or row["name"] if row else ""


def _is_header(rows: Sequence[str]) -> bool:
    """Whether the first of two rows names the columns, and the second has the first numbers."""
    header, *others = rows
    is_table = all(_CELLS in row and _LABEL not in row for row in rows)
    return is_table and not _DIGIT.search(header) and any(map(_DIGIT.search, others))


def _words(text: str, language: str) -> frozenset[str]:
    """Return the words of a text in their dictionary forms, of synonyms the first."""
    return frozenset(_SYNONYMS.get(word, word) for word in lemmas(text, language))
