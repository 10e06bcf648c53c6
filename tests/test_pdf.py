"""PDF: pages, paragraphs, headings and titles as a reader of the paper would see them."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles.article import Article, page_at
from embeddings.articles.passage import split
from embeddings.errors import UnreadableFile
from embeddings.readers import parse
from tests.conftest import ROOT, TinyEncoder
from tests.paper import LEADING, LEFT, TOP, Print, centre, set_text, write_pdf
from tests.test_formats import assert_whole as assert_whole_text

SPORT = ROOT.parent / "shared" / "eval" / "unlp-sport" / "seeds"

LONG = (
    "The competition lasts three days, and every athlete takes part in at least two of the events "
    "that the organisers have announced. Whoever comes late to the weighing is not admitted."
)
OTHER = (
    "Judges are appointed by the federation. They wear white, stand beside the mat and raise a "
    "flag as soon as a point is scored, so that the secretary can write it down."
)
UKRAINIAN = (
    "Змагання тривають три дні, і кожен спортсмен бере участь щонайменше у двох видах програми, "
    "які оголосили організатори. Хто запізнився на зважування, до змагань не допускається."
)


def read(*pages: list[Print], **options: object) -> Article:
    return parse(write_pdf(pages, **options), "rules.pdf")  # type: ignore[arg-type]


def paragraphs(article: Article) -> list[str]:
    return article.text.split("\n\n") if article.text else []


def outline(article: Article) -> list[tuple[int | None, tuple[str, ...]]]:
    """The page on which each section begins, and its headings."""
    return [(page_of(article, section.start), section.headings) for section in article.sections]


def page_of(article: Article, position: int) -> int | None:
    page = page_at(article.pages, position)
    return page.number if page else None


def page_numbers(article: Article) -> list[int]:
    return [page.number for page in article.pages]


def stack(*texts: str, x: float = LEFT) -> list[Print]:
    return [Print(text, x, TOP - number * LEADING) for number, text in enumerate(texts)]


def assert_whole(article: Article) -> None:
    """What every article promises, and what one with pages does."""
    assert_whole_text(article)
    numbers = page_numbers(article)
    assert numbers == sorted(set(numbers))
    assert article.pages[0].start == 0


def test_each_page_is_a_section_of_its_own() -> None:
    article = read(set_text(LONG), [], set_text(OTHER), set_text(UKRAINIAN))
    assert page_numbers(article) == [1, 3, 4]
    assert paragraphs(article) == [LONG, OTHER, UKRAINIAN]
    assert_whole(article)


def test_a_passage_knows_its_page() -> None:
    encoder = TinyEncoder()
    article = read(set_text(LONG), set_text(OTHER))
    passages = split(article, encoder.count_tokens, encoder.max_tokens)
    assert [(passage.page, passage.text) for passage in passages] == [(1, LONG), (2, OTHER)]


@pytest.mark.parametrize("columns", [40, 60, 78])
def test_wrapped_lines_are_joined(columns: int) -> None:
    article = read(set_text(LONG, OTHER, LONG, columns=columns))
    assert paragraphs(article) == [LONG, OTHER, LONG]


def test_paragraphs_without_indents_are_told_by_their_distance() -> None:
    lines = set_text(LONG, indent=0)
    article = read(lines + set_text(OTHER, indent=0, y=lines[-1].y - 2 * LEADING))
    assert paragraphs(article) == [LONG, OTHER]


def test_items_of_a_list_are_paragraphs() -> None:
    items = ["1) a coach;", "2) a doctor who has worked with athletes for at least five years;",
             "3) two judges."]  # fmt: skip
    article = read(set_text("Each team has:", *items))
    assert paragraphs(article) == ["Each team has:", *items]


def test_a_number_that_a_wrapped_line_happens_to_begin_with_is_no_item() -> None:
    lines = stack(
        "The sizes of the mat and of everything that lies on it are in table", "2. Judges"
    )
    assert len(paragraphs(read([*lines, *set_text(LONG, y=600)]))) == 3
    full = stack(
        "The sizes of the mat, its colour and everything that lies on it are given in section",
        "2. They are checked by the judges before the competition.",
    )
    assert len(paragraphs(read(full))) == 1


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "joined"),
    [
        ("the rules of the compe-", "tition are read.", "a competition", "competition are"),
        ("a well-", "known judge is there.", "a well-known doctor", "well-known judge"),
        ("the infor-", "mation is given.", "nothing", "the information is"),
        ("a zorp-", "blatt judge is there.", "nothing", "zorp-blatt judge"),
        ("the town of Baden-", "Baden is near.", "nothing", "Baden-Baden is"),
        ("the years 1998-", "2004 were good.", "nothing", "1998-2004 were"),
        ("a rule – that is,", "nearly a law.", "nothing", "that is, nearly"),
        ("a soft hyph\u00aden, compe\u00ad", "tition is.", "competition", "hyphen, competition is"),
    ],
)  # fmt: skip
def test_only_hyphens_that_divide_a_word_are_undone(
    first: str, second: str, elsewhere: str, joined: str
) -> None:
    filler = "The judges of all the countries came to see "
    article = read(
        [*stack(filler + first, second), *set_text(f"It is {elsewhere}. {LONG}", y=600)],
    )
    assert joined in article.text


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (
            "Суддівська колегія має науково-",
            "технічний відділ, що працює щодня.",
            "науково-технічний",
        ),
        ("Кожен учасник має право на зва-", "жування перед початком поєдинку.", "зважування"),
        ("Рішення судді набирає чин-", "ності негайно після оголошення.", "чинності"),
    ],
)
def test_ukrainian_words_are_joined_by_the_dictionary(first: str, second: str, joined: str) -> None:
    article = read([*stack(first, second), *set_text(UKRAINIAN, y=600)])
    assert joined in article.text


def test_ligatures_and_symbols_are_plain_letters() -> None:
    article = read(stack("The o\ufb03cial \ufb01nal of \ufb02ying \ufb00.", "\uf0b7 one item"))
    assert paragraphs(article) == ["The official final of flying ff.", "• one item"]


def prose(seed: int) -> str:
    """A sentence that fills lines, and is on no other page."""
    words = "judge flag mat point clock round guard throw coach team doctor belt".split()
    return " ".join(["Then", *random.Random(seed).choices(words, k=40)]) + "."


def pages_with(head: str, foot: str, count: int = 6) -> list[list[Print]]:
    return [
        [
            Print(head.replace("#", str(number)), LEFT, 780),
            *set_text(prose(number), prose(-number)),
            Print(foot.replace("#", str(number)), 300, 30),
        ]
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Rules of Sambo", "#"),
        ("Rules of Sambo, page # of 60", "– # –"),
        ("Rules of Sambo # / 17", "стор. # з 17"),
        ("# Federation Rules", "Version 4 of 12.05.2024"),
    ],
)
def test_running_lines_are_dropped(head: str, foot: str) -> None:
    article = read(*pages_with(head, foot))
    assert all(len(text) > 80 for text in paragraphs(article))
    assert len(paragraphs(article)) == 12


def test_page_numbers_may_begin_anywhere() -> None:
    pages = pages_with("", "")
    for number, page in enumerate(pages, 117):
        page.append(Print(str(number), 300, 24))
    assert len(paragraphs(read(*pages))) == 12


def test_what_counts_something_else_than_pages_is_kept() -> None:
    pages = [
        page for pair in zip(pages_with("", "#"), pages_with("", ""), strict=True) for page in pair
    ]
    for number, page in enumerate(pages[::2], 1):
        page.insert(0, Print(f"Table {number * number}", 400, 780))
    text = read(*pages).text
    assert all(f"Table {number * number}" in text for number in range(1, 7))


def test_rows_of_a_table_stay_readable() -> None:
    rows = ["Weight Juniors Seniors Masters", "55 kg 3 4 2", "60 kg 3 5 2", "65 kg 3 5 3"]
    article = read(
        [*set_text(LONG), *[Print(row, 200, 600 - 14 * i) for i, row in enumerate(rows)]]
    )
    assert paragraphs(article)[1:] == rows


def test_cells_side_by_side_are_one_row() -> None:
    cells = [Print("Weight", 60, 600), Print("Juniors", 200, 600), Print("Seniors", 340, 600)]
    assert paragraphs(read([*set_text(LONG), *cells]))[1] == "Weight Juniors Seniors"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = set_text(LONG, OTHER, columns=38)
    right = [Print(p.text, p.x + 260, p.y) for p in set_text(OTHER, LONG, columns=38)]
    assert paragraphs(read(left + right)) == [LONG, OTHER, OTHER, LONG]


def test_headings_are_the_context_of_what_stands_below() -> None:
    article = read(
        [
            centre("CHAPTER I. GENERAL", 760),
            *set_text(LONG, y=740),
            centre("CHAPTER II. THE JUDGES", 660),
            centre("1. Rights of the judges", 640),
            *set_text(OTHER, y=620),
        ],
        set_text(LONG),
        [centre("2. Duties of the judges", 760), *set_text(OTHER, y=740)],
        [centre("Chapter III. PROTESTS", 760), *set_text(OTHER, y=740)],
    )
    judges = "Chapter II. The judges"
    assert outline(article) == [
        (1, ("Chapter I. General",)),
        (1, (judges, "1. Rights of the judges")),
        (3, (judges, "2. Duties of the judges")),
        (4, ("Chapter III. Protests",)),
    ]
    assert paragraphs(article) == [LONG, OTHER, LONG, OTHER, OTHER]


def test_numbers_say_how_deep_a_heading_stands() -> None:
    names = ["1. Games", "1.1 Judges", "1.1.1 Their flags", "1.2 Players", "2. Protests"]
    page = [
        part
        for number, name in enumerate(names)
        for part in (Print(name, LEFT, 760 - 100 * number, bold=True),
                     *set_text(LONG, y=740 - 100 * number))
    ]  # fmt: skip
    assert [headings for _, headings in outline(read(page))] == [
        ("1. Games",),
        ("1. Games", "1.1 Judges"),
        ("1. Games", "1.1 Judges", "1.1.1 Their flags"),
        ("1. Games", "1.2 Players"),
        ("2. Protests",),
    ]


def test_numbered_names_above_text_are_headings_in_any_type() -> None:
    names = ["11. Ways of serving", "12. Ways of returning"]
    article = read(set_text(OTHER, names[0], LONG, names[1], OTHER))
    assert paragraphs(article) == [OTHER, LONG, OTHER]
    assert [headings for _, headings in outline(article)] == [(), *((name,) for name in names)]


@pytest.mark.parametrize(
    "clauses",
    [("2. Ways of serving", "4. Ways of returning"), ("2. Ways of serving.", "3. The other ways.")],
)
def test_a_numbered_clause_is_text(clauses: tuple[str, str]) -> None:
    article = read(set_text(clauses[0], LONG, clauses[1], OTHER))
    assert paragraphs(article) == [clauses[0], LONG, clauses[1], OTHER]
    assert outline(article) == [(1, ())]


def test_the_label_of_an_appendix_may_be_a_narrow_block() -> None:
    block = ["Appendix 1", "to the rules", "of the games", "in snow"]
    label = [Print(text, 450, 760 - 14 * n) for n, text in enumerate(block)]
    article = read(set_text(LONG), [*label, *set_text(OTHER, y=690)])
    assert outline(article) == [(1, ()), (2, (" ".join(block),))]


def test_a_heading_with_nothing_below_keeps_its_words() -> None:
    article = read(set_text(LONG), [centre("APPENDIX 3", 760)])
    assert paragraphs(article) == [LONG, "APPENDIX 3"]
    assert page_numbers(article) == [1, 2]


def test_a_heading_that_another_replaces_keeps_its_words() -> None:
    names = ["Reports of the clubs", "Reports of the judges"]
    article = read(
        [
            *set_text(LONG),
            *(centre(name, 700 - 20 * number) for number, name in enumerate(names)),
            *set_text(OTHER, y=650),
        ]
    )
    assert paragraphs(article) == [LONG, names[0], OTHER]
    assert outline(article) == [(1, ()), (1, (names[1],))]


def test_a_page_with_nothing_but_a_heading_has_it_as_its_text() -> None:
    article = read(set_text(LONG), [centre("Chapter 4", 760)], set_text(OTHER))
    assert paragraphs(article) == [LONG, "Chapter 4", OTHER]
    assert page_numbers(article) == [1, 2, 3]
    assert article.sections[-1].headings == ("Chapter 4",)


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("Phase 2", True),
        ("3.2 Версія 2", True),
        ("3.1.2 Phase 2", True),
        ("4.1 Releases 0.x", True),
        ("B.8 Fouls", True),
        ("Figure 2", False),
        ("Statement 12/2014", False),
        ("Round 1 Round 2", False),
        ("Page 3 of 18", False),
        ("15. Oktober 2020", False),
    ],
)
def test_a_name_may_have_as_many_numbers_as_words(line: str, heads: bool) -> None:
    article = read([*set_text(LONG), centre(line, 700), *set_text(OTHER, y=680)])
    assert (line in paragraphs(article)) is not heads


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("Tax on flags: 0 EUR", False),
        ("Speed of flags = Length of flags", False),
        ("The years in snow: 1914–1918", True),
    ],
)
def test_a_value_and_a_formula_are_no_headings(line: str, heads: bool) -> None:
    article = read([*set_text(LONG), centre(line, 700), *set_text(OTHER, y=680)])
    assert (line in paragraphs(article)) is not heads


def test_a_table_of_contents_is_no_chain_of_headings() -> None:
    entries = [f"{i}. Chapter about things ........ {i * 7}" for i in range(1, 8)]
    article = read(
        [Print(text, LEFT, 760 - 20 * i, bold=True) for i, text in enumerate(entries)],
        set_text(LONG),
    )
    assert article.text == LONG
    assert outline(article) == [(2, ())]
    assert [one.reason for one in article.dropped] == ["table of contents"] * 7


COVER = [
    Print("APPROVED", 350, 760),
    Print("Deputy Minister of Youth and Sport", 350, 746),
    centre("RULES", 500),
    centre("of competitions in sambo", 480),
]


@pytest.mark.parametrize(
    ("metadata", "title"),
    [
        ("", "Rules of competitions in sambo"),
        ("Microsoft Word - pravyla_2.doc", "Rules of competitions in sambo"),
        ("1", "Rules of competitions in sambo"),
        ("Rules of medieval combat", "Rules of competitions in sambo"),
        ("Competitions in Sambo", "Competitions in Sambo"),
    ],
)
def test_metadata_name_a_document_only_if_it_says_so_itself(metadata: str, title: str) -> None:
    assert read(COVER, set_text(LONG), info={"Title": metadata}).title == title


def test_the_largest_type_is_the_title() -> None:
    page = [
        Print("Journal of Judging 12 (2024)", LEFT, 780, 8),
        Print("On the Weighing of Athletes:", LEFT, 740, 18),
        Print("A Survey", LEFT, 718, 18),
        Print("Ann Example, Bob Sample", LEFT, 690, 11),
        *set_text(LONG, OTHER, y=640),
    ]
    assert read(page).title == "On the Weighing of Athletes: A Survey"


FIRM = Print("Northgate Housing Association", LEFT, 780, 13, bold=True)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("Heating works in March", "Dear Ms Marwick,"), "Heating works in March"),
        (("Subject: Heating works", "To whom it may concern:"), "Heating works"),
        (("Invoice No. 117", "12 Mill Road"), "Invoice No. 117"),
        (("Subject: Sample letter", "This is how it looks."), "Sample letter"),
        (("Виписка за рахунком", "за березень"), "Виписка за рахунком"),
    ],
)
def test_a_letter_or_invoice_is_called_by_what_it_is(lines: tuple[str, str], title: str) -> None:
    about = Print(lines[0], LEFT, 740, 11, bold=True)
    letter = [FIRM, about, Print(lines[1], LEFT, 720), *set_text(LONG, y=690)]
    assert read(letter).title == title
    assert read(letter, *[set_text(OTHER)] * 9).title != title


@pytest.mark.parametrize("subject", ["Renewal of your card", ""])
def test_the_addressee_of_a_letter_is_not_its_title(subject: str) -> None:
    top = ["Mr John Smith", "Oldtown", "OT1 2AB", "Our ref: 17", "3 March", "Dear Mr Smith,"]
    page = [Print(text, LEFT, 780 - 26 * number) for number, text in enumerate(top)]
    named = [Print(subject, LEFT, 624, bold=True)] if subject else []
    assert read([*page, *named, *set_text(LONG, y=598)]).title == (subject or "Rules")


def test_a_leaflet_is_called_by_its_largest_type_wherever_it_stands() -> None:
    page = [Print("Arrival", LEFT, 780, bold=True), *set_text(LONG, y=760), *set_text(OTHER, y=640)]
    assert read([*page, Print("Paths of the island", LEFT, 500, 20)]).title == "Paths of the island"


@pytest.mark.parametrize("below", ["“A book is a garden”", "Only 120 UAH", "DRAFT"])
def test_larger_type_below_a_heading_is_not_the_title(below: str) -> None:
    page = [Print("Rules of the garden", LEFT, 780, 14), *set_text(LONG, y=740)]
    assert read([*page, Print(below, LEFT, 500, 30)]).title == "Rules of the garden"


@pytest.mark.parametrize(
    "lines",
    [
        [Print("Registration", LEFT, 600, 13, bold=True), *set_text(LONG, y=580)],
        [Print("Note", LEFT, 600, bold=True), *set_text(LONG, y=580)],
        [Print("Order of books", LEFT, 600, 16, bold=True), *set_text(LONG, y=580)],
        [Print("Тема: читання восени.", LEFT, 600), *set_text(LONG, y=580)],
        [Print("Early", LEFT, 600, bold=True), Print("Cherries ripen in June.", LEFT, 570)],
    ],
)
@pytest.mark.parametrize("prose", [OTHER, ""])
def test_a_section_is_not_the_title(lines: list[Print], prose: str) -> None:
    page = [Print("Guide to the garden", LEFT, 780, 20), *set_text(prose, y=740), *lines]
    assert read(page).title == "Guide to the garden"


def test_a_name_in_quotation_marks_keeps_its_capital() -> None:
    cover = [centre("ПРАВИЛА КЛУБУ «ПОДІЛЛЯ»", 500, 16)]
    assert read(cover, set_text(UKRAINIAN)).title == "Правила клубу «Поділля»"


def test_a_title_in_capitals_is_written_as_the_text_writes_its_words() -> None:
    cover = [centre("ПРАВИЛА ЗМАГАНЬ З КАРАТЕ WKC", 500), centre("В УКРАЇНІ", 482)]
    body = "Федерація карате WKC в Україні проводить змагання за ці правила."
    assert read(cover, set_text(body, UKRAINIAN)).title == "Правила змагань з карате WKC в Україні"


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("Flags of judges (IN1, IN2 and SEN)", "Flags of judges (IN1, IN2 and SEN)"),
        ("Ways to raise a flag (SEN AND IN)", "Ways to raise a flag (SEN AND IN)"),
        ("WAYS TO RAISE A FLAG (IN SNOW)", "Ways to raise a flag (in snow)"),
        ("SYSTEM A Number of flags", "System A Number of flags"),
    ],
)
def test_names_in_capitals_in_a_heading_keep_them(printed: str, written: str) -> None:
    words = "A judge and a flag in snow: the sen of ways to raise it, a system."
    article = read([*set_text(LONG, words), centre(printed, 660), *set_text(OTHER, y=640)])
    assert article.sections[-1].headings == (written,)


def test_a_document_without_title_is_named_after_its_file() -> None:
    assert parse(write_pdf([set_text(LONG)]), "a/house_rules.pdf").title == "House rules"


@pytest.mark.parametrize(
    ("metadata", "author"),
    [
        ("Anatoliy I. Stetsenko", "Anatoliy I. Stetsenko"),
        ("Ліна Костенко", "Ліна Костенко"),
        ("Ann Example, Bob Sample", "Ann Example, Bob Sample"),
        ("user", None),
        ("Таня", None),
        ("", None),
        ("ashpachuk", None),
        ("Windows User", None),
        ("PC-2 admin", None),
    ],
)
def test_an_author_is_a_person(metadata: str, author: str | None) -> None:
    assert read(set_text(LONG), info={"Author": metadata}).author == author


@pytest.mark.parametrize(
    ("metadata", "date"),
    [
        ("D:20240105123000Z", "2024-01-05"),
        ("D:20231231235959+02'00'", "2023-12-31"),
        ("20220228", "2022-02-28"),
        ("D:20221341", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_day_it_was_made_is_its_date(metadata: str, date: str | None) -> None:
    assert read(set_text(LONG), info={"CreationDate": metadata}).date == date


@pytest.mark.parametrize("pages", [[set_text(LONG)], [COVER, set_text(UKRAINIAN)]])
def test_the_language_is_that_of_the_text(pages: list[list[Print]]) -> None:
    assert read(*pages).language == ("en" if len(pages) == 1 else "uk")


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_reads_the_same(turned: int) -> None:
    pages = [[centre("CHAPTER I. GENERAL", 760), *set_text(LONG, OTHER, y=740)], set_text(OTHER)]
    assert read(*pages, turned=turned) == read(*pages)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\nnothing", "damaged, or not a PDF"),
        (b"<html>Not found</html>", "damaged, or not a PDF"),
        (write_pdf([set_text(LONG)], locked=True), "locked with a password"),
        (write_pdf([[], []]), "no text in it: a scan"),
        (write_pdf([[Print("1", 300, 30)]]), "no text in it but page numbers"),
        (write_pdf([set_text("\ue001\ue002\ue003 \ue004\ue005")]), "fonts do not say"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        parse(data, "a.pdf")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "reason"),
    [("MAX_PAGES", "pages"), ("MAX_CHARACTERS", "characters"), ("MAX_OBJECTS", "things drawn")],
)
def test_what_is_too_large_is_refused(
    limit: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_pdf([set_text(LONG)] * 3)
    module = "document" if limit == "MAX_PAGES" else "pages"
    monkeypatch.setattr(f"embeddings.readers.pdf.{module}.{limit}", 2)
    with pytest.raises(UnreadableFile, match=f"more than 2 {reason}"):
        parse(data, "a.pdf")


SYLLABLES = ["ban", "fag", "heb", "jak", "бан", "ваг", "ґеб", "жиг", "зії"]
WORD = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map("".join)
"""Not garbled, as words of random letters would be, and no Roman numbers of pages."""
ROW = st.tuples(
    st.lists(WORD, min_size=1, max_size=9).map(" ".join),
    st.floats(20, 300),
    st.integers(1, 3),
    st.sampled_from([8.0, 10.0, 14.0]),
    st.booleans(),
)


def place(rows: list[tuple[str, float, int, float, bool]]) -> list[Print]:
    """Set rows below each other: what is printed over itself is read once."""
    lines: list[Print] = []
    y = TOP
    for text, x, gap, size, bold in rows:
        y -= 14.0 * gap
        lines.append(Print(text, x, y, size, bold))
    return lines


@settings(max_examples=60)
@given(st.lists(st.lists(ROW, max_size=12).map(place), min_size=1, max_size=2))
def test_anything_printed_makes_a_whole_article_with_every_letter(pages: list[list[Print]]) -> None:
    try:
        article = read(*pages)
    except UnreadableFile:
        assert not any(pages)
        return
    assert_whole(article)
    printed = Counter(c for page in pages for line in page for c in line.text if c.isalpha())
    assert not printed - Counter(
        c for c in article.text + "".join("".join(s.headings) for s in article.sections)
    )


@pytest.mark.skipif(not SPORT.is_dir(), reason="the evaluation data are not here")
@pytest.mark.parametrize(
    ("name", "pages", "title"),
    [
        ("6199", 26, "Правила спортивних змагань з пляжного тенісу"),
        ("72e7", 85, "Правила спортивних змагань з боротьби самбо"),
        ("ac85", 25, "Правила спортивних змагань з го"),
        ("759d", 78, "Правила спортивних змагань з регбі"),
    ],
)
def test_official_rules(name: str, pages: int, title: str) -> None:
    path = next(Path(SPORT).glob(f"{name}*.pdf"))
    article = parse(path.read_bytes(), path.name)
    assert article.title == title
    assert article.language == "uk"
    assert page_numbers(article) == list(range(1, pages + 1))
    assert_whole(article)
