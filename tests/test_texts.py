"""Texts: complete in three languages, valid for Telegram, right in number."""

import ast
import inspect
import re
import string
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.texts import LANGUAGES, texts_for
from bot.views.admin_reports import failure_report
from bot.views.commands import ADMIN_COMMANDS, COMMANDS
from embeddings import errors
from embeddings.index import manifest
from embeddings.translatable import Translatable, from_json, to_json
from tests.conftest import ROOT
from tests.test_render import read_html


def catalogue(name: str) -> Catalog:
    with resources.files("bot.locales").joinpath(f"{name}.po").open("rb") as file:
        return read_po(file, locale=name[-2:], abort_invalid=True)


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
def test_every_text_is_there_in_every_form_as_valid_html_with_its_fields(language: str) -> None:
    english, own = messages("en"), messages(language)
    assert own.keys() == english.keys()
    for key, message in own.items():
        assert not message.fuzzy
        assert message.pluralizable == english[key].pluralizable
        if message.pluralizable:
            assert len(forms(message)) == catalogue(language).num_plurals
        expected = fields(forms(english[key])[0])
        for form in forms(message):
            assert form.strip(), key
            assert fields(form) == expected, key
            assert len(read_html(re.sub(r"</?i>", "", form))) <= 4096, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_fit_the_menu_and_stand_in_the_help(language: str) -> None:
    texts = texts_for(language)
    for help_text, commands in (("help", COMMANDS), ("help_admin", ADMIN_COMMANDS)):
        for command in commands:
            assert 1 <= len(texts(f"command_{command}")) <= 256
            assert f"/{command}" in texts(help_text)
    for label in ("more_context", "less_context", "open_article", "show_page"):
        assert texts(label) in texts("help")
    assert all(words in texts("help") for words in ("@", "👍", "1/3", "?"))


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
    ("language", "expected"),
    [
        ("en", "1 article|2 articles"),
        ("uk", "1 стаття|3 статті|5 статей|11 статей|21 стаття"),
        ("ru", "1 статья|24 статьи|112 статей|0 статей"),
    ],
)
def test_numbers_take_their_form(language: str, expected: str) -> None:
    for text in expected.split("|"):
        assert texts_for(language).count("articles", int(text.split()[0])) == text


@pytest.mark.parametrize(
    ("codes", "language"),
    [
        (("uk", "uk-UA"), "uk"),
        (("ru_RU.UTF-8", "RU", "be", "kk-KZ"), "ru"),
        (("de", None, ""), "en"),
    ],
)
def test_the_nearest_language_is_taken(codes: tuple[str | None, ...], language: str) -> None:
    assert {texts_for(code).language for code in codes} == {language}


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


PEOPLE_SEE = ("articles", "index", "readers", "storage", "text")
"""The packages that say why a file was not read, or the articles were not changed."""
SAYING = {"Translatable", "super().__init__"} | {
    name
    for name, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, errors.SeedsError | errors.EditingError)
}


def templates() -> Iterator[tuple[str, str]]:
    """Give each template of the library with the place where it stands."""
    for package in PEOPLE_SEE:
        for path in sorted((ROOT / "embeddings" / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) not in SAYING:
                    continue
                given = node.args[0] if node.args else None
                assert not isinstance(given, ast.JoinedStr), f"{path}: {ast.unparse(given)}"
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value, str(path)


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_what_the_library_says_of_files_is_translated(language: str) -> None:
    found = {text: path for text, path in templates() if re.sub(r"\{\w+\}", "", text).strip(":; ")}
    own = messages(f"embeddings.{language}")
    assert len(found) > 50
    assert own.keys() == found.keys(), own.keys() ^ found.keys()
    for template, message in own.items():
        assert fields(str(message.string)) == fields(template)
        assert re.search("[а-яіїєґ]", str(message.string))


def test_a_reason_is_said_in_each_language_with_its_numbers_and_reasons_within() -> None:
    inner = Translatable("larger than {size} MB", size=64)
    named = Translatable("{path}: {reason}", path="a{b}.txt", reason=inner)
    error = errors.SeedsError(
        "None of the files could be read ({number}). {reasons}", number=12345, reasons=named
    )
    english = "None of the files could be read (12,345). a{b}.txt: larger than 64 MB"
    assert str(error) == texts_for("en").translated(error.message) == english
    ukrainian = texts_for("uk").translated(error.message)
    assert ukrainian.replace("\xa0", " ") == (
        "Не вдалося прочитати жодного файлу (усього їх 12 345). a{b}.txt: файл більший за 64 МБ"
    )
    assert texts_for("uk").translated(from_json(to_json(error.message))) == ukrainian
    assert texts_for("uk").translated("as it was") == "as it was"


def test_a_manifest_keeps_what_can_be_translated_and_reads_what_an_older_one_says(
    tmp_path: Path,
) -> None:
    reason = Translatable("larger than {size} MB", size=64)
    model = manifest.ModelEntry("m", "d", 3)
    article = manifest.ArticleEntry("a", "0", "A", "en", 1, (reason, "plain"))
    skipped = tuple(manifest.SkippedEntry("b", None, text) for text in (reason, "plain"))
    written = manifest.Manifest("", model, "", (article,), skipped, {})
    (tmp_path / "manifest.json").write_text(manifest.dump(written), encoding="utf-8")
    loaded = manifest.load(tmp_path / "manifest.json")
    assert loaded == written
    for kept in (loaded.articles[0].warnings[0], loaded.skipped[0].reason):
        assert texts_for("ru").translated(kept) == "файл больше 64 МБ"


@pytest.mark.parametrize("language", ["uk", "ru"])
@pytest.mark.parametrize(
    "name", sorted(set(dir(errors)) & set(re.findall(r"\w+", errors.__doc__ or "")))
)
def test_no_error_reaches_an_admin_in_english(name: str, language: str) -> None:
    error = getattr(errors, name)("an English sentence in {folder}", folder="тека")
    said = failure_report(error, texts_for(language))
    is_said = isinstance(error, errors.SeedsError | errors.EditingError)
    assert "English" not in said or is_said  # those are all translated
    assert re.search("[а-яіїєґ]{5}", said)
