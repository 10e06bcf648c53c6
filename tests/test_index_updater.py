"""The running bot follows the articles, and whoever builds."""

import gc
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from embeddings import BuildResult, Model, Searcher, build_index, current_stamp, prioritized
from embeddings.errors import IndexUnwritable, Stopped
from embeddings.index.local.generation import VECTORS, current_name
from embeddings.readers.subprocess_parser import Parser
from tests.conftest import PATIENCE_S, tiny_model, until_sync

RISE = "How long does the dough rise?"


@pytest.fixture
def index_updater(
    seeds: Path, index: Path, question_worker: QuestionWorker
) -> Iterator[IndexUpdater]:
    index_updater = IndexUpdater(seeds, index, tiny_model(), question_worker)
    index_updater.start()
    until_built(question_worker)
    yield index_updater
    index_updater.close()


def until_built(question_worker: QuestionWorker) -> None:
    """Wait for the first build, which finds that nothing has changed."""
    metrics, manifest = question_worker.metrics, question_worker.manifest
    until_sync(lambda: b'result="unchanged"} 1.0' in metrics.text(0, "1", manifest))


def bread(dough: str) -> str:
    return f"How to bake bread\n\nLet the dough rise for {dough} in a warm place. Then bake it.\n"


def write_bread(folder: Path, dough: str) -> None:
    (folder / "bread.txt").write_text(bread(dough), encoding="utf-8")


def tells(question_worker: QuestionWorker, words: str) -> bool:
    return words in question_worker.ask_now(RISE, 1).passages[0].passage.text


@pytest.mark.usefixtures("index_updater")
def test_an_edited_article_is_answered_from(question_worker: QuestionWorker, seeds: Path) -> None:
    write_bread(seeds, "seven hours")
    until_sync(lambda: tells(question_worker, "seven hours"))


@pytest.mark.usefixtures("index_updater")
def test_an_editor_that_saves_by_renaming(question_worker: QuestionWorker, seeds: Path) -> None:
    for dough in ("six hours", "nine hours"):
        (seeds / ".bread.txt.swp").write_text("x", encoding="utf-8")
        (seeds / "4913").write_text("", encoding="utf-8")
        (seeds / "4913").unlink()
        (seeds / "bread.txt~").write_bytes((seeds / "bread.txt").read_bytes())
        (seeds / ".bread.txt.swp").write_text(bread(dough), encoding="utf-8")
        (seeds / ".bread.txt.swp").rename(seeds / "bread.txt")
        until_sync(lambda dough=dough: tells(question_worker, dough))  # type: ignore[misc]
    assert [entry.path for entry in question_worker.manifest.skipped] == []


@pytest.mark.usefixtures("index_updater")
def test_new_renamed_and_deleted_articles(question_worker: QuestionWorker, seeds: Path) -> None:
    (seeds / "deep" / "er").mkdir(parents=True)
    (seeds / "deep" / "er" / "tea.md").write_text(
        "# Tea\n\nGreen tea is steeped for three minutes in a warm pot.", encoding="utf-8"
    )
    until_sync(lambda: paths(question_worker) == ["bread.txt", "deep/er/tea.md", "latvia.txt"])
    (seeds / "deep").rename(seeds / "drinks")
    until_sync(lambda: paths(question_worker) == ["bread.txt", "drinks/er/tea.md", "latvia.txt"])
    shutil.rmtree(seeds / "drinks")
    until_sync(lambda: paths(question_worker) == ["bread.txt", "latvia.txt"])


def paths(question_worker: QuestionWorker) -> list[str]:
    return [entry.path for entry in question_worker.manifest.articles]


@pytest.mark.usefixtures("index_updater")
def test_a_file_that_is_copied_slowly_is_waited_for(
    question_worker: QuestionWorker, seeds: Path
) -> None:
    whole = bread("eleven hours") + "\n\nAnd this is the end of it, as it was meant to be read."
    seen: list[str] = []
    with (seeds / "bread.txt").open("w", encoding="utf-8") as file:
        for start in range(0, len(whole), 20):
            file.write(whole[start : start + 20])
            file.flush()
            time.sleep(0.1)
            seen.append(question_worker.ask_now(RISE, 1).passages[0].passage.text)
    assert all("two hours" in text for text in seen)  # the old text, never a part of the new
    until_sync(lambda: tells(question_worker, "eleven hours"))


@pytest.mark.usefixtures("index_updater")
def test_a_folder_that_goes_away_and_comes_back(
    question_worker: QuestionWorker, seeds: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seeds.rename(seeds.with_name("elsewhere"))
    until_sync(lambda: "the index is not up to date" in caplog.text)
    assert tells(question_worker, "two hours")  # what was there answers
    seeds.with_name("elsewhere").rename(seeds)
    write_bread(seeds, "five hours")
    until_sync(lambda: tells(question_worker, "five hours"))


@pytest.mark.usefixtures("index_updater")
def test_a_generation_built_by_another_is_answered_from(
    question_worker: QuestionWorker,
    seeds: Path,
    index: Path,
    tmp_path: Path,
    tiny: Model,
) -> None:
    other = tmp_path / "other"
    shutil.copytree(seeds, other)
    write_bread(other, "thirteen hours")
    build_index(other, index, tiny)
    until_sync(lambda: tells(question_worker, "thirteen hours"))


@pytest.mark.usefixtures("index_updater")
def test_an_index_that_was_deleted_is_built_again(
    question_worker: QuestionWorker, index: Path
) -> None:
    shutil.rmtree(index)
    assert tells(question_worker, "two hours")  # its files are open still
    until_sync(lambda: (index / "CURRENT").exists())
    until_sync(lambda: (index / "generations" / question_worker.searcher.index.name).exists())
    assert tells(question_worker, "two hours")


@pytest.mark.usefixtures("index_updater")
def test_a_new_generation_that_is_damaged_is_mended(
    question_worker: QuestionWorker,
    index: Path,
) -> None:
    before = current_stamp(index)
    path = index / "generations" / current_name(index) / VECTORS
    data = bytearray(path.read_bytes())
    path.unlink()  # the one that is open keeps its own
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (index / "CURRENT.new").write_bytes((index / "CURRENT").read_bytes())
    (index / "CURRENT.new").rename(index / "CURRENT")
    until_sync(lambda: current_stamp(index)[0] > before[0])
    until_sync(lambda: question_worker.searcher.index.name > before[0])
    assert question_worker.searcher.index.damage is None
    assert tells(question_worker, "two hours")


def test_an_index_of_another_model_is_not_answered_from(
    question_worker: QuestionWorker,
    index_updater: IndexUpdater,
    seeds: Path,
    index: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    searcher = question_worker.searcher
    reopened = Mock(wraps=searcher.reopened)
    monkeypatch.setattr(searcher, "reopened", reopened)
    build_index(seeds, index, tiny_model("tiny:2"))
    until_sync(lambda: reopened.call_count == 2)
    index_updater.close()
    assert caplog.text.count("built with the model") == 1  # said once, not at every look
    assert tells(question_worker, "two hours")


@pytest.mark.usefixtures("index_updater")
def test_a_build_that_cannot_be_done_leaves_the_answers(
    question_worker: QuestionWorker,
    seeds: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("bread.txt", "latvia.txt"):
        (seeds / name).write_bytes(b"")
    until_sync(lambda: "None of the files could be read (2)" in caplog.text)
    assert tells(question_worker, "two hours")


def test_an_edit_during_the_first_build_is_not_lost(
    seeds: Path, index: Path, question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_updater = IndexUpdater(seeds, index, tiny_model(), question_worker)
    build = index_updater.build

    def edited_meanwhile(*, repair: bool = False) -> BuildResult:
        result = build(repair=repair)
        monkeypatch.undo()
        write_bread(seeds, "seven hours")
        return result

    monkeypatch.setattr(index_updater, "build", edited_meanwhile)
    with closing(index_updater):
        index_updater.start()
        until_sync(lambda: tells(question_worker, "seven hours"))


def test_a_build_that_failed_is_tried_again(
    seeds: Path, index: Path, question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_updater = IndexUpdater(seeds, index, tiny_model(), question_worker, retry_s=0.1)
    build, failures = index_updater.build, [OSError(5, "odd"), IndexUnwritable("no room"), None]

    def fails_twice(*, repair: bool = False) -> BuildResult:
        failure = failures.pop(0)
        if failure:
            raise failure
        return build(repair=repair)

    monkeypatch.setattr(index_updater, "build", fails_twice)
    write_bread(seeds, "seven hours")
    with closing(index_updater):
        index_updater.start()
        until_sync(lambda: tells(question_worker, "seven hours"))
    assert not failures


def test_a_generation_that_does_not_open_is_tried_again(
    question_worker: QuestionWorker,
    seeds: Path,
    index: Path,
    tmp_path: Path,
    tiny: Model,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    searcher, tries = question_worker.searcher, 0

    def no_memory_at_first(index: Path) -> Searcher:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise MemoryError("no room")
        return Searcher.reopened(searcher, index)

    monkeypatch.setattr(searcher, "reopened", no_memory_at_first)
    other = shutil.copytree(seeds, tmp_path / "other")
    write_bread(other, "thirteen hours")
    with closing(IndexUpdater(seeds, index, tiny, question_worker, retry_s=0.5)) as index_updater:
        index_updater.start()
        until_built(question_worker)
        build_index(other, index, tiny)
        until_sync(lambda: tells(question_worker, "thirteen hours"))
    assert caplog.text.count("the index is not up to date: no room") == 1


def test_closing_gives_up_a_build(
    seeds: Path, index: Path, question_worker: QuestionWorker
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    model = tiny_model("tiny:1")

    class Slow:
        dimension, max_tokens, runtime = 256, 256, "slow"

        def __getattr__(self, name: str) -> object:
            begun.set()
            go_on.wait(PATIENCE_S)
            return getattr(model.load(), name)

    index_updater = IndexUpdater(seeds, index, Model("tiny", "tiny:1", Slow), question_worker)  # type: ignore[arg-type]
    write_bread(seeds, "no time")
    index_updater.start()
    assert begun.wait(PATIENCE_S)
    closing = threading.Thread(target=index_updater.close)
    closing.start()
    with pytest.raises(Stopped):  # it waits for the other build, or for the end
        index_updater.build()
    go_on.set()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    assert tells(question_worker, "two hours")


def test_closing_waits_for_no_file_that_takes_long_to_read(
    seeds: Path, index: Path, question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Parser(program=(sys.executable, "-c", "import time; time.sleep(50)"))
    monkeypatch.setattr("embeddings.index.local.build.open_parser", lambda **_: nullcontext(slow))
    index_updater = IndexUpdater(seeds, index, tiny_model(), question_worker)
    write_bread(seeds, "no time")
    index_updater.start()
    until_sync(lambda: index_updater.building is not None and index_updater.building[0] == "read")
    started = time.monotonic()
    index_updater.close()
    assert time.monotonic() - started < PATIENCE_S
    assert tells(question_worker, "two hours")


def test_no_answer_is_lost_mixed_or_older_than_one_before(
    index_updater: IndexUpdater, question_worker: QuestionWorker, seeds: Path
) -> None:
    """Questions are asked all the time while the article changes."""
    versions: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            found = question_worker.ask_now("Which version number is told?", 2).passages
            texts = [entry.passage.text for entry in found if entry.source.path == "told.txt"]
            versions.extend(int(text.split()[4]) for text in texts)
            assert len({text.split()[4] for text in texts}) <= 1

    asking = threading.Thread(target=ask)
    asking.start()
    for version in range(1, 30):
        path = seeds / ".told"
        path.write_text(
            f"Told\n\nVersion number told is {version} and it is the only one.", encoding="utf-8"
        )
        path.rename(seeds / "told.txt")
        index_updater.build()
    until_sync(lambda: versions[-1] == 29)  # the last question may be older than the last build
    stop.set()
    asking.join(PATIENCE_S)
    assert versions == sorted(versions)
    assert len(set(versions)) > 5


def test_dozens_of_swaps_leave_nothing_open(
    seeds: Path, index: Path, question_worker: QuestionWorker, tiny: Model
) -> None:
    index_updater = IndexUpdater(seeds, index, tiny, question_worker)

    def swaps(count: int) -> tuple[int, int]:
        for number in range(count):
            write_bread(seeds, f"{count} {number} hours")
            index_updater.build()
        gc.collect()  # what other tests have left
        files = len(list(Path("/proc/self/fd").iterdir()))
        maps = Path("/proc/self/maps").read_text(encoding="utf-8").count(str(index))
        return files, maps

    if not Path("/proc/self/maps").exists():
        pytest.skip("the system does not list open files")
    assert swaps(5) == swaps(15)
    assert len(list((index / "generations").iterdir())) == 2


@pytest.mark.parametrize("urgent_first", [True, False])
def test_questions_go_before_builds(urgent_first: bool) -> None:
    """Whoever comes first, the build waits until no question does."""
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    class Recording:
        dimension, max_tokens, runtime = 4, 100, "r"

        def encode_questions(self, texts: list[str]) -> list[str]:
            order.extend(texts)
            begun.set()
            go_on.wait(PATIENCE_S)
            return texts

        def encode_passages(self, texts: list[str]) -> list[str]:
            order.extend(texts[:1])
            return texts

    for_questions, for_builds = prioritized(Model("r", "r:1", Recording))  # type: ignore[arg-type]
    first = threading.Thread(target=for_questions.load().encode_questions, args=[["first"]])
    first.start()
    begun.wait(PATIENCE_S)
    build = threading.Thread(target=for_builds.load().encode_passages, args=[["passage"]])
    second = threading.Thread(target=for_questions.load().encode_questions, args=[["second"]])
    for thread in (second, build) if urgent_first else (build, second):
        thread.start()
        time.sleep(0.1)
    go_on.set()
    for thread in (first, second, build):
        thread.join(PATIENCE_S)
    assert order == ["first", "second", "passage"]


def test_sharing_changes_no_vector_and_no_order() -> None:
    import numpy as np

    model = tiny_model()
    texts = ["word " * (17 * number % 23 + 1) for number in range(50)]
    for version in prioritized(model):
        encoder, own = version.load(), model.load()
        for mine, theirs in zip(
            encoder.encode_passages(texts), own.encode_passages(texts), strict=True
        ):
            np.testing.assert_array_equal(mine.vector, theirs.vector)
        np.testing.assert_array_equal(encoder.encode_sentences(texts), own.encode_sentences(texts))
        assert encoder.encode_sentences([]).shape == (0, own.dimension)
        assert encoder.count_tokens(texts) == own.count_tokens(texts)
        np.testing.assert_array_equal(
            encoder.encode_questions(["dough"])[0].vector, own.encode_questions(["dough"])[0].vector
        )


def test_while_another_process_builds_its_index_is_opened(
    question_worker: QuestionWorker, seeds: Path, index: Path
) -> None:
    elected = threading.Event()
    with closing(
        IndexUpdater(seeds, index, tiny_model(), question_worker, may_build=elected.is_set)
    ) as index_updater:
        index_updater.start()
        until_sync(lambda: index_updater.is_first_build_over)
        write_bread(seeds, "seven hours")
        build_index(seeds, index, tiny_model())
        until_sync(lambda: tells(question_worker, "seven hours"))
        write_bread(seeds, "nine hours")
        metrics = question_worker.metrics.text(0, "1", question_worker.manifest)
        assert b'result="published"} 0.0' in metrics
        assert b'result="unchanged"} 0.0' in metrics
        elected.set()
        until_sync(lambda: tells(question_worker, "nine hours"))
