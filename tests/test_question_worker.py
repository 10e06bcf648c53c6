"""Questions that wait are encoded together, and each gets its own answer."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import Busy
from bot.services.question_worker import QuestionWorker
from embeddings import Answer, Model, Searcher
from embeddings.model.encoder import Encoding
from embeddings.search.search import EncodedQuestion
from tests.conftest import PATIENCE_S, TinyEncoder, until


class Slow(TinyEncoder):
    """Records what is encoded together, and waits for an event."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.batches: list[list[str]] = []

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        self.batches.append(list(texts))
        assert self.go_on.wait(PATIENCE_S)
        return super().encode_questions(texts)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def question_worker(index: Path, tiny: Model, slow: Slow) -> Iterator[QuestionWorker]:
    question_worker = QuestionWorker(
        Searcher.open(index, Model(tiny.name, tiny.digest, lambda: slow)), most_waiting=30
    )
    yield question_worker
    slow.go_on.set()
    question_worker.close()


async def ask_behind_one(
    question_worker: QuestionWorker, slow: Slow, *questions: str
) -> list["asyncio.Task[Answer]"]:
    """Ask a question that is being encoded until `slow.go_on`, and these, which wait meanwhile."""
    first = asyncio.create_task(question_worker.ask("the first one", 1))
    await until(lambda: bool(slow.batches))
    others = [
        asyncio.create_task(question_worker.ask(text, 1 + n % 3))
        for n, text in enumerate(questions)
    ]
    await until(lambda: question_worker.waiting == 1 + len(questions))
    return [first, *others]


async def test_what_waits_is_encoded_together_and_answered_apart(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    questions = [f"dough number {n}" for n in range(20)]
    asked = await ask_behind_one(question_worker, slow, *questions)
    slow.go_on.set()
    _, *answers = await asyncio.gather(*asked)
    assert [answer.question for answer in answers] == questions
    assert [len(answer.passages) for answer in answers] == [1 + n % 3 for n in range(20)]
    assert [len(batch) for batch in slow.batches] == [1, 8, 8, 4]
    assert question_worker.waiting == 0


async def test_one_too_many_is_refused(question_worker: QuestionWorker, slow: Slow) -> None:
    await ask_behind_one(question_worker, slow, *["dough"] * 28)
    assert not question_worker.is_busy
    last = asyncio.create_task(question_worker.ask("dough", 1))
    await until(lambda: question_worker.is_busy)
    with pytest.raises(Busy):
        await question_worker.ask("one too many", 1)
    slow.go_on.set()
    assert (await last).passages
    assert not question_worker.is_busy


async def test_one_that_was_given_up_is_not_answered(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    first, given_up, other = await ask_behind_one(question_worker, slow, "given up", "other")
    given_up.cancel()
    await until(lambda: question_worker.waiting == 2)
    slow.go_on.set()
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
    asked = await ask_behind_one(question_worker, slow, "good", "bad", "fine")
    slow.go_on.set()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in ended] == [Answer, Answer, ValueError, Answer]


async def test_when_encoding_fails_each_question_of_the_batch_fails(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    slow.go_on.set()
    slow.encode_questions = lambda _texts: 1 / 0  # type: ignore[assignment,method-assign,return-value]
    with pytest.raises(ZeroDivisionError):
        await question_worker.ask("anything", 1)
    del slow.encode_questions
    assert (await question_worker.ask("anything", 1)).passages


async def test_at_the_end_nobody_is_left_waiting_not_even_who_asks_again(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    async def insist(question: str) -> None:
        with suppress(asyncio.CancelledError):
            await question_worker.ask(question, 1)
        await question_worker.ask(question, 1)

    first, *_ = await ask_behind_one(question_worker, slow)
    others = [asyncio.create_task(insist(f"number {n}")) for n in range(12)]
    await until(lambda: question_worker.waiting == 13)
    closing = threading.Thread(target=question_worker.close)
    closing.start()
    probes = list[asyncio.Task[Answer]]()
    while not any(probe.done() for probe in probes):  # until it takes no more questions
        probes.append(asyncio.create_task(question_worker.ask("too late", 1)))
        await asyncio.sleep(0.01)
    slow.go_on.set()
    assert (await first).question == "the first one"
    ended = await asyncio.wait_for(
        asyncio.gather(*others, *probes, return_exceptions=True), PATIENCE_S
    )
    assert all(isinstance(one, asyncio.CancelledError) for one in ended)
    closing.join(PATIENCE_S)
    with pytest.raises(CancelledError):
        question_worker.ask_now("too late", 1)


def test_a_question_without_words_is_not_encoded(
    question_worker: QuestionWorker, slow: Slow
) -> None:
    slow.go_on.set()
    assert question_worker.ask_now("?!", 3).passages == ()
    assert slow.batches == []
