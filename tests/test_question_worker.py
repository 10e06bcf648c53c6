"""Questions in line: what waits is encoded together, and each gets its own answer."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from bot.services.question_worker import QuestionWorker, _Waiting
from embeddings import Answer, Model, Searcher
from embeddings.model.encoder import Encoding
from embeddings.search.search import EncodedQuestion
from tests.conftest import TinyEncoder

PATIENCE_S = 30


class Slow(TinyEncoder):
    """Notes what is encoded together, and waits at a gate."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.batches: list[list[str]] = []

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        self.batches.append(list(texts))
        assert self.gate.wait(PATIENCE_S)
        return super().encode_questions(texts)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def question_worker(index: Path, tiny: Model, slow: Slow) -> Iterator[QuestionWorker]:
    question_worker = QuestionWorker(
        Searcher.open(index, Model(tiny.name, tiny.digest, lambda: slow))
    )
    yield question_worker
    slow.gate.set()
    question_worker.close()


async def begun(slow: Slow) -> None:
    while not slow.batches:
        await asyncio.sleep(0.01)


async def test_what_waits_is_encoded_together_and_answered_apart(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    first = asyncio.create_task(question_worker.ask("the first one", 1))
    await begun(slow)
    others = [
        asyncio.create_task(question_worker.ask(f"dough number {n}", 1 + n % 3)) for n in range(20)
    ]
    await asyncio.sleep(0.05)
    slow.gate.set()
    answers = await asyncio.gather(first, *others)
    assert [answer.question for answer in answers[1:]] == [f"dough number {n}" for n in range(20)]
    assert [len(answer.passages) for answer in answers[1:]] == [1 + n % 3 for n in range(20)]
    assert [len(batch) for batch in slow.batches] == [1, 8, 8, 4]
    assert question_worker.waiting == 0


async def test_one_that_was_given_up_is_not_answered(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    first = asyncio.create_task(question_worker.ask("the first one", 1))
    await begun(slow)
    given_up, other = (
        asyncio.create_task(question_worker.ask(text, 1)) for text in ("given up", "other")
    )
    await asyncio.sleep(0.05)
    given_up.cancel()
    await asyncio.sleep(0.05)
    slow.gate.set()
    assert (await first).question == "the first one"
    assert (await other).question == "other"
    assert slow.batches[1:] == [["other"]]


async def test_one_that_fails_takes_no_other_with_it(
    question_worker: QuestionWorker, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = question_worker.searcher.answer

    def failing(encoded: EncodedQuestion, k: int = 5) -> Answer:
        if encoded.question == "bad":
            raise ValueError("bad")
        return answer(encoded, k)

    monkeypatch.setattr(question_worker.searcher, "answer", failing)
    first = asyncio.create_task(question_worker.ask("the first one", 1))
    await begun(slow)
    others = [asyncio.create_task(question_worker.ask(text, 1)) for text in ("good", "bad", "fine")]
    await asyncio.sleep(0.05)
    slow.gate.set()
    await first
    good, bad, fine = await asyncio.gather(*others, return_exceptions=True)
    assert isinstance(good, Answer)
    assert isinstance(bad, ValueError)
    assert isinstance(fine, Answer)


async def test_when_encoding_fails_those_who_wait_are_told(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    slow.gate.set()
    slow.encode_questions = lambda _texts: 1 / 0  # type: ignore[assignment,method-assign,return-value]
    with pytest.raises(ZeroDivisionError):
        await question_worker.ask("anything", 1)
    del slow.encode_questions
    assert (await question_worker.ask("anything", 1)).passages


async def test_at_the_end_nobody_is_left_waiting(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    first = asyncio.create_task(question_worker.ask("the first one", 1))
    await begun(slow)
    others = [asyncio.create_task(question_worker.ask(f"number {n}", 1)) for n in range(12)]
    await asyncio.sleep(0.05)
    closing = threading.Thread(target=question_worker.close)
    closing.start()
    await asyncio.sleep(0.05)
    slow.gate.set()
    assert (await first).question == "the first one"
    ended = await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), PATIENCE_S)
    assert all(isinstance(one, asyncio.CancelledError) for one in ended)
    closing.join(PATIENCE_S)
    with pytest.raises(CancelledError):
        question_worker.ask_now("too late", 1)


def test_who_asks_again_at_the_end_does_not_hinder_it(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    again: list[object] = []

    def ask_again(_ended: object) -> None:
        if not again:
            again.append(question_worker._put_in_line("once more", 1))

    for number in range(3):
        question_worker._line.append(waiting := _Waiting(f"number {number}", 1))
        waiting.answer.add_done_callback(ask_again)
    question_worker.close()
    assert again
    assert not question_worker._line


def test_a_question_without_words_is_not_encoded(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    slow.gate.set()
    assert question_worker.ask_now("?!", 3).passages == ()
    assert slow.batches == []
