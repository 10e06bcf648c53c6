"""What older versions have written is opened, or brought up to date.

Each archive in data/older is what the commit in its name left: two articles, an index of them made
with the tiny model of the tests, and a journal with two questions of one person.
"""

import tarfile
from pathlib import Path

import pytest

from bot.journal import Journal, Kept
from embeddings import Model, Searcher, build_index
from embeddings.errors import IndexOutdated
from tests.conversations import RISE, RISE_ANSWER

OLDER = Path(__file__).parent / "data" / "older"
PERSON = 7


@pytest.fixture(params=["2026-11-26-8577813", "2026-11-28-36b10c7"])
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What an older version left."""
    name: str = request.param
    with tarfile.open(OLDER / f"{name}.tar.gz") as archive:
        archive.extractall(tmp_path / name, filter="data")
    return tmp_path / name


def answers(index: Path, model: Model) -> bool:
    searcher = Searcher.open(index, model)
    found = RISE_ANSWER in searcher.search(RISE).passages[0].passage.text
    searcher.close()
    return found


def test_an_older_index_answers_or_is_named_outdated_and_is_brought_up_to_date(
    left: Path, tiny: Model
) -> None:
    if "8577813" in left.name:  # of format 3
        with pytest.raises(IndexOutdated):
            Searcher.open(left / "index", tiny)
    else:
        assert answers(left / "index", tiny)
    result = build_index(left / "seeds", left / "index", tiny)
    assert (result.articles, result.skipped) == (2, ())
    assert answers(left / "index", tiny)
    assert not build_index(left / "seeds", left / "index", tiny).published


async def test_an_older_journal_keeps_what_it_knows(left: Path) -> None:
    async with Journal(f"sqlite+aiosqlite:///{left / 'bot.sqlite3'}") as journal:
        assert await journal.language_of(PERSON) == "uk"
        assert await journal.is_admitted(PERSON)
        assert await journal.kept_about(PERSON) == Kept(2, 1, 1)
        answer = await journal.last_answer(PERSON, 50)
        assert answer is not None
        assert (answer.question, answer.passages[0].article) == (RISE, "bread.txt")
        assert await journal.rating(answer.id, PERSON) == -1
        missed = await journal.missed(10)
        assert [one.times for one in missed] == [1, 1]
