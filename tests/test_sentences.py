"""Where sentences end, in three languages, and what holds of any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.text.sentences import sentence_spans, sentences_of, strip

ENGLISH = [
    ["Dr. Smith arrived at 5 p.m. on Friday.", "He was late."],
    ["J. R. R. Tolkien wrote it.", "It took years."],
    ["The U.S. Army bought 1,000 drones.", "They cost $2.5 million."],
    ["It grew by 0.85% in 2023.", "In 2024 it fell."],
    ['"Is it late?" she asked.', "He did not answer."],
    ["He said: “We are ready.”", "Then he left."],
    ["See Fig. 3 and Table 2.", "They agree."],
    ["Mr. and Mrs. Jones live in St. Andrews.", "They moved there in Jan. 2020."],
    ["Some animals, e.g. bees, i.e. insects, dance.", "Others do not."],
    ["Really?!", "Yes!"],
    ["Version 2.0.1 is out.", "Download it from example.org today."],
    ["Apple Inc. sold it to Ford Motor Co. in May.", "Nobody knew."],
    ["The meeting is on Dec. 12, 2023.", "Bring No. 5."],
    ["No.", "He won.", "3 people saw it.", "Go.", "Now."],
    ["He waited… and waited.", "Nothing came."],
]
UKRAINIAN = [
    ["Договір підписали 12 груд. 2023 р. у Києві.", "Він діє п'ять років."],
    ["Музей ім. Т. Г. Шевченка відчинено.", "Вхід вільний."],
    ["Завод виготовив 300 тис. дронів за 2,5 млрд грн.", "Це рекорд."],
    ["Він мешкає на вул. Хрещатик, буд. 5, кв. 12.", "Там тихо."],
    ["Зустріч о 10.30 у м. Львів.", "Приходьте всі."],
    ["«Ми готові», — сказав міністр.", "Потім він пішов."],
    ["Див. рис. 3 та табл. 2.", "Вони збігаються."],
    ["Проф. Іваненко і д-р Петренко прибули.", "Їх чекали."],
    ["У 2023 р. виробництво зросло.", "У 2024 р. воно подвоїлося."],
    ["Чому?", "Бо так!"],
    ["Ні.", "Так.", "Це наш дім.", "5 років ми тут."],
    ["Див. розд. 4, с. 12, т. 3.", "Далі — ч. 2."],
    ["Птахи, риби тощо живуть тут.", "Їх багато."],
]
RUSSIAN = [
    ["Договор подписали 12 дек. 2023 г. в Киеве.", "Он действует пять лет."],
    ["А. С. Пушкин родился в 1799 г. в Москве.", "Он писал стихи."],
    ["Завод выпустил 300 тыс. дронов за 2,5 млрд руб.", "Это рекорд."],
    ["Он живёт на ул. Садовой, д. 5, кв. 12.", "Там тихо."],
    ["См. рис. 3 и табл. 2.", "Они совпадают."],
    ["«Мы готовы», — сказал министр.", "Потом он ушёл."],
    ["Смотри, т. е. читай, и т. д. до конца.", "Потом пиши."],
    ["Проф. Иванов и др. учёные прибыли.", "Их ждали."],
    ["Да.", "Нет.", "Он ушёл.", "2 года его ждали."],
    ["Родился 5 янв. 1900 г. в селе.", "См. гл. 5, стр. 12."],
    ["Почему?", "Потому что так!"],
    ["Рост составил 0,85 % к 2022 г., т.е. почти ничего.", "Все молчали."],
]
CASES = [
    *((case, "en") for case in ENGLISH),
    *((case, "uk") for case in UKRAINIAN),
    *((case, "ru") for case in RUSSIAN),
]


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(("expected", "language"), CASES, ids=[case[0][0][:40] for case in CASES])
def test_sentences(expected: list[str], language: str) -> None:
    assert sentences(" ".join(expected), language) == expected


def test_a_line_break_always_ends_a_sentence() -> None:
    assert sentences("first line\nsecond line", "en") == ["first line", "second line"]
    assert sentences("12 груд.\n2023 рік", "uk") == ["12 груд.", "2023 рік"]


@pytest.mark.parametrize("language", ["und", "xx", "", "ko", "la"])
def test_a_language_without_rules_is_split_as_english(language: str) -> None:
    assert sentences("It is late. We wait.", language) == ["It is late.", "We wait."]


def test_spaces_before_a_sentence_are_in_none() -> None:
    assert sentences("  One.   Two.  \n", "en") == ["One.", "Two."]


@pytest.mark.parametrize(("unit", "language"), [("A. ", "en"), ("a. ", "de"), ("1. ", "nl")])
def test_a_line_of_initials_takes_no_longer_than_any(unit: str, language: str) -> None:
    sentence_spans("The rules are read first.", language)
    started = time.process_time()
    sentence_spans(unit * 600, language)
    assert time.process_time() - started < 2  # it was half a minute


@pytest.mark.parametrize("unit", ["word ", "a", "…", "?", ".", '."', ")."])
def test_a_line_without_an_end_is_one_sentence_found_in_time(unit: str) -> None:
    sentence_spans("The rules are read first.", "en")
    text = (unit * 50_000).strip()
    started = time.process_time()
    assert sentence_spans(text, "en") == [(0, len(text))]
    assert time.process_time() - started < 2


def test_what_translators_mark_begins_a_sentence() -> None:
    """The library tries this rule at every character; here it is searched for."""
    assert sentences("one<0}two<0} three", "en") == ["one", "<0}two", "<0} three"]


def test_paragraphs_of_an_article_do_not_see_each_other() -> None:
    text = "Це м.\n\n Київ. Так.\n \nі все"
    found = [text[start:end] for start, end in sentences_of(text, "uk")]
    assert found == ["Це м.", "Київ.", "Так.", "і все"]
    assert sentences_of(" \n\n ", "uk") == ()


TEXTS = st.text(
    st.one_of(
        st.sampled_from("абвґєіїяАЇЄЯыэъ abcXYZ.,!?…«»\"'“”()-—:;0123456789\n\t "),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
)


@given(TEXTS, st.sampled_from(["en", "uk", "ru", "de", "zh", "und"]))
@settings(max_examples=80)
def test_spans_are_in_order_apart_and_cover_all_but_space(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    position = 0
    for start, end in spans:
        assert start < end
        assert not text[position:start].strip()
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        position = end
    assert not text[position:].strip()


@given(TEXTS)
def test_strip_agrees_with_str_strip(text: str) -> None:
    start, end = strip(text, (0, len(text)))
    assert text[start:end] == text.strip()
