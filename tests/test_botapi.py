"""The loopback Bot API server refuses what Telegram refuses, and nothing else."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TimedOut

from tests.botapi import ApiError, BotApi, Person, utf16_length
from tests.botapi.links import BadLinkError, checked
from tests.botapi.markup import parse

Api = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


@pytest_asyncio.fixture
async def http(server: BotApi) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, verify=False) as client:
        yield client


@pytest.fixture
def api(server: BotApi, http: httpx.AsyncClient) -> Api:
    """Call a method with a JSON body; a refusal is raised as ApiError."""

    async def call(method: str, **parameters: Any) -> Any:
        body = (await http.post(f"/bot{server.token}/{method}", json=parameters)).json()
        if body["ok"]:
            return body["result"]
        raise ApiError(body["error_code"], body["description"], body.get("parameters"))

    return call


def client_of(server: BotApi) -> Bot:
    return Bot(server.token, f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")


@pytest_asyncio.fixture
async def bot(server: BotApi) -> AsyncIterator[Bot]:
    async with client_of(server) as client:
        yield client


@pytest.fixture
def alice(server: BotApi) -> Person:
    return server.person(language="uk")


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def article(number: object, text: str = "a", **more: Any) -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    kind = {"type": "article", "id": str(number), "title": "t"}
    return kind | {"input_message_content": content} | more


# HTML

TAGS = {
    "bold": "b strong B",
    "italic": "i em",
    "underline": "u ins",
    "strikethrough": "s strike del",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        *((f"<{t}>a</{t.lower()}>", [(kind, "a")]) for kind in TAGS for t in TAGS[kind].split()),
        ('<a href="https://a.example">a</a>', [("text_link", "a")]),
        ("<a href=https>a</a>", []),  # no domain: words without a link
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
        ("<b>a</>", [("bold", "a")]),
        ("<b></b>a", []),
        ("👍<b>🇺🇦ї</b>", [("bold", "🇺🇦ї")]),
    ],
)
def test_html_that_telegram_reads(html: str, found: list[tuple[str, str]]) -> None:
    text, entities = parse(html)
    assert [(entity.type, entity.of(text)) for entity in entities] == found


def test_html_offsets_count_utf16() -> None:
    text, (entity,) = parse("👍 &lt;<b>ні</b>")
    assert (text, entity.offset, entity.length) == ("👍 <ні", 4, 2)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#39;&#x27;&#128077;", "''👍"),
        ("&lt&amp", "<&"),
        ("&nbsp;&apos;&copy;", "&nbsp;&apos;&copy;"),
        ("AT&T & co > all", "AT&T & co > all"),
        ("&#0;&#x110000;", "&#0;&#x110000;"),
    ],
)
def test_references(html: str, text: str) -> None:
    assert parse(html)[0] == text


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ні <3", "Unclosed start tag at byte offset 5"),
        ("I <3 you", 'Unsupported start tag "3" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<!-- a -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=a/b>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<blockquote>a<blockquote expandable>b</blockquote></blockquote>", "Blockquote entities"),
        ("a\0b", "Text must not contain null bytes"),
    ],
)
def test_html_that_telegram_refuses(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse(html)
    assert refusal.value.description.startswith(f"Bad Request: can't parse entities: {reason}")


@pytest.mark.parametrize("text", ["я" * 4096, "👍" * 2048, "<b>" + "a" * 4096 + "</b>"])
async def test_the_longest_texts_pass(api: Api, alice: Person, text: str) -> None:
    await api("sendMessage", chat_id=alice.id, text=text, parse_mode="HTML")
    assert utf16_length((await alice.hears()).text) == 4096


async def test_texts_are_cleaned_and_trimmed(api: Api, alice: Person) -> None:
    html = "\n a\r\n\t<b>b\u202e c </b> \n"
    await api("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    answer = await alice.hears()
    assert (answer.text, answer.spans("bold"), answer.html) == ("a\n b c", ["b c"], html)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<code>a <b>b</b></code>", {("code", "a b")}),
        ("<pre>a <a href='a.b'>b</a></pre>", {("pre", "a b")}),
        ("<b>a <i>b</i></b>", {("bold", "a b"), ("italic", "b")}),
        ("<b>a <b>b</b></b>", {("bold", "a b")}),
        ("<blockquote>a <code>b</code></blockquote>", {("blockquote", "a b"), ("code", "b")}),
        ("<a href='a.b'><code>a</code></a>", {("code", "a")}),
        ("<a href='a.b'>a <code>b</code></a>", {("text_link", "a b")}),
        ("<b>a <code>b</code> c</b>", {("bold", "a "), ("code", "b"), ("bold", " c")}),
        ("<b>a</b><b>b</b>", {("bold", "ab")}),
    ],
)
async def test_what_may_not_be_nested_is_dropped(
    api: Api, alice: Person, html: str, kept: set[tuple[str, str]]
) -> None:
    await api("sendMessage", chat_id=alice.id, text=html, parse_mode="HTML")
    answer = await alice.hears()
    assert {(e.type, e.of(answer.text)) for e in answer.entities} == kept


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("example.com", "http://example.com/"),
        ("HTTPS://Example.COM/Ґ a?q#f", "https://example.com/Ґ%20a?q#f"),
        ("https://приклад.укр", "https://приклад.укр/"),
        ("tg://resolve?domain=a", "tg://resolve?domain=a"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
    ],
)
def test_urls_that_telegram_accepts(url: str, kept: str) -> None:
    assert checked(url) == kept


@pytest.mark.parametrize(
    "url",
    "http://localhost/|ftp://a.b|https://|https://a b.c|https://a.b:99999|not-a-url|".split("|"),
)
def test_urls_that_telegram_refuses(url: str) -> None:
    with pytest.raises(BadLinkError):
        checked(url)


# refused parameters

Case = tuple[str, dict[str, Any], str]
SCOPE = {"type": "everywhere"}
UNCLOSED = "can't parse entities: Can't find end tag corresponding to start tag \"b\""
BUTTON = "can't parse inline keyboard button"
NO_ACTION = "Text buttons are unallowed in the inline keyboard"


def message(reason: str, **parameters: Any) -> Case:
    return "sendMessage", parameters, reason


def button(reason: str, **raw: Any) -> Case:
    return message(reason, text="a", reply_markup=keyboard(raw))


def not_a_button(reason: str, **raw: Any) -> Case:
    return button(f"{BUTTON}: {reason}", **raw)


def link_button(reason: str, url: str) -> Case:
    return button(f"inline keyboard button URL '{url}' is invalid: {reason}", text="a", url=url)


def results(reason: str, *given: dict[str, Any], **more: Any) -> Case:
    return "answerInlineQuery", {"results": given} | more, reason


def sets(reason: str, what: str, **parameters: Any) -> Case:
    return f"setMy{what}", parameters, reason


def commands(reason: str, *names: str, text: str = "a") -> Case:
    given = [{"command": name, "description": text} for name in names]
    return sets(reason, "Commands", commands=given)


def webhook(reason: str, url: str, **more: Any) -> Case:
    return "setWebhook", {"url": url} | more, reason


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        message("message text is empty"),
        message("message text is empty", text=""),
        message("text must be non-empty", text=" \n\t\r"),
        message("text must be non-empty", text="<b> </b>", parse_mode="HTML"),
        message("message is too long", text="я" * 4097),
        message("message is too long", text="👍" * 2049),
        message("unsupported parse_mode", text="a", parse_mode="BBCode"),
        message("chat_id is empty", text="a", chat_id=""),
        message("chat not found", text="a", chat_id=1),
        message("chat not found", text="a", chat_id="@nobody"),
        message("message thread not found", text="a", message_thread_id=7),
        message("message to be replied not found", text="a", reply_parameters={"message_id": 7}),
        button("BUTTON_DATA_INVALID", text="a", callback_data="x" * 65),
        button("BUTTON_DATA_INVALID", text="a", callback_data="ї" * 33),
        not_a_button(NO_ACTION, text="a"),
        not_a_button(NO_ACTION, text="a", callback_data=""),
        link_button("Wrong HTTP URL", "http://localhost:80"),
        link_button("Unsupported URL protocol", "ftp://example.com"),
        results("too many inline query results specified", *map(article, range(51))),
        results("RESULT_ID_DUPLICATE", article(1), article(1)),
        results("RESULT_ID_INVALID", article("ї" * 33)),
        results("RESULT_ID_INVALID", article("")),
        results("ARTICLE_TITLE_EMPTY", article(1, title="")),
        results(UNCLOSED, article(1, "<b>a")),
        results("message text is empty", article(1, "")),
        results("message is too long", article(1, "a" * 4097)),
        results(f"{BUTTON}: {NO_ACTION}", article(1, reply_markup=keyboard({"text": "a"}))),
        results("START_PARAM_INVALID", button={"text": "Open", "start_parameter": "not valid"}),
        ("sendChatAction", {"action": "thinking"}, "wrong parameter action in request"),
        sets("BOT_DESCRIPTION_INVALID", "Description", description="a" * 513),
        sets("BOT_SHORT_DESCRIPTION_INVALID", "ShortDescription", short_description="a" * 121),
        sets("invalid language code specified", "Description", language_code="ukr"),
        sets(
            "can't parse BotCommandScope: Unsupported type specified",
            "Commands",
            commands=[],
            scope=SCOPE,
        ),
        commands("BOT_COMMANDS_TOO_MUCH", *["a"] * 101),
        *(commands("BOT_COMMAND_INVALID", name) for name in ("Start", "a-b", "", "a" * 33)),
        *(commands("BOT_COMMAND_DESCRIPTION_INVALID", "a", text=t) for t in ("", "a" * 257)),
        webhook("secret token contains unallowed characters", "https://a.b", secret_token="a b"),
        webhook("secret token is too long", "https://a.b", secret_token="a" * 257),
        webhook("bad webhook: An HTTPS URL must be provided for webhook", "a.b"),
        webhook("bad webhook: Failed to resolve host", "https://a"),
    ],
)
async def test_parameters_that_telegram_refuses(
    api: Api, alice: Person, method: str, parameters: dict[str, Any], reason: str
) -> None:
    usual = {"chat_id": alice.id, "inline_query_id": alice.asks_inline("a").query_id}
    with pytest.raises(ApiError) as refusal:
        await api(method, **(usual | parameters))
    assert (refusal.value.code, refusal.value.description) == (400, f"Bad Request: {reason}")
    assert alice.answers == []


async def test_half_a_character_is_refused(server: BotApi, http: httpx.AsyncClient) -> None:
    answer = await http.post(
        f"/bot{server.token}/sendMessage",
        content=b'{"text": "\\ud800"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


# editing and replying


async def test_an_edit_is_recorded_and_drops_buttons_not_sent_again(
    api: Api, alice: Person
) -> None:
    markup = keyboard({"text": "1", "callback_data": "1"})
    sent = await api("sendMessage", chat_id=alice.id, text="a", reply_markup=markup)
    where = {"chat_id": alice.id, "message_id": sent["message_id"]}
    first = await alice.hears()
    with pytest.raises(ApiError, match="message is not modified: specified new message content"):
        await api("editMessageText", **where, text="a", reply_markup=markup)
    await api("editMessageText", **where, text="b")
    second = await alice.sees_edit(first)
    assert (second.text, second.buttons, [m.text for m in second.edits]) == ("b", (), ["a"])
    await api("editMessageReplyMarkup", **where, reply_markup=markup)
    assert (await alice.sees_edit(second)).button("1").data == "1"
    where["message_id"] = alice.says("a").message_id
    for changed, reason in (({}, "can't be edited"), ({"message_id": 1}, "to edit not found")):
        with pytest.raises(ApiError, match=f"^Bad Request: message {reason}$"):
            await api("editMessageText", **(where | changed), text="c")


# chats


async def test_closed_chats(api: Api, server: BotApi, alice: Person) -> None:
    group = server.group(supergroup=False)
    moved = group.migrates()
    alice.blocks()
    for method in ("sendMessage", "sendChatAction"):
        with pytest.raises(ApiError, match="bot was blocked by the user") as refusal:
            await api(method, chat_id=alice.id, text="a", action="typing")
        assert refusal.value.code == 403
    with pytest.raises(ApiError, match="upgraded to a supergroup") as refusal:
        await api("sendMessage", chat_id=group.chat_id, text="a")
    assert refusal.value.parameters == {"migrate_to_chat_id": moved.chat_id}
    await api("sendMessage", chat_id=moved.chat_id, text="a")
    kinds = [next(k for k in update if k != "update_id") for update in await api("getUpdates")]
    assert kinds == ["message", "message", "my_chat_member"]


# files


def png(width: int = 10, height: int = 10) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


async def test_photos_and_documents(bot: Bot, alice: Person) -> None:
    await bot.send_photo(alice.id, png(), caption="<b>a</b>", parse_mode="HTML")
    photo = await alice.hears()
    assert (photo.kind, photo.text, photo.spans("bold")) == ("photo", "a", ["a"])
    await bot.send_document(alice.id, b"{}\n", filename="questions.jsonl")
    document = await alice.hears()
    assert document.file
    assert (document.file.name, document.file.content) == ("questions.jsonl", b"{}\n")
    for content, caption, reason in (
        (png(), "a" * 1025, "message caption is too long"),
        (png(9000, 2000), None, "photo_invalid_dimensions"),
        (b"no image", None, "image_process_failed"),
        (b"", None, "file must be non-empty"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){reason}"):
            await bot.send_photo(alice.id, content, caption=caption)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_document(alice.id, "BQunknown")
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("a", alice.id, photo.message_id)


# tokens, methods, bodies


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot{token}/getMe", 200, None),
        ("/bot{token}/GETME", 200, None),
        ("/bot{token}/getYou", 404, "Not Found"),
        ("/bot1234567890:wrong/getMe", 401, "Unauthorized"),
        ("/botwrong/getMe", 404, "Not Found"),
        ("/", 404, "Not Found"),
        ("/file/bot{token}/documents/none", 404, "Not Found"),
    ],
)
async def test_paths(
    server: BotApi, http: httpx.AsyncClient, path: str, status: int, description: str | None
) -> None:
    answer = await http.get(path.format(token=server.token))
    assert answer.status_code == status
    if description:
        error = {"ok": False, "error_code": status, "description": description}
        assert answer.json() == error


@pytest.mark.parametrize("kind", ["json", "form", "multipart", "query"])
async def test_every_kind_of_body(
    server: BotApi, http: httpx.AsyncClient, alice: Person, kind: str
) -> None:
    markup = keyboard({"text": "Ґ", "callback_data": "&=+"})
    values = {"chat_id": str(alice.id), "text": "a+b & ї", "reply_markup": json.dumps(markup)}
    bodies: dict[str, dict[str, Any]] = {
        "json": {"json": values | {"chat_id": alice.id, "reply_markup": markup}},
        "form": {"data": values},
        "multipart": {"files": {name: (None, value) for name, value in values.items()}},
        "query": {"params": values},
    }
    answered = await http.post(f"/bot{server.token}/sendMessage", **bodies[kind])
    assert answered.json()["ok"]
    answer = await alice.hears()
    assert (answer.text, answer.button("Ґ").data) == ("a+b & ї", "&=+")
    assert server.calls("sendMessage")[0].parameters["reply_markup"] == markup


async def test_silence_is_explained(api: Api, alice: Person) -> None:
    alice.says("a")
    await api("sendChatAction", chat_id=alice.id, action="typing")
    with pytest.raises(AssertionError, match=r"not confirmed: 1; .* sendChatAction: 200"):
        await alice.hears(timeout=0.05)
    await api("sendMessage", chat_id=alice.id, text="a")
    with pytest.raises(AssertionError, match="the bot wrote 'a'"):
        await alice.hears_nothing(0)


# files, queries, updates


async def test_an_inline_query_is_answered_once(api: Api, alice: Person) -> None:
    asked = alice.asks_inline("скільки")
    markup = keyboard({"text": "Далі", "callback_data": "n"})
    given = [article(n, "<b>a</b>", reply_markup=markup) for n in range(50)]
    query = {"inline_query_id": asked.query_id, "results": given, "cache_time": 5}
    await api("answerInlineQuery", **query)
    found = await alice.sees_results(asked)
    assert (len(found.results), found.cache_time) == (50, 5)
    with pytest.raises(ApiError, match="query is too old"):
        await api("answerInlineQuery", **query)


async def test_an_uploaded_file_can_be_read(bot: Bot, server: BotApi, alice: Person) -> None:
    alice.sends_file("стаття.txt", "Слава".encode(), caption="нова")
    alice.sends_file("big.pdf", b"x", size=30_000_000)
    text, big = [update.message.document for update in await bot.get_updates() if update.message]
    assert text
    assert big
    file = await bot.get_file(text.file_id)
    assert bytes(await file.download_as_bytearray()) == "Слава".encode()
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(big.file_id)
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await bot.get_file("unknown")


async def test_updates_wait_until_they_are_confirmed(api: Api, alice: Person) -> None:
    for text in "abc":
        alice.says(text)
    first, second, third = await api("getUpdates")
    assert (first["message"]["text"], len(await api("getUpdates", limit=2))) == ("a", 2)
    later = await api("getUpdates", offset=second["update_id"])
    assert [update["update_id"] for update in later] == [second["update_id"], third["update_id"]]
    assert await api("getUpdates", offset=-1) == [third]
    assert await api("getUpdates", offset=third["update_id"] + 1) == []


async def test_a_second_bot_with_the_same_token_ends_the_poll_of_the_first(
    bot: Bot, server: BotApi, alice: Person
) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=5))
    await server.called("getUpdates")
    async with client_of(server) as second:
        newer = asyncio.create_task(second.get_updates(timeout=5))
        with pytest.raises(Conflict, match=r"terminated by other getUpdates request; make sure .*"):
            await older
        alice.says("a")
        assert len(await newer) == 1
    assert server.calls("getUpdates")[0].status == 409


async def test_updates_are_posted_with_the_secret_until_taken(
    api: Api, server: BotApi, alice: Person
) -> None:
    seen: list[tuple[str, str | None]] = []

    async def hook(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        seen.append(((await request.json())["message"]["text"], secret))
        return web.Response(status=500 if len(seen) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    async with TestServer(app) as target:
        await api("setWebhook", url=str(target.make_url("/hook")), secret_token="s3-_")
        alice.says("a")
        alice.says("b")
        await server.wait_until(lambda: server.pending == 0)
        assert seen == [("a", "s3-_"), ("a", "s3-_"), ("b", "s3-_")]
        assert [delivery.status for delivery in server.world.deliveries] == [500, 200, 200]
        with pytest.raises(ApiError, match="while webhook is active") as refusal:
            await api("getUpdates")
        assert refusal.value.code == 409
        await api("deleteWebhook")
        assert await api("getUpdates") == []


# faults


async def test_allowed_updates_redelivery_and_malformed_updates(
    api: Api, server: BotApi, alice: Person
) -> None:
    await api("getUpdates", allowed_updates=["message"])
    alice.edits(alice.says("a"), "b")
    alice.asks_inline("a")
    (update,) = await api("getUpdates")
    await api("getUpdates", offset=update["update_id"] + 1)
    server.redeliver(update["update_id"])
    server.push({"message": {"no": "chat"}})
    again, malformed = await api("getUpdates")
    assert again == update
    assert malformed["message"] == {"no": "chat"}
    assert malformed["update_id"] > update["update_id"]


async def test_faults_as_the_bot_sees_them(
    bot: Bot, server: BotApi, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it RetryAfter warns
    server.fail("sendMessage", retry_after=3)
    server.fail("sendMessage", status=502)
    server.fail("sendMessage", description="Bad Request: can't parse entities: …")
    server.drop("sendMessage", delivered=False)
    server.drop("sendMessage")
    server.slow("sendMessage", 30)
    server.slow("sendMessage", 0.05)
    expected = [RetryAfter, NetworkError, BadRequest, NetworkError, NetworkError, TimedOut]
    for number, error in enumerate(expected):
        with pytest.raises(error):
            await bot.send_message(alice.id, str(number), read_timeout=1)
    await bot.send_message(alice.id, "last")
    assert [message.text for message in alice.answers] == ["4", "last"]
    statuses = [call.status for call in server.calls("sendMessage")]
    assert statuses == [429, 502, 400, 0, 0, 0, 200]
