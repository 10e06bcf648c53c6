"""Copies and versions of a passage: shown once, with all places, and none hides another."""

from pathlib import Path

import pytest

from embeddings import differences, disagree
from embeddings.search.answer import Hit
from embeddings.search.search import Searcher
from tests.conftest import tiny_model
from tests.test_ranking import built

RULE = (
    "Whoever rents a boat from the club pays {fee} crowns a day, and brings it back to the pier "
    "before the lighthouse is lit. Oars, ropes and the little anchor are part of the boat and "
    "stay in it. A boat that comes back wet inside is dried by the one who rented it{more}.\n"
)
QUESTION = "What does one pay the club a day for a boat?"


def first_of(folder: Path, articles: dict[str, str], question: str = QUESTION) -> tuple[Hit, int]:
    searcher = Searcher.open(built(folder, articles), tiny_model())
    hits = searcher.search(question).passages
    return hits[0], len(hits)


def rule(fee: str, more: str = "") -> str:
    return f"Rules\n\n{RULE.format(fee=fee, more=more)}"


def test_a_copy_is_named_once_with_its_places(tmp_path: Path) -> None:
    text = RULE.format(fee="40", more="")
    other = f"# Club\n\n## Boats\n\n{text}\n## Hours\n\nThe club opens at dawn.\n"
    hit, hits = first_of(tmp_path, {"a.md": f"# Rules\n\n{text}", "b.md": other})
    assert hits == 2
    assert {hit.passage.article, *(also.source.path for also in hit.also)} == {"a.md", "b.md"}
    assert hit.also[0].passage.text == hit.passage.text
    assert hit.also[0].passage_key


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (QUESTION, "rules-2024.txt"),
        (f"{QUESTION} It was 40 crowns.", "rules-2019.txt"),
        (f"{QUESTION} In 2021?", "rules-2021-05.txt"),
    ],
    ids=["newest", "the number that is asked for", "the year that is asked for"],
)
def test_versions_are_one_entry_that_shows_all(tmp_path: Path, question: str, first: str) -> None:
    fees = {"rules-2019.txt": "40", "rules-2021-05.txt": "55", "rules-2024.txt": "70"}
    hit, hits = first_of(tmp_path, {path: rule(fee) for path, fee in fees.items()}, question)
    assert hits == 1
    assert hit.passage.article == first
    assert hit.highlight is not None
    assert fees[first] in hit.highlight.text
    others = sorted((path for path in fees if path != first), reverse=True)
    assert [also.source.path for also in hit.also] == others
    assert all(fees[also.source.path] in also.passage.text for also in hit.also)


def test_versions_may_differ_in_every_number(tmp_path: Path) -> None:
    fees = (
        "A visit costs {} crowns with the doctor, {} with the surgeon and {} with the dentist; "
        "a second visit within {} days is free of charge.\n"
    )
    texts = {"2023.txt": fees.format(550, 800, 950, 14), "2024.txt": fees.format(600, 900, 990, 10)}
    hit, hits = first_of(tmp_path, texts, "What does the surgeon cost?")
    assert hits == 1
    assert hit.passage.article == "2024.txt"
    assert [also.source.path for also in hit.also] == ["2023.txt"]


def test_undated_passages_of_one_form_may_be_about_two_things(tmp_path: Path) -> None:
    route = "Bus {} leaves from the central station at {} every day and stops at the old market.\n"
    texts = {"a.txt": route.format(12, "7:40"), "b.txt": route.format(47, "9:10")}
    assert first_of(tmp_path, texts, "When does the bus leave?")[1] == 2


def test_short_passages_with_other_numbers_are_no_versions(tmp_path: Path) -> None:
    texts = {
        "a.txt": "Call the office: 555 0142.",
        "b.txt": "Call the office: 555 0199.",
    }
    assert first_of(tmp_path, texts, "How can I call the office?")[1] == 2


def test_what_one_article_says_of_two_things_stays_two_hits(tmp_path: Path) -> None:
    pages = "".join(f"## {town}\n\n{RULE.format(fee=fee, more='')}\n" for town, fee in TOWNS)
    hit, hits = first_of(tmp_path, {"a.md": f"# Rules\n\n{pages}"})
    assert (hits, hit.also) == (2, ())


TOWNS = (("Riga", "40"), ("Kyiv", "55"))


@pytest.mark.parametrize(
    ("text", "other", "differing"),
    [
        ("It costs 1 250 crowns.", "It costs 900 crowns.", (["1 250"], ["900"])),
        ("It will open.", "It will not open.", ([], ["not"])),
        ("Same, words!", "same words", ([], [])),
        ("Open on 3 May, 9:00", "Open on 4 June, 9:00", (["3 May"], ["4 June"])),
        ("", "a", ([], ["a"])),
    ],
)
def test_differences(text: str, other: str, differing: tuple[list[str], list[str]]) -> None:
    spans, others = differences(text, other)
    assert ([text[a:b] for a, b in spans], [other[a:b] for a, b in others]) == differing


@pytest.mark.parametrize(
    ("text", "other", "says_otherwise"),
    [
        ("A bicycle left at the gate is kept.", "A bicycle parked at the gate is kept.", False),
        ("Left bicycles are kept.", "Parked bicycles are kept.", False),
        ("Велосипед лишають біля входу.", "Велосипед ставлять біля входу.", False),
        ("Пакет оставляют у входа.", "Пакет кладут у входа.", False),
        ("The gate is open.", "The gate is not open.", True),
        ("Das Tor ist auf.", "Das Tor ist nicht auf.", True),
        ("It costs 5 euros.", "It costs 6 euros.", True),
        ("Приём в понедельник.", "Приём в пятницу.", True),
        ("Прийом зранку.", "Прийом увечері.", True),
        ("Можна взяти дві книжки.", "Можна взяти три книжки.", True),
        ("Вхід вільний.", "Вхід платний.", True),
        ("Ask Ann Bell.", "Ask Bob Bell.", True),
        ("The water is warm.", "The water is cold.", True),
        ("Turn left there.", "Turn right there.", True),
        ("It is big. Visitors may enter.", "It is big. No visitors may enter.", True),
        ("Цей захід вдалий.", "Цей схід вдалий.", False),
        ("The hotel is big.", "The coolant is big.", False),
        ("Keep the key.", "Keep the old wooden box shut with the key.", True),
    ],
)
def test_versions_agree_where_a_word_stands_for_another(
    text: str, other: str, says_otherwise: bool
) -> None:
    assert disagree(text, other, 0, len(text)) is says_otherwise
    before = "It cost 7 then. "
    assert disagree(before + text, other, len(before), len(before + text)) is says_otherwise
