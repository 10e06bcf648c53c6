"""Cyrillic that was taken for Latin letters is restored, and real Latin text is left alone."""

import pytest

from embeddings.text.mojibake import decoded_from_t2a, is_garbled, repaired

RUSSIAN = "Устав товарищества. Взносы уплачиваются дважды в год, до мая, и составляют сто рублей."
UKRAINIAN = "Змагання тривають три дні, і кожен спортсмен бере участь щонайменше у двох її видах."


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN])
@pytest.mark.parametrize(
    ("meant", "taken"),
    [
        ("cp1251", "cp1252"),
        ("koi8_u", "cp1252"),
        ("mac_cyrillic", "mac_roman"),
        ("mac_cyrillic", "cp1252"),
    ],
)
def test_cyrillic_taken_for_latin_is_restored(text: str, meant: str, taken: str) -> None:
    wrong = "".join(bytes((b,)).decode(taken, "ignore") or chr(b) for b in text.encode(meant))
    assert wrong != text
    assert repaired(wrong) == text
    assert repaired(f"Version 2: {wrong}") == f"Version 2: {text}"


T2A = {"ї": "\xa8", "є": "\xb9", "ґ": "\xa0", "ё": "\xbc", "«": "\xbe", "»": "\xbf", "і": "i",
       "І": "I", "—": "\x16"}  # fmt: skip
"""As in texlive's T2Auni.map, with the Latin i."""


def in_t2a(text: str) -> str:
    """Return Cyrillic text as TeX's fonts have it, read as Latin-1."""
    return "".join(
        T2A.get(letter) or (letter.encode("cp1251").decode("latin-1")) for letter in text
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{UKRAINIAN} Її ґудзик — це «окраса», що є в Євгена й Інни.",
        "Всё «товарищество» платит взносы — и делает это дважды в год.",
        "Всі учасники — і жінки, і чоловіки.",
    ],
)
def test_the_fonts_of_tex_are_read(text: str) -> None:
    wrong = in_t2a(text.replace("Її", "її").replace("Євгена", "євгена"))
    assert decoded_from_t2a(wrong).lower() == text.lower()


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN, f"«{UKRAINIAN}» № 5"])
def test_windows_1251_is_not_taken_for_the_fonts_of_tex(text: str) -> None:
    wrong = text.encode("cp1251").decode("latin-1")
    assert decoded_from_t2a(wrong) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "",
        RUSSIAN,
        "Café déjà vu : l'été à Paris, où naïve Noël fête ; ça va être très bien.",
        "Größe über alles, Äpfel, Öl, Straße",
        "Zażółć gęślą jaźń; źdźbło żółw",
        "Það er íslenska: ár, öld, ó já, í ám",
        "Đây là tiếng Việt, ạ được ố ệ ở ữ ị đó",
        "Ελληνικά: η θάλασσα και ο ουρανός",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert repaired(text) == text
    assert decoded_from_t2a(text) == text


def test_letters_that_form_no_words_are_garbled() -> None:
    english = "The ferry leaves at noon from the pier and carries those who have paid their fare. "
    shifted = "".join(chr(ord(c) - 29) if c.isalpha() else c for c in english)
    assert is_garbled(shifted * 2)
    assert is_garbled(UKRAINIAN.encode("cp1251").decode("latin-1"))
    assert not any(map(is_garbled, (english * 2, RUSSIAN * 2, UKRAINIAN * 2, shifted[:20], "")))
