"""PDF: columns, tables, forms, page breaks, contents, and letters that cannot be told."""

import io
import textwrap
from dataclasses import replace

import pytest
from pypdfium2 import PdfDocument

from embeddings.errors import UnreadableFile
from embeddings.readers import parse
from embeddings.readers.pdf.lines import Line
from embeddings.readers.pdf.paragraphs import touches
from tests.paper import LEADING, WIDTH, Print, centre, grid, set_text, write_pdf
from tests.test_pdf import paragraphs, read

APPLES = (
    "The apple trees on the northern terrace were planted by the school long ago, and most of them "
    "still bear fruit. Pruning is done in February, when the sap is low and the branches are dry."
)
PRESS = (
    "The new cider press was paid for by the harvest fair. It holds ninety litres and is turned by "
    "two people, and whoever brings apples of their own may use it for a fee of six marks."
)
BOAT = (
    "The summer concert takes place on the island. The boat leaves at noon from the old customs "
    "house, and the programme ends with the evening psalm, which is sung without notes."
)


@pytest.fixture(autouse=True)
def _without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of pages without letters depends on whether Tesseract is installed."""
    monkeypatch.setattr("embeddings.readers.pdf.scans.installed_languages", tuple)


def by_row(texts: list[str], width: int, step: float) -> list[Print]:
    """Set columns as one line of letters a row, with wide spaces between them."""
    columns = [textwrap.wrap(text, width) for text in texts]
    return [
        Print(line[number], 60 + place * step, 760 - number * LEADING)
        for number in range(max(map(len, columns)))
        for place, line in enumerate(columns)
        if number < len(line)
    ]


def test_a_footnote_does_not_part_a_sentence() -> None:
    half = APPLES.index(" still")
    note = Print("1 The terrace is closed in winter.", 60, 60, 8)
    article = read([*set_text(APPLES[:half], y=100), note], set_text(APPLES[half + 1 :], indent=0))
    assert paragraphs(article) == [note.text, APPLES]


@pytest.mark.parametrize(
    ("texts", "width", "step"), [([APPLES, PRESS], 38, 260.0), ([APPLES, BOAT, PRESS], 24, 170.0)]
)
def test_columns_are_read_one_after_the_other(texts: list[str], width: int, step: float) -> None:
    article = read([centre("News from the orchard", 790, 15), *by_row(texts, width, step)])
    assert paragraphs(article)[-len(texts) :] == texts


def test_a_sentence_goes_on_in_the_next_column() -> None:
    text = f"{APPLES} {PRESS}"
    half = text.index(" ", len(text) // 2 + 30)
    assert paragraphs(read(by_row([text[:half], text[half + 1 :]], 38, 260.0))) == [text]


def test_columns_that_the_file_has_one_after_the_other_are_no_table() -> None:
    references = [
        [f"{author}. {year}. {title}.", f"{place}, pages {number} to {number + 9}."]
        for number, (author, year, title, place) in enumerate(
            [("Hale", 1990, "Orchards of the north", "Journal of Pomology"),
             ("Brandt", 1994, "Pruning in February", "Garden Letters"),
             ("Osmak", 2001, "Cider and its presses", "Harvest Yearbook"),
             ("Weir", 2007, "Trees on terraces", "Proceedings, Lviv")], 10)
    ]  # fmt: skip
    columns = [
        [line for pair in half for line in pair] for half in (references[:2], references[2:])
    ]
    article = read(
        [
            Print(line, 60 + 260 * column, 700 - LEADING * number)
            for column, lines in enumerate(columns)
            for number, line in enumerate(lines)
        ]
    )
    assert "|" not in article.text
    assert " ".join(article.text.split()) == " ".join(line for half in columns for line in half)


PRICES = [["Bread", "white", "4"], ["Butter", "salted", "12"], ["Milk", "fresh", "7"],
          ["Honey", "dark", "23"]]  # fmt: skip
HEADER = ["Ware", "Kind", "Price"]
ROWS = [f"Ware: {ware} | Kind: {kind} | Price: {price}" for ware, kind, price in PRICES]


def set_table(rows: list[list[str]], y: float = 700) -> list[Print]:
    return [
        Print(cell, 70 + 120 * column, y - 20 * number)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize(("turned", "sideways"), [(0, False), (90, False), (90, True), (270, True)])
def test_the_cells_of_a_table_are_apart(ruled: bool, turned: int, sideways: bool) -> None:
    lines = grid([714 - 20 * n for n in range(6)], [64, 184, 304, 424]) if ruled else ""
    page = [*set_text(APPLES), *set_table([HEADER, *PRICES])]
    article = read(page, turned=turned, sideways=sideways, drawn=lines)
    assert paragraphs(article) == [APPLES, *ROWS]
    assert article.own_title != "Ware Kind Price"


@pytest.mark.parametrize(
    ("height", "left"),
    [(3, "The fee is 30 euros a year."), (-1.5, "The fee is 20 30 euros a year.")],
)
def test_words_that_a_line_is_drawn_through_are_left_out(height: float, left: str) -> None:
    before, struck, after = "The fee is ", "20", " 30 euros a year."
    line = Print(before + struck + after, 60, 700)
    start, end = (60 + 10 * WIDTH * len(text) for text in (before, before + struck))
    drawn = f"{start} {700 + height} m {end} {700 + height} l S"
    article = read([line], drawn=drawn)
    assert article.text == left
    assert [one.text for one in article.dropped] == [struck] * (height > 0)


@pytest.mark.parametrize(("height", "name"), [(0.2, "get_voltage"), (4, "get voltage")])
def test_an_underscore_that_is_drawn_is_read(height: float, name: str) -> None:
    start = 60 + 10 * WIDTH * len("Call get")
    drawn = f"{start + 0.5} {700 + height} m {start + 10 * WIDTH - 0.5} {700 + height} l S"
    line = Print("Call get voltage with the number of a channel.", 60, 700)
    assert read([line], drawn=drawn).text == f"Call {name} with the number of a channel."


def test_a_page_that_is_cut_at_the_left_is_read_as_a_whole_one() -> None:
    before, struck = "The fee is ", "20"
    start = 60 + 10 * WIDTH * len(before)
    drawn = f"{start} 703 m {start + 10 * WIDTH * len(struck)} 703 l S"
    whole = write_pdf([[Print(f"{before}{struck} 30 euros a year.", 60, 700)]], drawn=drawn)
    with PdfDocument(whole) as document:
        document[0].set_cropbox(40, 20, 580, 780)
        document.save(cut := io.BytesIO())
    article = parse(cut.getvalue(), "cut.pdf")
    assert article.text == "The fee is 30 euros a year."
    assert [one.text for one in article.dropped] == [struck]


def test_a_long_text_in_the_last_column_goes_on_below() -> None:
    rows = [("press", "f2", "Turns apples of any kind into"),
            ("", "", "Weir cider, at ninety litres"), ("", "", "an hour."),
            ("saw", "g4", "Prunes branches that are dry."),
            ("ladder/", "h7", "Leans on trees, and must not"), ("steps", "", "be left outside."),
            ("basket", "k1", "Holds a dozen pears.")]  # fmt: skip
    article = read(set_table([list(row) for row in rows]))
    assert paragraphs(article) == [
        "press | f2 | Turns apples of any kind into Weir cider, at ninety litres an hour.",
        "saw | g4 | Prunes branches that are dry.",
        "ladder/steps | h7 | Leans on trees, and must not be left outside.",
        "basket | k1 | Holds a dozen pears.",
    ]


def test_cells_of_two_lines_and_merged_cells() -> None:
    lines = (
        f"{grid([720, 700, 640], [60, 160, 400])} 160 670 m 400 670 l S "
        "60 610 m 60 640 l S 400 610 m 400 640 l S 60 610 m 400 610 l S"
    )
    page = [
        Print("Offence", 70, 706), Print("What follows", 170, 706),
        Print("Late for the", 70, 680), Print("weighing", 70, 666), Print("A warning", 170, 686),
        Print("The second time, the athlete is", 170, 658), Print("not admitted", 170, 646),
        Print("All fines are paid to the treasurer.", 70, 620), *set_text(APPLES, y=560),
    ]  # fmt: skip
    assert paragraphs(read(page, drawn=lines))[:4] == [
        "Offence | What follows",
        "Late for the weighing | A warning",
        "Late for the weighing | The second time, the athlete is not admitted",
        "All fines are paid to the treasurer.",
    ]


def test_a_table_that_goes_on_over_the_page_keeps_its_header() -> None:
    pages = [set_table([HEADER, *PRICES[:3]], y=100), set_table([PRICES[3], *PRICES[:2]], y=760)]
    article = read([*set_text(APPLES), *pages[0]], [*pages[1], *set_text(PRESS, y=600)])
    assert paragraphs(article) == [APPLES, *ROWS[:3], ROWS[3], *ROWS[:2], PRESS]


FINE = "The fine for riding without a ticket, whatever the reason is, amounts to"


def test_a_sentence_that_goes_on_over_the_page_is_one() -> None:
    first = set_text(
        PRESS, "The fine for riding without a ticket, whatever the reason is, amounts to"
    )
    second = [Print("ninety-four crowns.", y=760), *set_text(BOAT, y=740)]
    article = read(
        [*first, Print("Tariff", 60, 30)],
        [*second, Print("Tariff", 60, 30)],
        [*set_text(APPLES), Print("Tariff", 60, 30)],
    )
    fine = f"{FINE} ninety-four crowns."
    assert paragraphs(article) == [PRESS, fine, BOAT, APPLES]
    assert [page.start for page in article.pages[:2]] == [0, article.text.index("ninety-four")]
    assert ("Tariff", "running head") in [(one.text, one.reason) for one in article.dropped]


def test_a_form_is_read_with_its_labels() -> None:
    labels = [Print("Name of the boat:", 60, 600), Print("Home harbour", 60, 560)]
    fields = [("Silver Petrel", 220.0, 596.0), ("Dunquin Quay, Північ", 220.0, 556.0)]
    article = read([*set_text(BOAT), *labels], fields=fields)
    assert paragraphs(article)[1:] == [
        "Name of the boat: Silver Petrel",
        "Home harbour: Dunquin Quay, Північ",
    ]


RUSSIAN = "Членские взносы уплачиваются дважды в год, до первого мая и до первого октября."


@pytest.mark.parametrize(
    ("meant", "taken"), [("cp1251", "cp1252"), ("koi8_r", "cp1252"), ("mac_cyrillic", "mac_roman")]
)
def test_cyrillic_in_latin_fonts_is_read(meant: str, taken: str) -> None:
    wrong = RUSSIAN.encode(meant).decode(taken, "replace")
    if "\ufffd" not in wrong:
        assert read(set_text(wrong)).text == RUSSIAN


def test_the_cyrillic_fonts_of_tex_are_read() -> None:
    meant = "Частини слів слід переносити за складами, якщо їх не можна залишити; це її мета є."
    places = {"ї": "\xa8", "є": "\xb9", "і": "i"}
    taken = (places.get(c) or c.encode("cp1251").decode("latin-1") for c in meant)
    assert read(set_text("".join(taken))).text == meant


def test_pages_whose_letters_cannot_be_told_are_reported() -> None:
    shifted = "".join(chr(ord(c) - 29) if c.isalpha() else c for c in APPLES)
    article = read(set_text(PRESS), set_text(shifted), set_text("\ue001\ue002 \ue003" * 20), [])
    assert article.text == PRESS
    assert article.warnings == (
        "pages whose letters cannot be told (garbled): 2 of 4",
        "pages without text: 2 of 4; scans are read where Tesseract is installed",
    )
    with pytest.raises(UnreadableFile, match="fonts do not say"):
        read(set_text(shifted))


def test_accents_are_put_on_their_letters() -> None:
    assert read(set_text("The caf´e of Monsieur Andr´e is na¨ıve.")).text.startswith("The café of")


def test_accents_that_the_file_has_elsewhere_are_put_on_the_letters_below_them() -> None:
    line = Print("Die Prufung fur Burger", 60, 700)
    accents = [
        Print("\u00a8", 60 + 6 * line.text.index(letters), 700.4) for letters in ("uf", "ur ")
    ]
    assert read([line, *accents]).text == "Die Prüfung für Burger"


def test_the_numbers_of_lines_in_the_margin_are_left_out() -> None:
    lines = set_text(f"{APPLES} {PRESS} {BOAT}", f"{BOAT} {PRESS}", f"{APPLES} {BOAT}", columns=60)
    numbers = [Print(str(n + 1), 520, lines[n].y) for n in range(4, len(lines), 5)]
    article = read([*lines, *numbers])
    assert paragraphs(article) == paragraphs(read(lines))
    assert [each.reason for each in article.dropped] == ["line numbers"]


def test_a_date_is_no_heading() -> None:
    page = [centre("Orchard rules", 780, 16), centre("Published: 31.01.2024", 740, 12)]
    assert {s.headings for s in read([*page, *set_text(APPLES, y=700)]).sections} == {()}


def test_contents_and_index_are_no_passages() -> None:
    entries = ["1. Judges 3", "2. Fees 5", "3. Mats 9"]
    terms = [f"{letter}pple, {number}, {number + 2}–{number + 4}" for number, letter in
             enumerate("abcdefghijkl", 3)]  # fmt: skip
    article = read(
        [centre("Contents", 760), *set_text(*entries, y=740)],
        set_text(PRESS, APPLES),
        [centre("Index", 760), *set_text(*terms, y=740)],
    )
    assert paragraphs(article) == [PRESS, APPLES]
    reasons = [one.reason for one in article.dropped]
    assert reasons == ["table of contents"] * 4 + ["index at the back"] * 13


def test_a_clause_at_the_top_is_no_running_head() -> None:
    pages = [
        [Print(f"{number}.3. The judge raises flag {number * 7}", y=780), *set_text(PRESS, y=740),
         Print(str(number), 300, 30)]
        for number in range(1, 6)
    ]  # fmt: skip
    text = read(*pages).text
    assert all(f"raises flag {number * 7}" in text for number in range(1, 6))


@pytest.mark.parametrize("credit", ["By Ann Example", "Автор: Ліна Костенко", "Photo: Bob Sample"])
def test_a_credit_is_no_heading(credit: str) -> None:
    page = [centre("On Apples and Cider", 760, 16), centre(credit, 730), *set_text(APPLES, y=700)]
    article = read(page)
    assert article.title == "On Apples and Cider"
    assert credit not in str(article.sections)


def test_the_author_is_no_heading() -> None:
    page = [centre("On Apples", 760, 16), centre("Ann Example", 730), *set_text(APPLES, y=700)]
    article = read(page, info={"Author": "Ann Example"})
    assert (article.author, article.sections[-1].headings) == ("Ann Example", ())


def test_a_label_is_not_part_of_the_title() -> None:
    page = [Print("Calming Tablets", 60, 760, 16), Print("Composition:", 60, 740, 16),
            *set_text(APPLES, y=700)]  # fmt: skip
    assert read(page).title == "Calming Tablets"


def test_columns_whose_lines_are_at_different_heights_are_no_table() -> None:
    aside = [f"Language {number}" for number in range(8)]
    work = [f"Picked {number} kinds of apples, and pressed cider." for number in range(9)]
    page = [Print(text, 60, 700 - 17 * n) for n, text in enumerate(aside)]
    page += [Print(text, 240, 704 - 15 * n) for n, text in enumerate(work)]
    assert " ".join(paragraphs(read(page))) == " ".join([*aside, *work])


def test_a_note_with_the_number_of_its_page_is_no_running_head() -> None:
    pages = [[*set_text(PRESS, y=740), Print(f"{n}Pears, see page {n * 7}.", 60, 60, 7),
              Print(str(n), 300, 30)] for n in range(1, 6)]  # fmt: skip
    text = read(*pages).text
    assert all(f"{n}Pears, see page {n * 7}." in text for n in range(1, 6))


def test_a_running_head_with_a_small_roman_number_is_left_out() -> None:
    pages = [[Print(f"Orchard Guide {number}", y=780), *set_text(APPLES, y=740 - 30 * len(number))]
             for number in ("v", "vi", "vii")]  # fmt: skip
    assert paragraphs(read(*pages)) == [APPLES] * 3


def test_a_sentence_apart_from_a_full_line_begins_a_paragraph() -> None:
    first = "The press turns apples into cider, and it is washed with water at eight."
    page = [*set_text(APPLES), Print(first, 60, 600), Print("Pears are pressed apart.", 60, 582),
            Print("Nobody eats before the bell rings.", 60, 564)]  # fmt: skip
    assert paragraphs(read(page))[-3:] == [first, *(line.text for line in page[-2:])]


def test_lines_of_code_stay_apart() -> None:
    page = [*set_text(APPLES), Print("set xtics", 70, 600, font="CMTT10"),
            Print("plot apples with lines", 70, 586, font="CMTT10")]  # fmt: skip
    assert paragraphs(read(page)) == [APPLES, "set xtics", "plot apples with lines"]


def test_bold_type_of_tex_marks_headings() -> None:
    page = [*set_text(PRESS), Print("Cider and Perry", 60, 600, font="CMBX12"),
            *set_text(APPLES, y=570)]  # fmt: skip
    assert read(page).sections[-1].headings == ("Cider and Perry",)


def test_a_label_of_a_chapter_stands_before_its_name() -> None:
    page = [Print("Guide to Orchards", 60, 780, 22, bold=True), *set_text(PRESS, y=740),
            Print("Chapter 4", 60, 600, 14, bold=True),
            Print("Cider and Perry", 60, 570, 18, bold=True), *set_text(APPLES, y=540)]  # fmt: skip
    assert read(page).sections[-1].headings == ("Chapter 4. Cider and Perry",)


def test_names_with_marks_of_notes_are_no_headings() -> None:
    page = [centre("On Apples", 760, 16), centre("Ann Example†", 730, 12), *set_text(APPLES, y=700)]
    assert "Ann" not in str(read(page).sections)


def test_rows_that_lack_their_first_cell_alike_stay_rows() -> None:
    rows = [("Mark", "Example", "Meaning"), ("^", "a^x", "Raised"), ("_", "a_x", "Lowered"),
            ("", "{two abc}", "prints twice the usual size"),
            ("", "{slant}", "prints a slanted type of it"), ("&", "a&x", "Space")]  # fmt: skip
    found = paragraphs(read(set_table([list(row) for row in rows])))
    assert "{slant} | prints a slanted type of it" in found


def column(text: str, x: float, y: float = 700) -> list[Print]:
    return [
        Print(line, x, y - LEADING * number) for number, line in enumerate(textwrap.wrap(text, 38))
    ]


@pytest.mark.parametrize("table_first", [True, False])
def test_a_table_in_one_column_of_a_page_is_not_read_with_the_other(table_first: bool) -> None:
    table = [
        Print(cell, 60 + 80 * number, 700 - LEADING * row)
        for row, cells in enumerate([HEADER, *PRICES])
        for number, cell in enumerate(cells)
    ]
    text = column(APPLES, 330)
    article = read([*table, *text] if table_first else [*text, *table])
    assert paragraphs(article) == [*ROWS, APPLES]


def test_columns_with_hanging_numbers_are_no_table() -> None:
    numbered = [[(1, APPLES), (2, PRESS)], [(3, BOAT), (4, APPLES)]]
    page = []
    for place, half in enumerate(numbered):
        x, y = 60 + 270 * place, 700.0
        for number, text in half:
            lines = column(text, x + 22, y)
            page += [Print(f"{number}.", x, y), *lines]
            y -= LEADING * len(lines) + 6
    article = read(page)
    assert paragraphs(article) == [f"{n}. {text}" for half in numbered for n, text in half]


def test_a_table_of_long_texts_stays_one() -> None:
    rows = [("Late", "A warning is given at the gate", "The judge tells the team"),
            ("Early", "The gate stays closed until nine", "The guard tells the judge"),
            ("Absent", "The place is given to the next", "The team is told by letter")]  # fmt: skip
    page = [
        Print(cell, x, 700 - 20 * number)
        for number, row in enumerate(rows)
        for x, cell in zip((60, 120, 350), row, strict=True)
    ]
    assert paragraphs(read(page)) == [" | ".join(row) for row in rows]


NOTE = "1 The press was bought from a cooper in the next town, who had no use for it any more."


@pytest.mark.parametrize("first", [True, False])
def test_notes_in_the_margin_are_read_after_the_text(first: bool) -> None:
    text = set_text(APPLES, PRESS, BOAT, columns=58)
    notes = [
        Print(line, 430, text[1].y - 6 - 10 * number, 8)
        for number, line in enumerate(textwrap.wrap(NOTE, 22))
    ]
    article = read([*notes, *text] if first else [*text, *notes])
    assert paragraphs(article) == [APPLES, PRESS, BOAT, NOTE]


def test_names_in_the_margin_stay_beside_the_text() -> None:
    page = []
    for name, text, y in (("Apples", APPLES, 700), ("Press", PRESS, 600), ("Boat", BOAT, 500)):
        page += [Print(name, 10, y, 8), *set_text(text, y=y, columns=58, indent=0)]
    text = " ".join(paragraphs(read(page)))
    assert text.index("Apples") < text.index(APPLES[:40]) < text.index("Press")


SPRING = (
    "The dry spring put the new wells to the test. For nineteen days in May the spring at the mill "
    "gave less than a third of its usual flow, and the members were asked not to water their "
    "gardens during the day, which all of them did until the rain came in the last week of June."
)
FACTS = [
    "Key facts",
    "Pipes renewed in the upper valley: 17.4 km",
    "Households: 4,812",
    "Leaks found in the",
    "network: 31",
]


def beside_a_box(size: float = 7) -> list[Print]:
    """Set a text around a box at its right, in type of its own."""
    lines = textwrap.wrap(SPRING, 40)[:5]
    rest = textwrap.wrap(SPRING[len(" ".join(lines)) + 1 :], 78)
    page = [Print(line, 60, 700 - n * LEADING) for n, line in enumerate(lines)]
    page += [Print(line, 340, 699 - n * 11, size, bold=n == 0) for n, line in enumerate(FACTS)]
    return page + [Print(line, 60, 630 - n * LEADING) for n, line in enumerate(rest)]


def test_a_box_beside_the_text_is_read_after_its_page() -> None:
    head = Print("The wells", 60, 730, 12, bold=True)
    article = read([*set_text(BOAT, y=800), head, *beside_a_box()], set_text(PRESS))
    facts = [
        "Pipes renewed in the upper valley: 17.4 km",
        "Households: 4,812",
        "Leaks found in the network: 31",
    ]
    assert paragraphs(article) == [BOAT, SPRING, *facts, PRESS]
    assert [section.headings for section in article.sections] == [
        (), ("The wells",), ("Key facts",), ("The wells",)
    ]  # fmt: skip


def test_a_sentence_goes_on_below_a_figure() -> None:
    lines = textwrap.wrap(SPRING, 78)
    above = [Print(line, 60, 760 - n * LEADING) for n, line in enumerate(lines[:2])]
    figure = [
        Print("Spring", 80, 700, 8),
        Print("Reservoir", 300, 700, 8),
        Print("Pump", 190, 680, 8),
    ]
    caption = Print("Figure 2: How the water gets to the reservoir", 60, 650, 9)
    below = [Print(line, 60, 620 - n * LEADING) for n, line in enumerate(lines[2:])]
    found = paragraphs(read([*above, *figure, caption, *below]))
    assert found[0] == SPRING
    assert found[-1] == caption.text
    assert paragraphs(read([*above, *figure, *below]))[0] != SPRING


def test_a_label_with_its_number_ends_a_line() -> None:
    page = [Print(text, 60, 600 - n * LEADING) for n, text in enumerate(FACTS[1:])]
    narrow = [Print(text, 60, 600 - n * LEADING) for n, text in enumerate(textwrap.wrap(BOAT, 26))]
    found = paragraphs(read([replace(line, y=line.y + 150) for line in narrow] + page))
    assert found[-3:] == [
        "Pipes renewed in the upper valley: 17.4 km",
        "Households: 4,812",
        "Leaks found in the network: 31",
    ]


@pytest.mark.parametrize("bold", [True, False])
def test_labels_above_what_a_form_is_filled_in_with(bold: bool) -> None:
    rows = [("Family name", "First name"), ("Marwick", "Elena Rose"),
            ("Date of birth", "Telephone"), ("17 August 1991", "555 0199")]  # fmt: skip
    page = [
        Print(text, x, 600 - 14 * n, 10 if bold or n % 2 else 7, bold=bold and n % 2 == 0)
        for n, row in enumerate(rows)
        for x, text in zip((60, 320), row, strict=True)
    ]
    assert paragraphs(read([*set_text(BOAT), *page]))[1:] == [
        "Family name: Marwick",
        "First name: Elena Rose",
        "Date of birth: 17 August 1991",
        "Telephone: 555 0199",
    ]


def test_numbers_in_bold_are_no_labels() -> None:
    rows = [["Route 1", "Mon", "8:00"], ["Mill", "Pier", "15 marks"]] * 2
    page = set_table(rows, 600)
    page = [replace(x, bold=x.text in rows[0]) for x in page]
    assert "Route 1: Mill" not in paragraphs(read([*set_text(BOAT), *page]))


def test_fields_of_a_form_are_lines_of_their_own() -> None:
    labels = [Print("Name of the boat:", 60, 690), Print("Length, m", 60, 674)]
    fields = [("Silver Petrel", 220.0, 686.0), ("11.4", 220.0, 670.0)]
    text = [
        Print(line, 60, 732 - n * LEADING) for n, line in enumerate(textwrap.wrap(BOAT[:150], 60))
    ]
    assert paragraphs(read([*text, *labels], fields=fields))[-2:] == [
        "Name of the boat: Silver Petrel",
        "Length, m: 11.4",
    ]


def test_boxes_to_tick_are_read_down() -> None:
    boxes = [["☒ Adult", "☐ Collect at the desk"], ["☐ Student", "☒ Send by post"],
             ["☐ Child", "☐ Digital card"]]  # fmt: skip
    page = [
        Print(cell, 60 + 250 * x, 600 - 14 * y)
        for y, row in enumerate(boxes)
        for x, cell in enumerate(row)
    ]
    down = [box for column in zip(*boxes, strict=True) for box in column]
    assert paragraphs(read([*set_text(BOAT), *page]))[1:] == down


def test_bullets_that_are_stored_apart_stand_before_their_items() -> None:
    items = ["the old customs house", "the island", "the mill"]
    page = [Print(text, 80, 600 - n * LEADING) for n, text in enumerate(items)]
    bullets = [Print("•", 68, line.y) for line in page]
    found = paragraphs(read([*set_text(BOAT), *page, *set_text(PRESS, y=500), *bullets]))
    assert found[1:] == [*(f"• {text}" for text in items), PRESS]


def test_bullets_beside_each_other_are_all_read() -> None:
    words = [Print(text, 60, 600 - 30 * n) for n, text in enumerate(["Polish", "Czech", "Greek"])]
    bullets = [Print("•", 400 + 20 * x, 600 - 30 * y) for x in range(3) for y in range(3)]
    found = " ".join(paragraphs(read([*set_text(BOAT), *words, *bullets])))
    assert found.count("•") == 9


def test_the_top_of_a_later_column_stands_above_the_first() -> None:
    left = [Print(text, 60, 700 - n * LEADING) for n, text in enumerate(textwrap.wrap(APPLES, 38))]
    right = [Print(text, 330, 728 - n * LEADING) for n, text in enumerate(textwrap.wrap(PRESS, 38))]
    assert paragraphs(read([*left, *right])) == [APPLES, PRESS]


def test_labels_in_running_text_do_not_part_it() -> None:
    text = (
        "Signs: the height is measured from the ground; the length of the flower, whose spots are "
        "counted, from its lowest leaf; charac-\nter of the spots: none, few or many of them."
    )
    lines = [*textwrap.wrap(text.split("\n")[0], 44), text.split("\n")[1]]
    page = [Print(line, 60, 700 - n * LEADING) for n, line in enumerate(lines)]
    assert len(paragraphs(read(page))) == 1


def test_a_heading_may_stand_above_lines_with_labels() -> None:
    lines = ["Invoice number: 42", "Bank: Holwick Savings", "Account: 1234 56 78910"]
    page = [Print(line, 60, 600 - n * LEADING) for n, line in enumerate(lines)]
    article = read([*set_text(APPLES), Print("Payment info", 60, 630, 11, bold=True), *page])
    assert paragraphs(article) == [APPLES, *lines]
    assert article.sections[-1].headings == ("Payment info",)


def test_words_that_the_edge_of_the_page_cuts_are_not_joined() -> None:
    word = Line("frontside", 584, 631, 359, 10, bold=False)
    assert not touches(word, Line("backside,", 631, 641, 359, 10, bold=False))
    assert touches(word, Line("th", 631, 641, 359, 10, bold=False))
