"""The page of a PDF that an answer is from: a photo in Telegram, a file from the command line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services.question_worker import QuestionWorker
from bot.texts import texts_for
from embeddings import Model, Searcher, build_index
from tests.botapi import BotApi, Group, Person
from tests.conftest import Run, calibration_file, printed
from tests.conversations import all_labels, asks, serving
from tests.paper import set_text, write_pdf

TEXTS = texts_for("en")
PRICE = "How much does the cider press cost?"
PAGES = [
    set_text("The orchard lies behind the school, and nobody knows how old it is."),
    set_text("The cider press costs six marks on Saturdays, and five marks on all other days."),
]


@pytest.fixture
async def server(
    bot_api: BotApi, seeds: Path, tiny: Model, tmp_path: Path
) -> AsyncIterator[BotApi]:
    for path in seeds.iterdir():
        path.unlink()
    (seeds / "orchard.pdf").write_bytes(write_pdf(PAGES, {"Title": "The orchard"}))
    build_index(seeds, tmp_path / "press", tiny)
    searcher = Searcher.open(tmp_path / "press", tiny, calibration_file(tmp_path, 0.9))
    worker = QuestionWorker(searcher)
    async with serving(bot_api, worker, tmp_path, seeds_dir=seeds):
        yield bot_api
    worker.close()


async def test_the_page_is_sent_as_a_photo_and_drawn_once(server: BotApi, alice: Person) -> None:
    answer = await asks(alice, PRICE)
    for _ in range(2):
        alice.presses(TEXTS("show_page"), on=answer)
        photo = await alice.hears()
        assert photo.kind == "photo"
        assert photo.text == "The orchard › p. 2"
        assert photo.reply_to == answer.message_id
    first, second = server.calls("sendPhoto")
    assert first.files
    assert not second.files


async def test_a_file_that_was_changed_is_not_drawn(seeds: Path, alice: Person) -> None:
    answer = await asks(alice, PRICE)
    (seeds / "orchard.pdf").write_bytes(write_pdf(PAGES[:1]))
    alice.presses(TEXTS("show_page"), on=answer)
    assert (await alice.hears()).text == TEXTS("page_not_shown")
    (seeds / "orchard.pdf").unlink()
    alice.presses(TEXTS("show_page"), on=answer)
    assert (await alice.hears()).text == TEXTS("page_not_shown")


async def test_a_group_that_takes_no_photos_is_told_so(
    server: BotApi, group: Group, alice: Person
) -> None:
    answer = await asks(alice, f"/ask {PRICE}", chat=group)
    refusal = "Bad Request: not enough rights to send photos to the chat"
    server.fail("sendPhoto", description=refusal)
    alice.presses(TEXTS("show_page"), on=answer)
    assert (await group.hears()).text == TEXTS("photos_forbidden")


async def test_the_page_follows_a_group_that_became_a_supergroup(
    server: BotApi, alice: Person
) -> None:
    group = server.group(supergroup=False)
    answer = await asks(alice, f"/ask {PRICE}", chat=group)
    supergroup = group.migrates()
    alice.presses(TEXTS("show_page"), on=answer)
    assert (await supergroup.hears()).kind == "photo"


async def test_a_text_file_has_no_such_button(
    server: BotApi, seeds: Path, tiny: Model, tmp_path: Path
) -> None:
    (seeds / "orchard.pdf").unlink()
    (seeds / "orchard.txt").write_text("Press\n\nThe cider press costs six marks.", "utf-8")
    build_index(seeds, tmp_path / "press", tiny)
    worker = QuestionWorker(Searcher.open(tmp_path / "press", tiny))
    async with BotApi() as other, serving(other, worker, tmp_path / "other", seeds_dir=seeds):
        assert TEXTS("show_page") not in all_labels(await asks(other.person(), PRICE))
    worker.close()


def test_the_command_line_writes_the_page(cli_run: Run, seeds: Path, tmp_path: Path) -> None:
    (seeds / "orchard.pdf").write_bytes(write_pdf(PAGES))
    folder = ("--seeds", seeds, "--index", tmp_path / "i")
    cli_run("build", *folder)
    picture = tmp_path / "page.jpg"
    assert "p. 2" in printed(cli_run("search", PRICE, *folder, "--page-image", picture))
    assert picture.read_bytes().startswith(b"\xff\xd8")
    status, _, err = cli_run(
        "search", "How long does dough rise?", *folder, "--page-image", picture
    )
    assert status == 2
    assert "not from a PDF" in err
