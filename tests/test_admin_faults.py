"""What an admin has asked for is done, whatever becomes of messages and processes meanwhile."""

import threading

import pytest

from bot.services import article_admin
from bot.texts import texts_for
from embeddings import Article, parse_file
from tests.admins import KENYA, Bot, House, bot_with_admin
from tests.botapi import BotApi
from tests.conftest import PATIENCE_S
from tests.conversations import RISE, RISE_ANSWER, asks

EN = texts_for("en")
# The first line is lost


@pytest.mark.parametrize("delivered", [True, False])
async def test_what_was_asked_is_done_whatever_becomes_of_the_first_line(
    bot: Bot, delivered: bool
) -> None:
    bot.server.drop("sendMessage", delivered=delivered)
    bot.admin.sends_file("kenya.txt", KENYA.encode())
    if delivered:
        assert (await bot.admin.hears()).text == EN("document_reading", name="kenya.txt")
    await bot.hears_out(EN("document_added"))
    assert bot.house.files["kenya.txt"] == KENYA
    (bot.house.seeds / "bread.txt").unlink()
    bot.server.drop("sendMessage", delivered=delivered)
    bot.admin.says("/rebuild")
    if delivered:
        assert (await bot.admin.hears()).text == "…"
    await bot.hears_out(EN("rebuild_done"))


# Files at the same time


async def test_the_version_that_came_last_is_stored_last(bot: Bot) -> None:
    """However long Telegram takes to show the first line of an earlier one."""
    bot.server.slow("sendMessage", 0.7)
    for number in range(5):
        text = KENYA.replace("1934", str(1930 + number))
        bot.admin.sends_file("kenya.txt", text.encode(), album="1")
    await bot.server.wait_until(
        lambda: sum("passage" in said.text for said in bot.admin.answers) == 5, 3 * PATIENCE_S
    )
    assert "1934" in bot.house.files["kenya.txt"]


# The bot is ended


async def test_files_that_were_begun_when_the_bot_ended_are_the_first_of_the_next(
    bot_api: BotApi, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(data: bytes, name: str) -> Article:
        go_on.wait(10)
        return parse_file(data, name)

    monkeypatch.setattr(article_admin, "parse_file", slow)
    bread = house.files["bread.txt"]
    async with bot_with_admin(bot_api, house) as bot:
        bread_sent = bot.admin.sends_file("bread.txt", KENYA.encode())
        malindi = KENYA.replace("1934", "1935").encode()
        malindi_sent = bot.admin.sends_file("malindi.txt", malindi)
        await bot_api.called("getFile")
        await bot_api.called("sendMessage", 2)
        bot.talk.session.stop()
        go_on.set()
    assert [said.text for said in bot.admin.answers] == [EN("build_stopped")] * 2
    assert "malindi.txt" not in house.files
    async with bot_with_admin(bot_api, house) as bot:
        said = {one.reply_to: one for one in [await bot.admin.hears() for _ in range(2)]}
        replaced = await bot.ends_with(said[bread_sent.message_id], EN("document_replaced"))
        await bot.ends_with(said[malindi_sent.message_id], EN("document_added"))
        assert "malindi.txt" in house.files
        await bot.presses(EN("manage_undo"), replaced, "is back")
        assert house.files["bread.txt"] == bread
    async with bot_with_admin(bot_api, house) as bot:
        await bot.talk.settle()
        assert len(bot.admin.answers) == 2  # the lines that the first process has sent


# Texts below files


async def test_a_picture_sent_as_a_file_with_a_question_is_answered(bot: Bot) -> None:
    bot.admin.sends_file("photo.jpg", b"x", caption=RISE, mime_type="image/jpeg")
    assert RISE_ANSWER in (await bot.admin.hears()).text
    bot.admin.sends_file("photo.jpg", b"x", mime_type="image/jpeg")
    assert (await bot.admin.hears()).text.startswith(EN("document_format", formats=""))


async def test_the_text_below_an_article_is_no_question(bot_api: BotApi, house: House) -> None:
    async with bot_with_admin(bot_api, house) as bot:
        caption = "How many states joined the drone coalition?"
        sent = bot.admin.sends_file("kenya.txt", KENYA.encode(), caption=caption)
        await bot.hears_out(EN("document_added"))
        bot.admin.edits(sent, RISE)
        followed = await asks(bot.admin, "And when?")
        assert "drone coalition" not in followed.text
    async with bot_with_admin(bot_api, house) as bot:
        bot.admin.edits(sent, RISE)
        await bot.talk.settle()
        assert len(bot.admin.answers) == 2
