"""Which language a text is in: long ones as they are, short ones with some help."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.text import language
from embeddings.text.language import UNKNOWN, detect
from tests.conftest import ARTICLE

LONG = {
    "en": "The keepers of the lighthouse wrote down the weather four times a day, and on the "
    "first of January they sent their books to the office in the capital, where no one read them.",
    "uk": "Міністр оборони розповів, що коаліція дронів об’єднає майже двадцять країн, і що перші "
    "безпілотники буде передано вже навесні, після того як союзники узгодять умови поставок.",
    "ru": "Городской музей открыл выставку карт семнадцатого века, на которой собраны листы из "
    "частных коллекций; самые старые из них никогда прежде не показывали широкой публике.",
    "de": "Der alte Leuchtturm wurde von einer Firma gebaut, die noch nie einen gebaut hatte, "
    "und stand vierzig Jahre lang ohne eine einzige Reparatur an der Küste der Nordsee.",
    "pl": "Rada miasta zagłosowała za nową nazwą ulicy po dyskusji, która trwała trzy wieczory, "
    "a sklepikarze pytali, kto zapłaci za wszystkie nowe szyldy i pieczątki w mieście.",
}


@pytest.mark.parametrize("language", LONG)
def test_a_text_is_in_its_language(language: str) -> None:
    assert detect(LONG[language]) == language
    assert detect(LONG[language], ["uk", "de"]) == language


def test_the_owners_article_is_english() -> None:
    assert detect(ARTICLE.read_text(encoding="utf-8")) == "en"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many countries joined?", "en"),
        ("Who is Spruds?", "en"),
        ("hi", "en"),
        ("drones", "en"),
        ("Скільки країн приєдналося?", "uk"),
        ("Хто такий Умєров?", "uk"),
        ("дякую", "uk"),
        ("Сколько стран присоединилось?", "ru"),
        ("Кто эти люди?", "ru"),
        ("что это", "ru"),
        ("ЧТО ЭТО ЗА МУЗЕЙ", "ru"),
        ("СКІЛЬКИ КРАЇН", "uk"),
        ("де померла Грицак", "uk"),
        ("хто виграв тендер на ремонт моста?", "uk"),
        ("где живёт автор", "ru"),
        ("кто автор", "ru"),
        ("Погода в Рио-де-Жанейро", "ru"),
        ("Занятия тай чи для начинающих", "ru"),
        ("Who is the mayor of Київ?", "en"),
    ],
)
def test_a_question_is_in_its_language(question: str, language: str) -> None:
    assert detect(question) == language
    assert detect(question, ["en", "uk", "ru"]) == language


@pytest.mark.parametrize("text", ["", "?", "595", "🎉🎉", " \n", "a", "12.12.2023 — 10:30"])
def test_without_words_nothing_can_be_told(text: str) -> None:
    assert detect(text) == UNKNOWN


@pytest.mark.parametrize(
    ("question", "likely", "expected"),
    [
        ("Kur atrodas muzejs?", ["lv"], {"lv"}),
        ("Unde este muzeul?", ["ro"], {"ro"}),
        ("дрон", ["ru"], {"ru", "uk"}),
        ("дрон", ["uk"], {"uk"}),
    ],
)
def test_a_short_text_is_likely_in_the_articles_language(
    question: str, likely: list[str], expected: set[str]
) -> None:
    assert detect(question, likely) in expected


def test_letters_decide_between_ukrainian_and_russian() -> None:
    assert detect("Ґанок і їжак") == "uk"
    assert detect("объём, ёлка, мышь, это") == "ru"


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert detect(LONG["uk"] * 30 + LONG["en"] * 3000) == "uk"


@given(st.text(max_size=300), st.lists(st.sampled_from(["en", "uk", "ru", "de", "und", "xx"])))
@settings(max_examples=60)
def test_any_text_gets_a_code_that_fits_its_place_on_disk(text: str, likely: list[str]) -> None:
    code = detect(text, likely)
    assert 2 <= len(code) <= 3
    assert code.isascii()
    assert code == detect(text, likely)


def test_the_mapped_model_says_what_the_library_says() -> None:
    theirs, ours = language._library_model(), language._identifier()
    for text in ("Прывітанне, як справы?", "Good morning", "Як справи, друже?", "καλημέρα", "x"):
        assert ours.rank(text) == theirs.rank(text)


def test_where_nothing_can_be_kept_the_library_loads_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a file"
    place.write_text("no directory")
    monkeypatch.setenv("MODEL_DIR", str(place))
    assert language._identifier.__wrapped__().rank("Good morning, everybody")[0][0] == "en"


def test_a_damaged_model_is_unpacked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_DIR", str(tmp_path))
    for _ in range(2):
        identifier = language._identifier.__wrapped__()
        assert identifier.rank("Good morning, everybody")[0][0] == "en"
        (path,) = tmp_path.glob("language-*/language.nextmove.npy")
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data[: len(data) // 2])
