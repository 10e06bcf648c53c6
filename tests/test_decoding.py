"""Bytes to text: every encoding people still have files in, and bytes that are no text."""

import gzip
import random
import struct
import unicodedata
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import UnreadableFile
from embeddings.text.decoding import clean, decode

UKRAINIAN = (
    "Міністр оборони України Рустем Умєров і його латвійський колега обговорили створення "
    "коаліції дронів.\nЇхня зустріч відбулася минулого тижня у Ґданську.\n"
)
RUSSIAN = (
    "Министр обороны и его латвийский коллега обсудили создание коалиции дронов.\n"
    "Объём помощи вырос вдвое, сообщило ведомство.\n"
)
ENGLISH = "He’s a naïve man — “thousands” of cafés knew him, and £5 bought them all.\n"
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, e) for text in (UKRAINIAN, RUSSIAN, ENGLISH, "Так.", "Hi there") for e in UNICODE),
        *((UKRAINIAN, e) for e in ("cp1251", "koi8-u", "cp1125")),
        *((RUSSIAN, e) for e in ("cp1251", "koi8-r", "koi8-u", "cp866")),
        (ENGLISH, "cp1252"),
        ("Il était une fois une forêt près du château, là où naît la rivière.", "cp1252"),
        ("The minister said it again. " * 40 + "Слава Україні, відповіли йому.", "cp1251"),
        (UKRAINIAN * 2000, "cp1251"),
        (UKRAINIAN * 2000, "utf-16-le"),
        *((text, "mac_cyrillic") for text in ("Привет", "Музей відчинено щодня.", RUSSIAN)),
        *((text, "cp1251") for text in ("Їжа: їжак з'їв ґудзик", "ПРАЙС-ЛИСТ\nЯблоко 50 грн")),
        *((text, "cp1252") for text in ("Café Müller", "Preis für Gäste: 10 €")),
        ("Привет", "iso8859-5"),
    ],
)
def test_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", [UKRAINIAN, RUSSIAN, "Так. Історія міста"])
@pytest.mark.parametrize(
    ("written", "taken_for"),
    [*(("utf-8", e) for e in ("cp1251", "cp1252", "latin-1")), ("cp1251", "latin-1")],
)
def test_letters_that_were_taken_for_others_are_restored(
    text: str, written: str, taken_for: str
) -> None:
    data = text.encode(written)
    taken = "".join(bytes((b,)).decode(taken_for, "ignore") or chr(b) for b in data)
    assert decode(taken.encode()) == text


@pytest.mark.parametrize(
    "text", ["РС та ноутбуки: РЕМОНТ", "Crème brûlée à la façon de Zürich", "Ñandú, ÐÑ", ENGLISH]
)
def test_unusual_letters_are_left_alone(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-16-be"])
def test_line_ends_of_windows_and_old_macs_are_one(encoding: str) -> None:
    text = UKRAINIAN.replace("\n", "\r\n") + UKRAINIAN.replace("\n", "\r")
    assert decode(text.encode(encoding)) == UKRAINIAN * 2


def test_utf8_that_lost_a_byte_loses_a_letter_and_not_the_article() -> None:
    data = UKRAINIAN.encode()
    for broken in (data[:-3], data[:101] + data[102:], data[:60] + b"\xff" + data[60:]):
        text = decode(broken)
        assert text.count("\N{REPLACEMENT CHARACTER}") == 1
        assert "колега обговорили створення" in text


RNG = random.Random(2024)
BINARIES = {
    "random": RNG.randbytes(5000),
    "a few random bytes": RNG.randbytes(64),
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + zlib.compress(RNG.randbytes(3000)),
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + RNG.randbytes(3000),
    "gzip": gzip.compress(UKRAINIAN.encode() * 20, mtime=1),
    "short gzip": gzip.compress(b"hello world", mtime=1),
    "zip": b"PK\x03\x04\x14\0\0\0\x08\0" + RNG.randbytes(800),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + zlib.compress(RNG.randbytes(3000)),
    "sqlite": b"SQLite format 3\0" + bytes(84) + RNG.randbytes(4000),
    "floats": struct.pack("<500d", *(RNG.random() for _ in range(500))),
    "text between zeros": b"text\0\0" * 500,
    "mostly zeros": bytes(4000) + b"a" + bytes(4000),
}


@pytest.mark.parametrize("data", BINARIES.values(), ids=BINARIES.keys())
def test_what_is_no_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not a text file") as caught:
        decode(data)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes_give_clean_text_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except UnreadableFile:
        return
    assert clean(text) == text
    text.encode()


def test_clean_leaves_nothing_that_cannot_be_seen() -> None:
    hidden = "\u200bзаго\u00adловок\u202e \u2066a\u2069\ufeff\0\x07"
    assert clean(hidden) == "заголовок a"
    assert clean("e\u0301 e\u200b\u0301 \u0439") == "é é й"
    assert clean("a\u00a0b\tc\u2003d") == "a b c d"
    assert clean("a\rb\r\nc\u2028d\x0ce") == "a\nb\nc\nd\ne"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_clean_is_idempotent_and_keeps_every_letter(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    kept = [c for c in unicodedata.normalize("NFC", text) if c.isalnum()]
    assert [c for c in once if c.isalnum()] == kept


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tob\u0456as \u0456n Vers\u0456on", "Tobias in Version"),
        ("\u041aoнституц\u0069я", "Конституція"),
        (
            "K\u0438\u0457\u0432, O\u043b\u0435\u043d\u0430, I\u0432\u0430\u043d",
            "Київ, Олена, Іван",
        ),
        ("SMS\u0443, \u0425\u0435, 5\u00a0\u043a\u0412\u0442", None),
        ("IT\u0448ник, VIP\u0430", None),
    ],
)
def test_words_are_in_one_alphabet(text: str, meant: str | None) -> None:
    assert clean(text) == (meant or text.replace("\u00a0", " "))
