"""Questions typed in the wrong keyboard layout are understood; all others stay as they are."""

from pathlib import Path

import pytest

from embeddings.model.encoder import Model
from embeddings.search.search import Searcher
from embeddings.text.keyboard import as_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lt pyf[jlbnmcz vfufpby", "де знаходиться магазин"),
        ("ult yf[jlbncz vfufpby&", "где находится магазин?"),
        ("Crskmrb rjine' [ks,?", "Скільки коштує хліб?"),
        ("Ghbdsn", "Привіт"),
        ("црут вщуы еру дшикфкн щзут?", "when does the library open?"),
        ("црут вщуі еру дшикфкн щзут?", "when does the library open?"),
        ("j,sl", "обід"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert as_meant(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "When does the library open?",
        "Коли відчиняється бібліотека?",
        "Когда открывается библиотека?",
        "Wie lange ist die Bibliothek geöffnet?",
        "¿Cuánto cuesta un billete?",
        "Kiedy otwiera się biblioteka?",
        "skilky koshtuye kvytok",
        "asdf qwer zxcv",
        "ABC-123",
        "Nvidia Qwen GPT",
        "Шжавр Гжицький",
        "日本語",
        "https://example.org/a?b=c",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert as_meant(text) is None


def test_the_answer_says_how_the_question_was_understood(index: Path, tiny: Model) -> None:
    searcher = Searcher.open(index, tiny)
    typed, meant = "рщц ещ ифлу икуфв", "how to bake bread"
    answer = searcher.search(typed)
    assert (answer.question, answer.understood) == (typed, meant)
    assert answer.passages == searcher.search(meant).passages
    assert answer.to_json()["understood"] == meant
    assert "understood" not in searcher.search(meant).to_json()
