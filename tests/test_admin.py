"""Conversations of an admin with the bot: rebuilding, adding, removing, putting back."""

import asyncio
import errno
import itertools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any
from unittest.mock import Mock

import pytest

from bot.errors import SettingsError
from bot.services import live_progress
from bot.settings import load_settings
from bot.texts import LANGUAGES, texts_for
from bot.transport.file_inbox import FileInbox
from bot.views.admin_reports import document_report
from bot.views.admin_views import PATTERN, list_view, trash_view
from bot.views.article_list import article_rows, named
from bot.views.commands import ADMIN_COMMANDS, COMMANDS
from bot.views.keyboard import PER_PAGE
from embeddings import (
    Article,
    ArticleEntry,
    BuildResult,
    Manifest,
    PageStart,
    Progress,
    SkippedEntry,
    StoredFile,
    Trashed,
    build_index,
    parse_file,
    path_key,
)
from embeddings.articles.article import Dropped
from embeddings.errors import IndexUnwritable, SeedsError
from embeddings.index.manifest import ModelEntry
from embeddings.readers import subprocess_parser
from embeddings.readers.subprocess_parser import Parser, open_parser
from tests.admins import ADMIN, KENYA, Bot, House, bot_with_admin
from tests.botapi import BotApi, Button, Message
from tests.conftest import PATIENCE_S, tiny_model, until
from tests.conversations import RISE, all_labels, asks, popup
from tests.test_render import read_html

EN = texts_for("en")
OIL = "What was the lighthouse of Malindi lit with?"


@pytest.fixture(scope="module")
def examiner() -> Iterator[Parser]:
    with open_parser() as parser:
        yield parser


@pytest.fixture(autouse=True)
def _quick(examiner: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess_parser, "open_parser", lambda: nullcontext(examiner))


async def removing(bot: Bot, title: str) -> Message:
    """Go as far as the question whether to remove an article."""
    listed = await asks(bot.admin, "/manage")
    opened = await bot.presses(title, listed, f"{title}\n")
    return await bot.presses(EN("manage_remove"), opened, f"Remove “{title}”?")


def progress_of(message: Message) -> list[str]:
    return [before.text for before in message.edits]


# /rebuild


async def test_rebuild_says_what_changed_or_that_nothing_did(bot: Bot) -> None:
    (bot.house.seeds / "kenya.txt").write_text(KENYA)
    (bot.house.seeds / "bread.txt").rename(bot.house.seeds / "baking <b>.txt")
    (bot.house.seeds / "scan.pdf").write_bytes(b"no pdf at all")
    with (bot.house.seeds / "latvia.txt").open("a") as file:
        file.write("\n\nMore was said on the following day.\n")
    question = bot.admin.says("/rebuild")
    said = await bot.hears_out(EN("rebuild_done"))
    assert progress_of(said)[0] == "…"
    assert said.reply_to == question.message_id
    assert "Added: 1\n• kenya.txt" in said.text
    assert "Changed: 1\n• latvia.txt" in said.text
    assert "Renamed: 1\n• bread.txt → baking <b>.txt" in said.text
    assert "Skipped files: 1\n• scan.pdf: " in said.text
    assert "3 articles" in said.text
    assert "palm oil" in (await asks(bot.admin, OIL)).text
    (bot.house.seeds / "kenya.txt").unlink()
    assert "Removed: 1\n• kenya.txt" in (await bot.says("/rebuild", EN("rebuild_done"))).text
    assert "2 articles, " in (await bot.says("/rebuild", EN("rebuild_unchanged"))).text


@pytest.mark.parametrize(
    ("language", "of_a_file"), [*((one, False) for one in LANGUAGES), ("en", True)]
)
async def test_progress_is_edited_into_one_message(
    bot_api: BotApi, house: House, language: str, of_a_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a file was sent it speaks of that file, not of how many articles are read."""
    monkeypatch.setattr(live_progress, "EVERY_S", 0.05)
    texts = texts_for(language)
    reading = texts("progress_read", done=3, total=40) + "\n░░░░░░░░░░░░ 7 %"
    begun = texts("document_reading", name="kenya.txt") if of_a_file else "…"
    shown = {
        ("wait", 0, 1): texts("progress_wait"),
        ("read", 3, 40): begun if of_a_file else reading,
        ("encode", 120, 900): texts("progress_encode", done=120, total=900) + "\n▓░░░░░░░░░░░ 13 %",
    }
    steps = [("wait", 0, 1), ("read", 3, 40), ("read", 3, 40), ("new", 1, 2), ("encode", 120, 900)]
    async with bot_with_admin(bot_api, house, language=language) as bot:

        def is_shown(text: str) -> bool:
            edits = bot_api.calls("editMessageText")
            return any(call.status and call.parameters["text"] == text for call in edits)

        def build(progress: Progress, **_: object) -> BuildResult:
            for step in steps:
                progress(*step)
                give_up = time.monotonic() + 10
                while step in shown and not is_shown(shown[step]) and time.monotonic() < give_up:
                    threading.Event().wait(0.01)
            return BuildResult(False, "1", 2, 21)

        monkeypatch.setattr(bot.index_updater, "build", build)
        if of_a_file:
            said = await bot.sends("kenya.txt", KENYA, texts("document_added"))
        else:
            said = await bot.says("/rebuild", texts("rebuild_unchanged"))
            assert texts.count("passages", 21) in said.text
        assert progress_of(said) == [begun, *shown.values()]
        assert len(bot.admin.answers) == 1


async def test_progress_keeps_within_what_telegram_allows(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(progress: Progress, **_: object) -> BuildResult:
        for number in range(350):
            progress("encode", number, 350)
            threading.Event().wait(0.01)
        return BuildResult(False, "1", 2, 21)

    monkeypatch.setattr(bot.index_updater, "build", build)
    await bot.says("/rebuild", EN("rebuild_unchanged"))
    at = [call.at for call in bot.server.calls("editMessageText")]
    assert 2 <= len(at) <= 4
    assert all(later - earlier > 1.2 for earlier, later in itertools.pairwise(at[:-1]))


async def test_a_second_rebuild_is_told_of_the_first_and_people_are_answered_meanwhile(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def build(_progress: Progress, **_: object) -> BuildResult:
        go_on.wait(10)
        return BuildResult(False, "1", 2, 21)

    monkeypatch.setattr(bot.index_updater, "build", build)
    first = await asks(bot.admin, "/rebuild")
    assert (await asks(bot.admin, "/rebuild")).text == EN("rebuild_running")
    assert "two hours" in (await asks(bot.admin, RISE)).text
    go_on.set()
    await bot.ends_with(first, EN("rebuild_unchanged"))
    await bot.says("/rebuild", EN("rebuild_unchanged"))


async def test_a_build_that_fails_is_said(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, shown in (
        (IndexUnwritable("The index in <x> cannot be written."), EN("index_unwritable")),
        (SeedsError("There is no {folder}", folder="<x>"), "There is no <x>"),
        (ValueError("a secret of the machine"), EN("see_log")),
    ):
        monkeypatch.setattr(bot.index_updater, "build", Mock(side_effect=error))
        said = await bot.says("/rebuild", EN("build_failed"))
        assert shown in said.text
        assert "secret" not in said.text


async def test_the_end_of_the_bot_does_not_wait_for_a_build(
    bot_api: BotApi, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_with_admin(bot_api, house) as bot:

        def build(progress: Progress, **_: object) -> BuildResult:
            while True:
                progress("encode", 1, 2)
                threading.Event().wait(0.05)

        monkeypatch.setattr(bot.index_updater, "build", build)
        first = await asks(bot.admin, "/rebuild")
        ended = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - ended < 4
    assert bot.admin.sees(first).text == EN("build_stopped")


async def test_a_report_of_very_much_fits_a_message(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tuple(f"{number} <&> {'д' * 200}.txt" for number in range(500))
    skipped = tuple(SkippedEntry(name, None, "nested too deeply, " * 40) for name in names)
    result = BuildResult(
        True, "2", 500, 1, names, names, tuple(zip(names, names, strict=True)), names, skipped
    )
    monkeypatch.setattr(bot.index_updater, "build", lambda _progress, **_: result)
    said = await bot.says("/rebuild", EN("rebuild_done"))
    assert "…and 490 more" in said.text


# A file is sent


async def test_a_file_becomes_an_article(bot: Bot) -> None:
    sent = bot.admin.sends_file("Маяки Кенії.txt", KENYA.encode(), caption="for the folder")
    said = await bot.hears_out(EN("document_added"))
    assert said.spans("bold") == ["Lighthouses of Kenya"]
    assert said.spans("code") == ["Маяки Кенії.txt"]
    assert "English · 1 passage" in said.text
    assert said.reply_to == sent.message_id
    assert said.spans("blockquote") == [" ".join(KENYA.split("\n\n", 1)[1].split())]
    assert bot.house.files["Маяки Кенії.txt"] == KENYA
    bot.admin.presses(EN("open_article"), on=said)
    read = await bot.hears_out("Lighthouses of Kenya")
    assert bot.admin.sees(said).buttons  # what can be taken back still can
    assert KENYA.rstrip().rpartition("\n")[2] in read.text
    assert "palm oil" in (await asks(bot.admin, OIL)).text


async def test_an_album_is_answered_file_by_file(bot_api: BotApi, house: House) -> None:
    async with bot_with_admin(bot_api, house, follows=True) as bot:
        for number in range(4):
            text = KENYA.replace("1934", f"193{number}").replace("oil", f"oil{number}")
            bot.admin.sends_file(f"kenya{number}.txt", text.encode())
        heard = [await bot.hears_out(EN("document_added")) for _ in range(4)]
        assert len({said.reply_to for said in heard}) == 4
        assert len(bot.question_worker.manifest.articles) == 6


async def test_a_file_of_the_same_name_replaces_and_can_be_undone(bot: Bot) -> None:
    before = bot.house.files["bread.txt"]
    said = await bot.sends("bread.txt", KENYA, EN("document_replaced"))
    assert bot.house.files["bread.txt"] == KENYA
    back = await bot.presses(EN("manage_undo"), said, "“How to bake bread” is back.")
    assert back.spans("code") == ["bread.txt"]
    assert bot.house.files["bread.txt"] == before
    assert "two hours" in (await asks(bot.admin, RISE)).text


async def test_the_very_same_file_and_the_same_text_are_said(bot: Bot) -> None:
    bread = bot.house.files["bread.txt"].encode()
    bot.admin.sends_file("bread.txt", bread)
    assert len((await bot.hears_out(EN("document_unchanged"))).buttons) == 1  # to read it
    for name in ("loaf.txt", "another.txt"):  # the one that was there first stays
        bot.admin.sends_file(name, bread)
        assert EN("document_same", path="bread.txt") in (await bot.hears_out("bread.txt;")).text


async def test_any_name_is_stored_safely_and_a_file_without_one_gets_one(bot: Bot) -> None:
    for name, stored in (
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("🍞 <i>хліб</i>.txt", "i_.txt"),
    ):
        before = set(bot.house.files)
        await bot.sends(name, KENYA.replace("palm", stored), EN("document_added"))
        assert set(bot.house.files) - before == {stored}
    bot.admin.sends_file("", KENYA.encode(), mime_type="text/plain")
    said = await bot.hears_out(EN("document_added"))
    assert said.spans("code")[0].startswith("telegram-AgAD")


async def test_what_is_not_read_or_too_large_is_not_even_downloaded(bot: Bot) -> None:
    for name in ("song.mp3", "txt", ".exe", "archive.tar.gz", "a.txt.exe"):
        bot.admin.sends_file(name, b"x")
        assert ".docx .eml .epub" in (await bot.admin.hears()).text
    bot.admin.sends_file("big.txt", b"x", size=20_000_001)
    assert (await bot.admin.hears()).text == EN("document_too_large", limit=20)
    assert not bot.server.calls("getFile")


async def test_a_file_that_cannot_be_read_changes_nothing(bot: Bot) -> None:
    before = bot.house.files
    for content in (b"", b"\x00\x01\x02" * 50, b"%PDF-1.7 nothing"):
        bot.admin.sends_file("bread.pdf" if content.startswith(b"%") else "bread.txt", content)
        assert (await bot.hears_out(EN("document_unreadable"))).spans("italic")
        assert bot.house.files == before


async def test_a_download_that_fails_is_said(bot: Bot) -> None:
    before = bot.house.files
    bot.server.fail("getFile", description="Bad Request: file is too big")
    await bot.sends("kenya.txt", KENYA, EN("document_too_large", limit=20))
    bot.server.fail("getFile", status=400, description="Bad Request: temporarily unavailable")
    await bot.sends("kenya.txt", KENYA, EN("document_lost"))
    bot.server.fail("download", status=404)
    await bot.sends("kenya.txt", KENYA, EN("document_lost"))
    assert bot.house.files == before


@pytest.mark.parametrize(
    ("number", "key"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "disk_refuses")]
)
async def test_a_disk_that_takes_nothing_is_said(
    bot: Bot, number: int, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bot.house.files

    refuse = Mock(side_effect=OSError(number, os.strerror(number)))
    monkeypatch.setattr("embeddings.articles.editing.write_bytes_atomically", refuse)
    monkeypatch.setattr("embeddings.articles.trash.write_bytes_atomically", refuse)
    said = await bot.sends("kenya.txt", KENYA, EN(key))
    assert f"({errno.errorcode[number]})" in said.text
    assert bot.house.files == before
    await bot.presses(EN("manage_yes"), await removing(bot, "How to bake bread"), EN(key))
    assert bot.house.files == before


async def test_many_files_at_once_hold_up_nobody(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(data: bytes, name: str) -> Article:
        go_on.wait(10)
        return parse_file(data, name)

    monkeypatch.setattr("bot.services.article_admin.parse_file", slow)
    for number in range(30):
        bot.admin.sends_file(f"kenya{number}.txt", KENYA.encode() * (number + 1))
    await bot.server.called("getFile")
    bob = bot.server.person("Bob")
    assert "two hours" in (await asks(bob)).text
    go_on.set()
    await bot.server.wait_until(
        lambda: sum("kenya" in m.text and "English" in m.text for m in bot.admin.answers) == 30, 20
    )
    assert len(bot.house.files) == 32


async def test_a_last_edit_that_is_lost_or_whose_message_is_deleted_is_sent_again(
    bot: Bot,
) -> None:
    bot.server.drop("editMessageText", delivered=False)
    await bot.sends("kenya.txt", KENYA, EN("document_added"))
    bot.server.fail("editMessageText", description="Bad Request: message to edit not found")
    bot.admin.sends_file("kenya.txt", KENYA.encode())
    await bot.admin.hears()
    await bot.hears_out(EN("document_unchanged"))


def test_pages_what_was_left_out_and_what_was_hard_to_read_are_told() -> None:
    dropped = (Dropped("Menu <1>", "menu"), *(Dropped(f"Ad {n}", "boilerplate") for n in range(5)))
    pages, warnings = (PageStart(0, 1), PageStart(2, 22)), ("2 of 3 pages hold no text",)
    article = Article(
        "a.pdf", "T", "word " * 40, (), pages=pages, dropped=dropped, warnings=warnings
    )
    manifest = Manifest("", ModelEntry("", "", 1), "", (), (), {})
    said = document_report(StoredFile("a.pdf"), article, manifest, EN, None)
    assert f"{EN('unknown_language')} · 22 pages" in said
    examples = "«Menu &lt;1&gt;», «Ad 0», «Ad 1»"
    assert EN("document_dropped", share=12, examples=examples) in said
    assert f"{EN('document_warning')} <i>2 of 3 pages hold no text</i>" in said


async def test_what_is_done_to_the_folder_is_done_even_if_the_build_fails(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = IndexUnwritable("The index cannot be written.")
    monkeypatch.setattr(bot.index_updater, "build", Mock(side_effect=error))
    said = await bot.sends("kenya.txt", KENYA, EN("document_stored"))
    assert EN("build_failed") in said.text
    assert bot.house.files["kenya.txt"] == KENYA
    warned = await removing(bot, "How to bake bread")
    removed = await bot.presses(EN("manage_yes"), warned, EN("build_failed"))
    assert "bread” is removed" in removed.text
    assert "bread.txt" not in bot.house.files


# /manage


async def test_an_article_is_removed_and_put_back_after_a_restart(
    bot_api: BotApi, house: House
) -> None:
    bread = house.files["bread.txt"]
    async with bot_with_admin(bot_api, house) as bot:
        listed = await asks(bot.admin, "/manage")
        assert "bake" not in listed.text  # each article once, as a button
        opened = await bot.presses("How to bake", listed, "bread.txt\nEnglish · 1 passage")
        await bot.presses(EN("manage_back"), opened, "2 articles")
        await bot.presses("How to bake", listed, "bread.txt")
        await bot.presses(EN("manage_remove"), listed, "Remove “How to bake bread”?")
        await bot.presses(EN("manage_cancel"), listed, "How to bake bread\nbread.txt\n")
        await bot.presses(EN("manage_remove"), listed, "Remove “How to bake bread”?")
        removed = await bot.presses(EN("manage_yes"), listed, "bread” is removed")
        assert "bread.txt" not in house.files
        assert [one.path for one in bot.question_worker.manifest.articles] == ["latvia.txt"]
        assert all(len(b.data or "") <= 64 for row in removed.buttons for b in row)
    async with bot_with_admin(bot_api, house) as bot:
        back = await bot.presses(EN("manage_undo"), removed, "bread” is back")
        assert EN("manage_restoring", title="How to bake bread") in progress_of(back)
        assert house.files["bread.txt"] == bread
        await bot.presses(EN("all_articles"), back, "2 articles")


async def test_double_presses_are_harmless(bot: Bot) -> None:
    message = await removing(bot, "How to bake bread")
    for label, words, edits in (
        ("manage_yes", "bread” is removed", 4),
        ("manage_undo", "bread” is back", 4),
    ):
        before = len(bot.server.calls("editMessageText"))
        for press in [bot.admin.presses(EN(label), on=message) for _ in range(3)]:
            await bot.admin.sees_popup(press)
        message = await bot.ends_with(message, words)
        await bot.server.called("editMessageText", before + edits)
        assert bot.admin.sees(message).text == message.text
    assert len(bot.question_worker.manifest.articles) == 2
    assert len(bot.admin.answers) == 1


async def test_undo_does_not_overwrite_a_newer_file(bot: Bot) -> None:
    warned = await removing(bot, "How to bake bread")
    removed = await bot.presses(EN("manage_yes"), warned, "bread” is removed")
    await bot.sends("bread.txt", KENYA, EN("document_added"))
    await bot.presses(EN("manage_undo"), removed, EN("undo_newer"))
    assert bot.house.files["bread.txt"] == KENYA


async def test_an_article_that_is_gone_is_said(bot: Bot) -> None:
    listed = await asks(bot.admin, "/manage")
    (bot.house.seeds / "bread.txt").unlink()
    build_index(bot.house.seeds, bot.house.index, tiny_model())
    await bot.says("/rebuild", EN("rebuild_unchanged"))
    gone = await bot.presses("How to bake", listed, EN("article_gone"))
    await bot.presses(EN("all_articles"), gone, "1 article")


async def test_the_last_article_can_be_removed_and_put_back(bot: Bot) -> None:
    (bot.house.seeds / "bread.txt").unlink()
    await bot.says("/rebuild", EN("rebuild_done"))
    listed = await asks(bot.admin, "/manage")
    await bot.presses(listed.buttons[0][0].text, listed, "latvia.txt")
    await bot.presses(EN("manage_remove"), listed, "Remove")
    removed = await bot.presses(EN("manage_yes"), listed, "is removed")
    assert (await asks(bot.admin, "/manage")).text == EN("manage_empty")
    await bot.presses(EN("manage_undo"), removed, "is back")
    assert set(bot.house.files) == {"latvia.txt"}


async def test_a_file_stays_in_the_inbox_until_it_is_indexed(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, go_on = bot.index_updater.build, threading.Event()

    def build_later(*args: Any, **kwargs: Any) -> BuildResult:
        go_on.wait(PATIENCE_S)
        return build(*args, **kwargs)

    def waiting() -> list[str]:
        path, bot_id = bot.house.state / "updates.sqlite3", bot.server.token.split(":")[0]
        inbox = FileInbox(path, bot_id).open()
        bodies = [left.body for left in inbox.waiting()]
        inbox.close()
        return [body["message"]["document"]["file_name"] for body in bodies]

    monkeypatch.setattr(bot.index_updater, "build", build_later)
    bot.admin.sends_file("tea.txt", b"Tea\n\nTea is made of leaves and hot water.\n")
    await until(lambda: "tea.txt" in bot.house.files)
    assert waiting() == ["tea.txt"]  # for the next process, if this one is killed now
    bot.index_updater.building = ("read", 3, 12)
    alice = bot.server.person()
    assert EN("progress_read", done=3, total=12) in (await asks(alice, "/about")).text
    go_on.set()
    await bot.hears_out(EN("document_added"))
    await until(lambda: not waiting())


async def test_an_emptied_folder_empties_the_index_when_an_admin_says_so(bot: Bot) -> None:
    for path in bot.house.seeds.iterdir():
        path.unlink()
    (bot.house.seeds / ".~lock.kenya.txt").touch()  # is no article
    asked = await bot.says("/rebuild", EN("seeds_emptied"))
    assert len(bot.question_worker.manifest.articles) == 2
    assert EN("seeds_emptied") in (await asks(bot.admin, "/health")).text
    bot.admin.sends_file("kenya.txt", KENYA.encode())
    refused = await bot.hears_out(EN("seeds_emptied"))
    assert all_labels(refused) == [EN("seeds_emptied_yes")]
    assert [path.name for path in bot.house.seeds.iterdir()] == [".~lock.kenya.txt"]
    assert len(bot.question_worker.manifest.articles) == 2
    await bot.presses(EN("seeds_emptied_yes"), asked, EN("rebuild_done"))
    assert not bot.question_worker.manifest.articles


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_articles_are_shown_in_pages(language: str) -> None:
    texts = texts_for(language)
    articles = [
        ArticleEntry(f"{number}{'д' * 300}.txt", "0" * 64, f"{number} <&>{'ї' * 300}", "uk", 5)
        for number in range(2 * PER_PAGE + 1)
    ]
    seen = []
    for page in (0, 1, 2, 99):
        view = list_view(articles, "", page, 0, texts)
        assert len(view.html) < 4096
        *rows, turning = view.rows
        seen += [button.callback_data for row in rows for button in row]
        assert turning[1].text == f"{min(page, 2) + 1}/3"
        assert all(PATTERN.match(str(button.callback_data)) for button in turning)
    assert seen[: len(articles)] == [
        f"m:open:{path_key(one.path)}:{number // PER_PAGE}" for number, one in enumerate(articles)
    ]


def test_articles_are_sorted_as_they_are_shown_and_found_by_parts_of_their_titles() -> None:
    titles = ("Яблуко", "Інжир", "Йогурт 10", "Йогурт 9", "Їжак", "Ёлка", "bread", "Apple", "Bread")
    articles = [ArticleEntry(f"{n}.txt", "0", title, "uk", 1) for n, title in enumerate(titles)]
    assert [one.title for one in named(articles, "")] == [
        *("Apple", "bread", "Bread", "Ёлка", "Інжир", "Їжак", "Йогурт 9", "Йогурт 10", "Яблуко"),
    ]
    assert [one.title for one in named(articles, "гурт 1 й")] == ["Йогурт 10"]
    long = f"How to bake {'very ' * 20}good bread"
    same = [*articles, *(ArticleEntry(f"a/{n}.txt", "0", long, "en", 1) for n in ("x", "y"))]
    labels = [row[0].text for row in article_rows(named(same, "bake"), 0, "b", "contents")]
    assert labels == [f"How to bake very very ver…bread · {name}.txt" for name in ("x", "y")]


async def test_an_article_is_found_by_its_title_and_one_that_was_removed_is_brought_back(
    bot: Bot,
) -> None:
    found = await bot.says("/manage BAKE", EN("articles_found", words="BAKE", number=1))
    assert len(found.buttons) == 1
    opened = await bot.presses("How to bake bread", found, "bread.txt")
    warned = await bot.presses(EN("manage_remove"), opened, "bread")
    gone = await bot.presses(EN("manage_yes"), warned, "bread” is removed")
    assert len((await bot.presses(EN("all_articles"), gone, "1 article")).buttons) == 2
    trash = await bot.presses(EN("manage_trash", number=1), gone, EN("manage_removed_list"))
    back = await bot.presses("How to bake bread", trash, "bread” is back")
    await bot.presses(EN("all_articles"), back, "2 articles")
    none = await bot.says("/articles zebra", EN("articles_not_found", words="zebra"))
    await bot.presses(EN("all_articles"), none, EN.count("articles_title", 2))
    assert "bread.txt" in bot.house.files
    assert len((await asks(bot.admin, "/manage")).buttons) == 2  # nothing is left in the trash


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_removed_twice_on_a_day_is_told_by_the_time(language: str) -> None:
    removed = [
        Trashed(f"{number:012x}-{number:012x}", "bread.txt", "How to bake bread", None, at)
        for number, at in enumerate((1e9 + 60, 1e9, 1e9 - 1e6))
    ]
    rows = trash_view(removed, 0, texts_for(language)).rows
    assert [row[0].text for row in rows[:3]] == [
        "How to bake bread · 09.09 01:47:40",
        "How to bake bread · 09.09 01:46:40",
        " ".join(f"How to bake bread · {texts_for(language).day('2001-08-28')}".split()),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_line_to_an_admin_says_how_to_add_an_article(
    bot_api: BotApi, house: House, language: str
) -> None:
    said = read_html(texts_for(language)("start_admin"))
    async with bot_with_admin(bot_api, house, language=language) as bot:
        assert said in (await asks(bot.admin, "/start")).text
        assert said not in (await asks(bot_api.person(language=language), "/start")).text


async def test_pages_are_turned(bot: Bot) -> None:
    for number in range(PER_PAGE):
        text = KENYA.replace("palm", f"palm{number}")
        (bot.house.seeds / f"kenya{number}.txt").write_text(text)
    await bot.says("/rebuild", EN("rebuild_done"))
    listed = await asks(bot.admin, "/manage")
    assert listed.button("1/2")
    listed = await bot.presses("▶", listed, "articles")
    assert listed.button("2/2")
    bot.admin.presses("2/2", on=listed)
    listed = await bot.presses("▶", listed, "articles")
    assert listed.button("1/2")


# Everybody else


@pytest.mark.parametrize("language", LANGUAGES)
async def test_for_others_none_of_this_exists(bot: Bot, language: str) -> None:
    texts, bob = texts_for(language), bot.server.person("Bob", language=language)
    before = bot.house.files
    for command in (*(f"/{name}" for name in ADMIN_COMMANDS), "/manage@passage_test_bot"):
        assert (await asks(bob, command)).text == texts("unknown_command")
    bob.sends_file("kenya.txt", KENYA.encode())
    assert (await bob.hears()).text == texts("not_text")
    assert "/manage" not in (await asks(bob, "/help")).text
    assert bot.house.files == before
    assert not bot.server.calls("getFile")


async def test_an_admins_buttons_do_nothing_for_others(bot: Bot) -> None:
    warned = await removing(bot, "How to bake bread")
    bob = bot.server.person("Bob")
    for label in (EN("manage_yes"), EN("manage_cancel")):
        popup = await bob.sees_popup(bob.presses(label, on=warned))
        assert not popup.text
    await bob.hears_nothing()
    assert bot.admin.sees(warned).text == warned.text
    assert "bread.txt" in bot.house.files


async def test_in_a_group_an_admin_is_like_anybody(bot: Bot) -> None:
    group = bot.server.group()
    said = await asks(bot.admin, "/rebuild@passage_test_bot", chat=group)
    assert said.text == EN("private_only")
    bot.admin.sends_file("kenya.txt", KENYA.encode(), chat=group)
    await group.hears_nothing()
    assert "kenya.txt" not in bot.house.files


async def test_buttons_that_mean_nothing_end_their_waiting(bot: Bot) -> None:
    listed = await asks(bot.admin, "/manage")
    for data in ("m:yes:../../etc/passwd:0", "m:undo::0", "m:list::999999999", "m:", "what"):
        await popup(bot.admin, Button("x", data), listed)
    await bot.talk.settle()
    assert set(bot.house.files) == {"bread.txt", "latvia.txt"}


async def test_admins_have_a_longer_menu(bot: Bot) -> None:
    await bot.server.called("setMyCommands", times=10)
    for language, code in (("en", ""), ("uk", "uk"), ("ru", "ru"), ("ru", "be"), ("ru", "kk")):
        usual = bot.server.commands(code)
        menu = bot.server.commands(code, {"type": "chat", "chat_id": ADMIN})
        described = [
            {"command": name, "description": texts_for(language)(f"command_{name}")}
            for name in (*COMMANDS, *ADMIN_COMMANDS)
        ]
        assert (usual, menu) == (described[: len(COMMANDS)], described)
    assert "/rebuild" in (await asks(bot.admin, "/help")).text


async def test_a_former_admin_loses_the_longer_menu(bot_api: BotApi, house: House) -> None:
    bot_api.person("Bob", id=77)
    house.state.mkdir()
    (house.state / "admins.txt").write_text("77\n78")
    async with bot_with_admin(bot_api, house):
        await bot_api.called("setMyCommands", times=10)
        await bot_api.called("deleteMyCommands", times=10)
    assert {call.parameters["scope"]["chat_id"] for call in bot_api.calls("deleteMyCommands")} == {
        77,
        78,
    }
    assert (house.state / "admins.txt").read_text() == str(ADMIN)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", set()), ("42", {42}), (" 42, 43;44  45,", {42, 43, 44, 45}), (",", set())],
)
def test_admins_are_read_from_the_environment(
    value: str, expected: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_IDS", value)
    assert load_settings().admin_ids == expected


@pytest.mark.parametrize("value", ["@alice", "42 -7", "4.2", "[42]", "٤٢", "0"])
def test_a_wrong_admin_is_one_clear_line(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", value)
    with pytest.raises(SettingsError, match=r"ADMIN_IDS: .*write Telegram ids") as raised:
        load_settings()
    assert "\n" not in str(raised.value)
