"""Makes examples for the verifier, of files in the format of SQuAD and of data sets of one's own.

Of a question that a passage answers several are made that it does not answer: asked of another
passage of the article, or of another article; of the passage without the sentence that answers; or
with another number or name in it. Some are also asked of a sentence or two alone, as lists, forms
and bare answers are short.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from embeddings.index.embed import Text
from embeddings.model.encoder import Encoder
from embeddings.quality.dataset import texts_of_articles
from embeddings.text.sentences import Span, sentence_spans

_LONGEST = 1800
"""Characters of the longest paragraph that is learnt from."""
_CUT_LANGUAGES = ("en", "ru", "de", "es", "ro", "tr")
"""Languages of XQuAD whose passages are also learnt from without the sentence that answers."""
_USUAL, _USUAL_SHARE = ("en", "ru", "de", "es"), 0.6
"""Languages in which a passage in another one is asked about most, and how often."""
_SHORT_SHARE = 0.12
"""Share of the answered questions that are also asked of the sentence that answers, alone."""
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_NAME = re.compile(r"(?<=[\w,] )[A-ZА-ЯІЇЄҐ][\w’'-]{3,}(?: [A-ZА-ЯІЇЄҐ][\w’'-]+)*")


@dataclass(frozen=True)
class Asked:
    """A question in a language."""

    text: str
    language: str


@dataclass(frozen=True)
class Example:
    """A question and a passage.

    Attributes:
        question: number of the question.
        passage: number of the passage.
        answers: whether the passage answers.
        spans: where the answers stand in the passage's own text; () where they do not, or where
            nobody has marked them.
        kind: how the example was made.
    """

    question: int
    passage: int
    answers: bool
    spans: tuple[Span, ...]
    kind: str


@dataclass
class Examples:
    """All questions and passages, each once, and what is learnt from them.

    Attributes:
        asked: the questions.
        texts: the passages.
        known: examples whose passage is given.
        beside: for a question, the passages of its article that do not answer it.
        far: for a question, passages of other articles.
    """

    asked: list[Asked] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    known: list[Example] = field(default_factory=list)
    beside: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    far: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    _numbers: dict[Asked | Text, int] = field(default_factory=dict)

    def question(self, text: str, language: str) -> int:
        """Return the number of a question, which is added where it is new."""
        asked = Asked(" ".join(text.split()), language)
        if asked not in self._numbers:
            self._numbers[asked] = len(self.asked)
            self.asked.append(asked)
        return self._numbers[asked]

    def passage(self, text: Text) -> int:
        """Return the number of a passage, which is added where it is new."""
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]

    def answered(self, question: int, text: Text, spans: Sequence[Span], kind: str) -> None:
        """Add a question with the passage that answers it."""
        self.known.append(Example(question, self.passage(text), True, tuple(spans), kind))

    def unanswered(self, question: int, text: Text, kind: str) -> None:
        """Add a question with a passage that does not answer it."""
        self.known.append(Example(question, self.passage(text), False, (), kind))


def squad_examples(folder: Path, held_out: Sequence[str], chance: random.Random) -> Examples:
    """Return examples from `squad2*.json`, `squad-it.json` and `xquad.LANG.json` in a folder.

    Args:
        folder: with the files, in the format of SQuAD.
        held_out: titles of articles that are left out.
        chance: what is drawn from.
    """
    made = Examples()
    for path in sorted(folder.glob("squad*.json")):
        language = "it" if path.stem.endswith("-it") else "en"
        _add_squad(made, _articles(path, held_out), language, chance)
    files = {path.stem.rpartition(".")[2]: path for path in sorted(folder.glob("xquad.*.json"))}
    aligned = {language: _articles(path, held_out) for language, path in files.items()}
    for number in range(len(next(iter(aligned.values()), []))):
        _add_aligned(made, {name: found[number] for name, found in aligned.items()}, chance)
    return made


def _articles(path: Path, held_out: Sequence[str]) -> list[Any]:
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [entry for entry in data if entry["title"] not in held_out]


def _add_squad(
    made: Examples, articles: Sequence[Any], language: str, chance: random.Random
) -> None:
    for article in articles:
        texts = [_text(article, paragraph, language) for paragraph in article["paragraphs"]]
        numbers = [made.passage(text) for text in texts]
        for paragraph, text, own in zip(article["paragraphs"], texts, numbers, strict=True):
            for entry in paragraph["qas"]:
                question = made.question(entry["question"], language)
                if entry.get("is_impossible"):
                    made.unanswered(question, text, "people")
                    continue
                spans = _spans(entry, text.body)
                made.answered(question, text, spans, "squad")
                if spans:
                    _add_cut(made, question, text, spans)
                    _add_short(made, question, text, spans, chance)
                    _add_changed(made, question, text, chance)
                others = tuple(number for number in numbers if number != own)
                if others:
                    made.beside.append((question, others))


def _add_aligned(made: Examples, article: dict[str, Any], chance: random.Random) -> None:
    """Add an article that is the same in several languages."""
    texts = {
        name: [_text(entry, paragraph, name) for paragraph in entry["paragraphs"]]
        for name, entry in article.items()
    }
    for number, paragraph in enumerate(article["en"]["paragraphs"]):
        for place, entry in enumerate(paragraph["qas"]):
            if entry.get("is_impossible"):
                continue
            entries = {
                name: other["paragraphs"][number]["qas"][place] for name, other in article.items()
            }
            for name in article:
                _add_asked(made, name, entries, texts, number, chance)


def _add_asked(
    made: Examples,
    language: str,
    entries: dict[str, Any],
    texts: dict[str, list[Text]],
    number: int,
    chance: random.Random,
) -> None:
    """Add a question to a passage in one language, asked in it and in another."""
    asked = {name: made.question(entry["question"], name) for name, entry in entries.items()}
    text = texts[language][number]
    spans = _spans(entries[language], text.body)
    for asker in (language, _another(language, list(entries), chance)):
        made.answered(asked[asker], text, spans, "xquad" if asker == language else "across")
        if spans and language in _CUT_LANGUAGES:
            _add_cut(made, asked[asker], text, spans)
            _add_short(made, asked[asker], text, spans, chance)
        beside = [made.passage(one) for one in texts[language] if one is not text]
        made.beside.append((asked[asker], tuple(beside)))
    _add_changed(made, asked[language], text, chance)


def _another(language: str, languages: Sequence[str], chance: random.Random) -> str:
    """Return another language: of these, more often one that people here write."""
    others = [name for name in languages if name != language]
    usual = [name for name in others if name in _USUAL]
    return chance.choice(usual if usual and chance.random() < _USUAL_SHARE else others)


def own_examples(folder: Path, encoder: Encoder) -> Examples:
    """Return examples from a data set, whose near misses say what they are `about`."""
    made = Examples()
    passages = dict(texts_of_articles(folder, encoder))
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        question = made.question(entry["question"], entry["lang"])
        texts = passages[entry["article"] or entry["about"]]
        beside = []
        for text in texts:
            spans = [
                (start, start + len(answer))
                for answer in entry.get("answers", ())
                if (start := text.body.find(answer)) >= 0
            ]
            if spans:
                made.answered(question, text, spans, "own")
                _add_cut(made, question, text, spans, "own cut")
            else:
                beside.append(made.passage(text))
        if beside and entry["article"]:
            made.beside.append((question, tuple(beside)))
        elif beside:
            made.known += [Example(question, one, False, (), "own near") for one in beside]
    return made


def together(several: Sequence[Examples]) -> Examples:
    """Return all examples as one, with passages of other articles for every question."""
    made = Examples()
    for one in several:
        questions = [made.question(asked.text, asked.language) for asked in one.asked]
        passages = [made.passage(text) for text in one.texts]
        made.known += [
            replace(known, question=questions[known.question], passage=passages[known.passage])
            for known in one.known
        ]
        made.beside += [
            (questions[question], tuple(passages[other] for other in others))
            for question, others in one.beside
        ]
    by_title: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(made.texts):
        by_title[text.context].append(number)
    titles = list(by_title)
    chance = random.Random(1)  # noqa: S311
    for question, others in list(made.beside):
        own = made.texts[others[0]].context
        chosen = [title for title in chance.sample(titles, min(24, len(titles))) if title != own]
        made.far.append((question, tuple(chance.choice(by_title[title]) for title in chosen)))
    return made


def _text(article: Any, paragraph: Any, language: str) -> Text:
    body = paragraph["context"][:_LONGEST]
    return Text(article["title"].replace("_", " "), body, language)


def _spans(entry: Any, body: str) -> list[Span]:
    found = {
        (answer["answer_start"], answer["answer_start"] + len(answer["text"]))
        for answer in entry.get("answers", ())
    }
    return sorted((start, end) for start, end in found if end <= len(body))


def _add_cut(
    made: Examples, question: int, text: Text, spans: Sequence[Span], kind: str = "cut"
) -> None:
    """Add the passage without the sentences in which an answer stands, where others are left."""
    kept = [span for span in sentence_spans(text.body, text.language) if not _meets(span, spans)]
    body = " ".join(text.body[start:end] for start, end in kept)
    if len(kept) > 1 and not _holds(body, text, spans):
        made.unanswered(question, replace(text, body=body), kind)


def _add_short(
    made: Examples, question: int, text: Text, spans: Sequence[Span], chance: random.Random
) -> None:
    """Add, of some questions, a sentence or two that answer, and as many that do not."""
    if chance.random() >= _SHORT_SHARE:
        return
    sentences = sentence_spans(text.body, text.language)
    count = chance.randint(1, 2)
    parts = [
        (sentences[place][0], sentences[place + count - 1][1])
        for place in range(len(sentences) - count + 1)
    ]
    holding = [(start, end) for start, end in parts if start <= spans[0][0] and spans[0][1] <= end]
    others = [
        (start, end)
        for start, end in parts
        if not _meets((start, end), spans) and not _holds(text.body[start:end], text, spans)
    ]
    if holding and others:
        start, end = chance.choice(holding)
        inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
        made.answered(question, replace(text, body=text.body[start:end]), inside, "short")
        start, end = chance.choice(others)
        made.unanswered(question, replace(text, body=text.body[start:end]), "short cut")


def _meets(part: Span, spans: Sequence[Span]) -> bool:
    return any(start < part[1] and part[0] < end for start, end in spans)


def _holds(body: str, text: Text, spans: Sequence[Span]) -> bool:
    """Tell whether any of the answers stands in another text, too."""
    return any(text.body[start:end] in body for start, end in spans)


def _add_changed(made: Examples, question: int, text: Text, chance: random.Random) -> None:
    """Add the question with another number or name in it, of the same passage."""
    asked = made.asked[question]
    changed = next(_changed(asked.text, text.body, chance), None)
    if changed:
        made.unanswered(made.question(changed, asked.language), text, "changed")


def _changed(question: str, body: str, chance: random.Random) -> Iterator[str]:
    for pattern in (_NUMBER, _NAME):
        for match in pattern.finditer(question):
            others = sorted(set(pattern.findall(body)) - {match[0]})
            others = [other for other in others if other not in question]
            if pattern is _NUMBER:
                others.append(
                    str(int(re.sub(r"\D", "", match[0]) or 0) + chance.choice((-3, 1, 7)))
                )
            if others and (pattern is _NUMBER or match[0] in body):
                yield f"{question[: match.start()]}{chance.choice(others)}{question[match.end() :]}"
