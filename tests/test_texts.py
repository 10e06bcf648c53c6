"""Texts: complete in three languages, valid for Telegram, right in number."""

import re
import string
from importlib import resources

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.texts import LANGUAGES, texts_for
from bot.views.commands import ADMIN_COMMANDS, COMMANDS
from tests.test_render import read_html


def catalogue(language: str) -> Catalog:
    with resources.files("bot.locales").joinpath(f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> dict[str, Message]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in catalogue(language)
        if message.id
    }


def forms(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(map(str, string)) if isinstance(string, (tuple, list)) else (str(string),)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_there_in_every_form(language: str) -> None:
    english = messages("en")
    own = messages(language)
    assert own.keys() == english.keys()
    for key, message in own.items():
        assert all(form.strip() for form in forms(message)), key
        assert not message.fuzzy
        assert message.pluralizable == english[key].pluralizable
        if message.pluralizable:
            assert len(forms(message)) == catalogue(language).num_plurals


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_the_same_fields_as_the_english_one(language: str) -> None:
    for key, message in messages(language).items():
        expected = fields(forms(messages("en")[key])[0])
        assert all(fields(form) == expected for form in forms(message)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_valid_html_within_the_limits(language: str) -> None:
    for key, message in messages(language).items():
        for form in forms(message):
            text = re.sub(r"</?i>", "", form)
            assert len(read_html(text)) <= 4096, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_fit_the_menu_and_stand_in_the_help(language: str) -> None:
    texts = texts_for(language)
    for help_text, commands in (("help", COMMANDS), ("help_admin", ADMIN_COMMANDS)):
        for command in commands:
            assert 1 <= len(texts(f"command_{command}")) <= 256
            assert f"/{command}" in texts(help_text)


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_translations_are_translated(language: str) -> None:
    english = messages("en")
    for key, message in messages(language).items():
        assert forms(message) != forms(english[key]), key
        letters = re.sub(
            r"<[^>]+>|\{\w+\}|/\w+|@\w+|TELEGRAM_BOT_TOKEN|Ctrl-D", "", forms(message)[0]
        )
        assert re.search("[а-яіїєґ]", letters), key


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", 1, "1 article"),
        ("en", 2, "2 articles"),
        ("uk", 1, "1 стаття"),
        ("uk", 3, "3 статті"),
        ("uk", 5, "5 статей"),
        ("uk", 11, "11 статей"),
        ("uk", 21, "21 стаття"),
        ("ru", 1, "1 статья"),
        ("ru", 24, "24 статьи"),
        ("ru", 112, "112 статей"),
        ("ru", 0, "0 статей"),
    ],
)
def test_numbers_take_their_form(language: str, number: int, expected: str) -> None:
    assert texts_for(language).count("articles", number) == expected


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("uk", "uk"),
        ("uk-UA", "uk"),
        ("ru_RU.UTF-8", "ru"),
        ("RU", "ru"),
        ("de", "en"),
        ("be", "ru"),
        ("kk-KZ", "ru"),
        (None, "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_is_taken(code: str | None, language: str) -> None:
    assert texts_for(code).language == language


def test_languages_and_numbers_are_written_as_each_language_has_them() -> None:
    assert [texts_for(code).language_name("uk") for code in LANGUAGES] == [
        "Ukrainian",
        "українська",
        "украинский",
    ]
    assert texts_for("en").language_name("und") == texts_for("en")("unknown_language")
    assert texts_for("en").language_name("zz") == "zz"
    assert [texts_for(code).decimal(1.25) for code in LANGUAGES] == ["1.2", "1,2", "1,2"]


def test_a_missing_key_is_an_error_and_never_shown() -> None:
    with pytest.raises(KeyError):
        texts_for("en")("no_such_text")
