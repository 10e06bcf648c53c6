"""What people say besides questions, and what they ask about the article just shown."""

import asyncio
import itertools
import timeit
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.services.question_worker import QuestionWorker
from bot.services.small_talk import credit_in, questions_in, small_talk_in, without_courtesy
from bot.texts import LANGUAGES, texts_for
from embeddings import Model, Searcher, build_index
from tests.botapi import BotApi, Group, Person
from tests.conftest import calibration_file
from tests.conversations import RISE, RISE_ANSWER, Serve, Talk, all_labels, asks, pressed, serving

EN = texts_for("en")
BOT = "@passage_test_bot"


@pytest.fixture
def question_worker(tmp_path: Path, seeds: Path, tiny: Model) -> Iterator[QuestionWorker]:
    """Answers from two articles, of which one says who wrote it and when."""
    bread = (seeds / "bread.txt").read_text(encoding="utf-8").split("\n\n", 1)[1]
    front = "---\ntitle: How to bake bread\nauthor: Kyiv Post\ndate: 2023-12-12\n---\n\n"
    (seeds / "bread.txt").unlink()
    (seeds / "bread.md").write_text(front + bread, encoding="utf-8")
    build_index(seeds, tmp_path / "index", tiny)
    calibration = calibration_file(tmp_path, 0.95)
    question_worker = QuestionWorker(Searcher.open(tmp_path / "index", tiny, calibration))
    yield question_worker
    question_worker.close()


SMALL_TALK = {
    "hello": "Hi!|hiiii, how are you?|Добрий вечір, друже|Здравствуйте, есть кто?|Ghbdtn"
    "|ghbdsn!|руддщ|Здрасьте|Приветствую вас!|приветики|Вітаю вас!|привітики|Hi there!"
    "|zdravstvuyte|privet kak dela|Прывітанне|Сәлем",
    "thanks": "Thanks so much 🙏|Щиро дякую за допомогу!|Thanks for your help!"
    "|thanks for the help|Спасибо за помощь|ок, понятно, спасибо|no thanks"
    "|так, дякую|lzre.|Спасибо большое, очень помогли!|Спасибо, вы очень помогли|круто"
    "|Спасибо, помогло|Благодарю вас|спасибочки|Дякую, дуже допомогли!|Thanks, that helped a lot"
    "|spasibo|дзякуй|рахмет",
    "bye": "good night|До зустрічі!|пока|Доброї ночі"
    "|всего доброго|Всего хорошего|хорошего дня|до скорого|стоп|Гарного дня!"
    "|усього найкращого|Have a nice day|stop|poka",
    "ask": "Здравствуйте, у меня вопрос|можно вопрос?|Можна запитати?|Вітаю, маю питання"
    "|Can I ask a question?|I have a question",
    "ok": "ага|да|yes|ок|ясно, понятно|извините|зрозуміло|вибачте|ok, got it|sorry",
    "about": "Скільки тобі років?|Hello! Who are you?|What do you know?"
    "|Привіт, а хто ти такий?|Ты бот или человек?|Что это за бот?"
    "|Які статті у вас є?|Які статті є?|какие у вас статьи?"
    "|ты живой?|начать|старт|список статей|ти живий?|почати|перелік статей|are you alive?|start"
    "|list of articles",
    "help": "help|що ти вмієш?|How does the bot work?|Як ти працюєш?|Що ти вмієш робити?"
    "|Что ты умеешь делать?|Чим ти можеш допомогти?|Чем ты можешь помочь?|допомога"
    "|справка|меню|menu",
    "use": "Как этим пользоваться?|Як це працює?|How to use it?",
    "this": "Що це таке?",
    "yes_no": "Ні.|неа|не то|это не тот ответ|не помогло|це не та відповідь|не допомогло|nah"
    "|that's not it|it didn't help|це неправда|ты врёшь|I don't understand",
    "emoji": "👍🏽",
    "doubt": "really?|Really|Are you sure?|is that true?|справді?|А точно?|ти впевнений?"
    "|Ну правда?|это правда?|точно?|ты уверена?",
    "remark": "lol|not bad!|you are funny|You're so smart|haha|That was great|it works!|ха-ха"
    "|ахаха|тест|непогано|ти смішний|це смішно|оце так|ничего себе|ты смешной|как интересно",
    None: "how sad?|???|Які статті договору порушено?|Hello, how many countries joined?"
    "|Привіт! Скільки країн приєдналося?|Спасибо. А что ты знаешь о Латвии?"
    "|What do you know about Latvia?|who is Spruds|хто такий Умєров|кто|JR",
}


@pytest.mark.parametrize("kind", SMALL_TALK)
def test_small_talk_is_told_from_questions(kind: str | None) -> None:
    for said in SMALL_TALK[kind].split("|"):
        assert small_talk_in(said) == kind, said


@pytest.mark.parametrize("said", ["really!", "Шкода", "Правда", "Це правда.", "help"])
def test_the_title_of_an_article_is_asked_for(said: str) -> None:
    titles = ["Really", "«Шкода»", "Правда", "Це правда", "Help"]
    assert small_talk_in(said, titles) is None
    assert small_talk_in(f"{said} thanks", titles)


async def test_an_article_is_found_by_a_title_that_people_say(
    bot_api: BotApi, tmp_path: Path, tiny: Model
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "pravda.md").write_text("# Правда\n\nГазета выходит утром.\n", "utf-8")
    build_index(tmp_path / "seeds", tmp_path / "index", tiny)
    calibration = calibration_file(tmp_path, 0.95)
    worker = QuestionWorker(Searcher.open(tmp_path / "index", tiny, calibration))
    async with serving(bot_api, worker, tmp_path):
        assert "Газета" in (await asks(bot_api.person(language="ru"), "Правда")).text
    worker.close()


def test_a_long_line_is_no_small_talk() -> None:
    assert small_talk_in("good " * 400) is None


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Thanks! And when?", "And when?"),
        ("Ні, а де?", "а де?"),
        ("Ok, and water?", "and water?"),
        ("Можно вопрос? Сколько стран?", "Сколько стран?"),
        ("Дякую! А коли?", "А коли?"),
        ("Добре, а де?", "а де?"),
        ("Спасибо 🙏 А когда?", "А когда?"),
        ("Привіт!\nборошна скільки?", "борошна скільки?"),
        ("Thanks a lot. Great, dear bot! Who bakes it?", "Who bakes it?"),
        ("Ok, thanks, Latvia?", "Ok, thanks, Latvia?"),
        ("Hello, Dolly! Who sang it?", "Hello, Dolly! Who sang it?"),
        ("“Hello”, who sang it?", "“Hello”, who sang it?"),
        ("Good, cheap bread: where?", "Good, cheap bread: where?"),
        ("Хорошо, что Латвия помогает?", "Хорошо, что Латвия помогает?"),
        ("Коли? Дякую! А де?", "Коли? Дякую! А де?"),
        ("Hi! How are you?", "Hi! How are you?"),
    ],
)
def test_a_courtesy_before_a_question_is_left_out(said: str, asked: str) -> None:
    assert without_courtesy(said) == asked


def test_the_time_for_telling_small_talk_grows_with_the_words_alone() -> None:
    def seconds(said: str) -> float:
        return min(timeit.repeat(lambda: small_talk_in(said), number=5, repeat=3))

    for phrase in ("bye ", "пока ", "hi today "):
        few, many = (f"{phrase * number}z" for number in (5, 80 // len(phrase)))
        seconds(few)
        assert seconds(many) < 50 * seconds(few) + 0.001


@pytest.mark.parametrize(
    ("said", "credit"),
    [
        ("Who wrote this article?", "author"),
        ("Хто автор?", "author"),
        ("А кто написал эту статью?", "author"),
        ("When was it published?", "date"),
        ("Коли опублікували?", "date"),
        ("Когда вышла статья?", "date"),
        ("Who wrote Hamlet?", None),
        ("Коли вийшла Британія?", None),
        ("А когда?", None),
    ],
)
def test_who_wrote_it_and_when_is_told_from_other_questions(said: str, credit: str | None) -> None:
    assert credit_in(said) == credit


@pytest.mark.parametrize("language", LANGUAGES)
async def test_small_talk_gets_a_fitting_line_and_costs_nothing(
    bot_api: BotApi, serve: Serve, language: str
) -> None:
    texts = texts_for(language)
    fitting = {"thanks!": "welcome", "bye": "bye", "help me": "help", "👍": "only_emoji"}
    async with serve(rate_limit=1):
        person = bot_api.person(language=language)
        for said, key in (fitting | {"no": "other_words", "hi": "hello"}).items():
            answer = await asks(person, said)
            assert answer.text.split("\n")[0] in texts(key, articles=texts.count("articles", 2))
        listed = await pressed(person, texts("all_articles"), answer)
        assert listed.text.startswith(texts.count("articles_title", 2))
        assert RISE_ANSWER in (await asks(person)).text


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("How much flour is needed? And water? ", 1),
        ("How much flour is needed? And how much water is?", 2),
        ("Коли відкрили міст? Хто міський голова? Скільки ліхтарів?", 3),
        ("Хто комендант? Скільки зупинок на маршруті трамвая? Чому?", 2),
        ("How long? How wide? How much did the bridge cost?", 2),
        ("Привіт!\nСкільки треба борошна?\nЯк довго тісто підходить?\n\nДякую!", 2),
        ("Сколько нужно муки? Сколько нужно воды? Сколько нужно соли? Когда печь хлеб?", 4),
        ("It is about bread.\nHow much flour is needed?\nHow long does it rise?", 1),
        ("Who said “where do we go?” on that day?", 1),
        ("Скільки треба борошна?\nСкільки треба води? скільки треба борошна??", 2),
        ("Сколько нужно муки? Сколько нужно муки?", 1),
        ("How much flour is needed?", 1),
        ("How much flour is needed?\n" * 50, 1),
    ],
)
def test_several_questions_are_told_from_one(said: str, asked: int) -> None:
    assert len(questions_in(said)) == asked


@pytest.mark.parametrize("language", LANGUAGES)
async def test_several_questions_are_answered_one_by_one(talk: Talk, language: str) -> None:
    person = talk.server.person(language=language)
    flour, latvia = "How much flour, water and yeast?", "Which coalition does Latvia lead?"
    question = person.says(f"{flour} {RISE}\n{latvia} Who bakes the bread?")
    answers = [await person.hears() for _ in range(4)]
    assert {answer.reply_to for answer in answers} == {question.message_id}
    for answer, words in zip(answers, ("Mix flour", RISE_ANSWER, "coalition"), strict=False):
        assert words in answer.text
    assert answers[3].text == texts_for(language)("more_questions")
    turned = await pressed(person, "▶", answers[1])
    assert "2/2" in all_labels(turned)
    person.edits(question, f"{flour} {latvia}")
    assert "coalition" in (await person.sees_edit(turned)).text
    withdrawn = texts_for(language)("question_withdrawn")
    assert [(await person.sees_edit(one)).text for one in answers[2:]] == [withdrawn, withdrawn]
    assert len(await talk.all_answers(person)) == 4


@pytest.mark.parametrize("said", ["so cool", "це смішно", "вот это да"])
async def test_a_remark_after_an_answer_does_not_repeat_it(said: str, alice: Person) -> None:
    await asks(alice)
    assert RISE_ANSWER not in (await asks(alice, said)).text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Really?"), ("uk", "точно?"), ("ru", "Правда?")]
)
async def test_a_doubt_after_an_answer_is_told_where_it_stands(
    talk: Talk, language: str, said: str
) -> None:
    person, line = talk.server.person(language=language), texts_for(language)("word_for_word")
    assert (await asks(person, said)).text == line
    await asks(person)
    assert (await asks(person, said)).text == f"{line}\nHow to bake bread"


async def test_the_answers_that_did_not_arrive_are_sent_again(talk: Talk, alice: Person) -> None:
    talk.server.slow("sendMessage", 0.2)
    alice.says(f"How much flour, water and yeast? {RISE}")
    await talk.server.called("sendMessage")
    talk.server.fail("sendMessage", status=502)
    assert "Mix flour" in (await alice.hears()).text
    assert RISE_ANSWER in (await alice.hears()).text
    assert len(await talk.all_answers(alice)) == 2


@pytest.mark.parametrize("restarts", [False, True])
async def test_all_answers_that_may_be_lost_are_shown(
    bot_api: BotApi, serve: Serve, restarts: bool
) -> None:
    alice = bot_api.person()
    async with serve() as talk:
        bot_api.fail("sendMessage", status=500)
        question = alice.says(f"How much flour, water and yeast? {RISE}")
        offer = await alice.hears()
        if not restarts:
            assert "Mix flour" in (await pressed(alice, EN("show_answer"), offer)).text
            assert RISE_ANSWER in (await alice.hears()).text
        await talk.settle()
    async with serve() as talk:
        if restarts:
            assert "Mix flour" in (await pressed(alice, EN("show_answer"), offer)).text
            assert RISE_ANSWER in (await alice.hears()).text
        alice.edits(question, f"{RISE} How much flour, water and yeast?")
        assert RISE_ANSWER in (await alice.sees_edit(offer)).text
        assert len(await talk.all_answers(alice)) == 2


async def test_after_a_restart_several_answers_are_edited_in_order_and_none_is_sent_twice(
    bot_api: BotApi, serve: Serve
) -> None:
    alice = bot_api.person()
    flour, latvia = "How much flour, water and yeast?", "Which coalition does Latvia lead?"
    async with serve() as talk:
        bot_api.slow("sendMessage", 0.2)
        question = alice.says(f"{flour} {RISE}")
        await bot_api.called("sendMessage")
        bot_api.fail("sendMessage", retry_after=100)
        first = await alice.hears()
        await bot_api.called("sendMessage", 2)
        await talk.settle()
    async with serve() as talk:
        second = await alice.hears()
        assert RISE_ANSWER in second.text
        await talk.settle()
    async with serve() as talk:
        alice.edits(question, f"{latvia} {flour}")
        assert "Mix flour" in (await alice.sees_edit(second)).text
        assert "coalition" in alice.sees(first).text
        assert len(await talk.all_answers(alice)) == 2


async def test_a_caption_that_is_a_command_is_no_question(
    talk: Talk, group: Group, alice: Person
) -> None:
    for caption in ("/articles", f"/nosuch {RISE}", f"/ask@other_bot {RISE}"):
        photo = alice.sends_file("a.jpg", b"a", caption=caption)
        told = await alice.hears()
        assert (told.text, told.reply_to) == (EN("command_caption"), photo.message_id)
        alice.sends_file("a.jpg", b"a", caption=caption, chat=group)
    photo = alice.sends_file("a.jpg", b"a", caption=RISE)
    answer = await alice.hears()
    alice.edits(photo, "/articles")
    assert (await alice.sees_edit(answer)).text == EN("command_caption")
    assert await talk.all_answers(group) == []


async def test_a_caption_is_a_question_of_an_album_once(
    talk: Talk, group: Group, alice: Person
) -> None:
    for chat, caption in (
        (None, RISE),
        (group, f"/ask {RISE}"),
        (group, f"{RISE} {BOT}"),
    ):
        alice.sends_file("a.jpg", b"a", caption=caption, chat=chat)
        answer = await (chat or alice).hears()
        assert RISE_ANSWER in answer.text
    assert "2/2" in all_labels(await pressed(alice, "▶", answer, chat=group))
    for album, captions in (("12", (RISE, "", "")), ("14", ("", "", RISE))):
        for caption in captions:
            alice.sends_file("a.jpg", b"a", caption=caption, album=album)
        assert RISE_ANSWER in (await alice.hears()).text
    for name in ("d.jpg", "e.jpg"):
        alice.sends_file(name, b"a", album="13")
    assert (await alice.hears()).text == EN("not_text")
    for caption in (RISE, f"/ask@other_bot {RISE}"):
        alice.sends_file("f.jpg", b"a", caption=caption, chat=group)
    assert len(await talk.all_answers(alice)) == 4
    assert len(group.answers) == 2


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_call_without_a_question_asks_for_one(server: BotApi, language: str) -> None:
    texts, group = texts_for(language), server.group()
    person = server.person(language=language)
    for chat, said in itertools.product((None, group), ("/ask", f"/ask{BOT}", BOT)):
        call = person.says(said, chat=chat)
        prompt = await (chat or person).hears()
        assert (prompt.text, prompt.reply_to) == (texts("ask_what"), call.message_id)
        assert prompt.markup == {
            "force_reply": True,
            "selective": True,
            "input_field_placeholder": texts("ask_placeholder"),
        }
        assert RISE_ANSWER in (await asks(person, RISE, chat=chat, reply_to=prompt)).text
        person.edits(call, f"/ask {RISE}")  # the prompt itself cannot be edited
        assert RISE_ANSWER in (await (chat or person).hears()).text


@pytest.mark.parametrize(
    ("language", "who", "when", "author", "date"),
    [
        ("en", "Who wrote this?", "When was it published?", "Author of", "12 Dec 2023"),
        ("uk", "Хто автор?", "Коли опублікували?", "Автор статті", "12 груд. 2023\u202fр."),
        ("ru", "Кто автор?", "Когда опубликовали?", "Автор статьи", "12 дек. 2023\u202fг."),
    ],
)
async def test_an_answer_says_who_wrote_it_and_when_and_so_does_the_bot(
    bot_api: BotApi, serve: Serve, language: str, who: str, when: str, author: str, date: str
) -> None:
    person = bot_api.person(language=language)
    async with serve():
        answer = await asks(person)
        assert f"How to bake bread\nKyiv Post, {date}\n" in answer.text
        credit = f"{author} How to bake bread: Kyiv Post"
        assert (await asks(person, f"Ok! {who}")).text == credit
    async with serve():  # which knows it by the journal
        assert (await asks(person, when)).text.endswith(f" How to bake bread: {date}")
        answer = await pressed(person, "▶", person.sees(answer))
        assert "countries" in answer.text
        assert "Daria Shekina" in (await asks(person, who)).text
        title = "Nearly 20 countries join Latvian-led coalition for Ukraine's drones, MoD says"
        no_date = texts_for(language)("credit_no_date", title=title)
        assert (await asks(person, when)).text == no_date


async def test_who_waits_for_the_first_index_holds_up_nobody(
    question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuestionWorker, "manifest", SimpleNamespace(articles=()))
    monkeypatch.setattr(question_worker, "is_reading", True)
    waiting = [asyncio.create_task(question_worker.first_index(60)) for _ in range(30)]
    done, still = await asyncio.wait(waiting, timeout=0.05)
    assert (len(done), len(still)) == (22, 8)
    question_worker.is_reading = False
    await asyncio.wait(still, timeout=5)
    assert all(task.done() for task in still)
