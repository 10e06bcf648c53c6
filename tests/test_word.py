"""Word documents: numbers of lists, tables, headers and footers."""

import pytest

from embeddings.articles.article import Article
from embeddings.readers import parse
from tests.packed import para, run, table, write_docx


def read(*body: str, **more: object) -> Article:
    return parse(write_docx(*body, **more), "a.docx")  # type: ignore[arg-type]


def lines(article: Article) -> list[str]:
    return article.text.split("\n\n")


def level(number: int, text: str, kind: str = "decimal", more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int, abstract_key: int, more: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{abstract_key}"/>{more}</w:num>'


LEGAL = abstract(
    1, level(0, "%1."), level(1, "%1.%2."), level(2, "%3)", "lowerLetter"), level(3, "%4", "none")
)


def labels(items: str, numbering: str) -> str:
    """Number items, each written as the id of its list and its level: "10 11 12"."""
    body = [para("x", item=(int(item[0]), int(item[1]))) for item in items.split()]
    text = read(para("Start."), *body, numbering=numbering).text
    return " ".join(line.removesuffix("x").strip() or "-" for line in text.split("\n\n")[1:])


@pytest.mark.parametrize(
    ("items", "numbering", "expected"),
    [
        ("10 11 12 12 11 10 11 12", LEGAL + num(1, 1), "1. 1.1. a) b) 1.2. 2. 2.1. a)"),
        ("11 12 10 11", LEGAL + num(1, 1), "1.1. a) 2. 2.1."),
        ("10 13 10", LEGAL + num(1, 1), "1. - 2."),
        ("10 20 10", LEGAL + num(1, 1) + num(2, 1), "1. 2. 3."),
        (
            "10 11 20 21 20",
            LEGAL
            + num(1, 1)
            + num(2, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
            "1. 1.1. 5. 5.1. 6.",
        ),
        (
            "10 11",
            LEGAL + num(1, 1, f'<w:lvlOverride w:ilvl="1">{level(1, "§ %2")}</w:lvlOverride>'),
            "1. § 1",
        ),
        (
            "10 11 10 11",
            abstract(1, level(0, "%1"), level(1, "%2", more='<w:lvlRestart w:val="0"/>'))
            + num(1, 1),
            "1 1 2 2",
        ),
        (
            "10 11",
            abstract(1, level(0, "Article %1.", "upperRoman"), level(1, "%1.%2", more="<w:isLgl/>"))
            + num(1, 1),
            "Article I. 1.1",
        ),
        ("10 10", abstract(1, level(0, "%1)", "russianLower")) + num(1, 1), "а) б)"),
        ("10 10", abstract(1, level(0, "%1", "ordinal")) + num(1, 1), "1st 2nd"),
        ("10 10", abstract(1, level(0, "%1.", "decimalZero")) + num(1, 1), "01. 02."),
        ("10 10", abstract(1, level(0, "\uf0b7", "bullet")) + num(1, 1), "• •"),
        ("90 10", abstract(1, level(0, "%1")) + num(1, 1), "- 1"),
    ],
)
def test_numbers_as_word_shows_them(items: str, numbering: str, expected: str) -> None:
    assert labels(items, numbering) == expected


def test_more_letters_than_there_are() -> None:
    numbering = abstract(1, level(0, "%1)", "lowerLetter")) + num(1, 1)
    assert labels("10 " * 28, numbering).endswith("y) z) aa) bb)")


STYLED = abstract(
    1,
    level(0, "%1", more='<w:pStyle w:val="a1"/>'),
    level(1, "%1.%2", more='<w:pStyle w:val="sub"/>'),
)
SUB = (
    '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="{}"/>'
    "<w:pPr><w:numPr>{}</w:numPr></w:pPr></w:style>"
)


NO_NUMBER = '<w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'


def test_numbers_that_come_from_styles() -> None:
    styles = (
        SUB.format("numbered", "n", "", '<w:numId w:val="1"/>')
        + SUB.format("sub", "heading 2", "numbered", '<w:ilvl w:val="7"/>')
        + SUB.format("own", "Mine", "sub", "")
    )
    article = read(
        para("Rules", "Title"),
        *(para("Entry", "a1", item=(1, 0)), para("Free.")),
        *(para("Tickets", "sub"), para("Sold at the door.")),
        *(para("Refunds", "own"), para("None.")),
        *(para("Notes", "own").replace("</w:pPr>", NO_NUMBER), para("None.")),
        numbering=STYLED + num(1, 1),
        styles=styles,
    )
    headings = ["1 Entry", "1.1 Tickets", "1.2 Refunds", "Notes"]
    assert [section.headings[-1] for section in article.sections] == headings


def test_a_list_that_a_style_describes() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    link = '<w:abstractNum w:abstractNumId="3"><w:numStyleLink w:val="L"/></w:abstractNum>'
    article = read(
        para("One.", item=(1, 1)), numbering=LEGAL + link + num(1, 3) + num(2, 1), styles=styles
    )
    assert article.text == "1.1. One."
    assert [article.text[slice(*span)] for span in article.sentences] == ["1.1. One."]


def test_an_empty_item_is_counted_and_a_deleted_one_is_not() -> None:
    deleted = para("", item=(1, 0)).replace("</w:pPr>", "<w:rPr><w:del/></w:rPr></w:pPr>")
    body = [para("A.", item=(1, 0)), deleted, para("", item=(1, 0)), para("C.", item=(1, 0))]
    assert lines(read(*body, numbering=LEGAL + num(1, 1))) == ["1. A.", "3. C."]


# Tables


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if '<' in text else para(text)}</w:tc>"


def rows(*cells: list[str], header: bool = False, more: str = "") -> str:
    marked = [
        "<w:trPr><w:tblHeader/></w:trPr>" if header and not n else "" for n in range(len(cells))
    ]
    made = (f"<w:tr>{mark}{''.join(row)}</w:tr>" for mark, row in zip(marked, cells, strict=True))
    return f"<w:tbl>{more}{''.join(made)}</w:tbl>"


DOWN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
HEAD = [cell("Quarter"), cell("Street"), cell("Begins")]


def test_merged_cells_give_their_value_to_each_row() -> None:
    merged = rows(
        HEAD,
        [cell("Mill", DOWN), cell("Weir Street"), cell("3 October")],
        [cell("", GOES_ON), cell("Ferry Lane"), cell("5 October")],
        [cell("Fort"), cell("all, from 8 October", '<w:gridSpan w:val="2"/>')],
        header=True,
    )
    assert lines(read(merged)) == [
        "Quarter: Mill | Street: Weir Street | Begins: 3 October",
        "Quarter: Mill | Street: Ferry Lane | Begins: 5 October",
        "Quarter: Fort | Street: all, from 8 October",
    ]


BOLD_STYLE = (
    '<w:style w:type="table" w:styleId="grid"><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>'
    "</w:tblStylePr></w:style>"
)
LOOK = '<w:tblPr><w:tblStyle w:val="grid"/><w:tblLook w:val="{}"/></w:tblPr>'


@pytest.mark.parametrize(
    ("first", "more", "has_header"),
    [
        ([cell("Fish"), cell("Bait")], "", False),
        ([cell(para(inner=run(name, "<w:b/>"))) for name in ("Fish", "Bait")], "", True),
        ([cell("Fish"), cell("Bait")], LOOK.format("04A0"), True),
        ([cell("Fish"), cell("Bait")], LOOK.format("0480"), False),
    ],
)
def test_a_header_of_words_is_known_by_its_looks(
    first: list[str], more: str, has_header: bool
) -> None:
    read_rows = lines(
        read(rows(first, [cell("perch"), cell("worm")], more=more), styles=BOLD_STYLE)
    )
    assert read_rows[-1] == ("Fish: perch | Bait: worm" if has_header else "perch | worm")


def test_tables_in_tables_and_tables_of_prose_only_arrange_the_page() -> None:
    inner = table([("Price", "Seats"), ("80", "12"), ("90", "14")])
    prose = "The museum was opened by the town in the last century. " * 12
    article = read(
        rows([cell("Left column."), cell(inner + para("Below."))]),
        rows([cell(prose), cell(prose[:55])]),
    )
    assert lines(article) == [
        *("Left column.", "Price: 80 | Seats: 12", "Price: 90 | Seats: 14", "Below."),
        *(prose.strip(), prose[:54]),
    ]


# Headers and footers


def field(instruction: str, shown: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText> {instruction} </w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_headers_and_footers_are_read_once_below_no_heading() -> None:
    pages = run("Page ") + field("PAGE", "3") + run(" of ")
    pages += f'<w:fldSimple w:instr="NUMPAGES">{run("7")}</w:fldSimple>'
    dated = run("Lighthouse Trust, tel. 0532 44 88 01, printed ") + field("DATE", "1.1.2020")
    article = read(
        *(para("Rules of the tower", "Title"), para("Entry", "a1"), para("Children pay half.")),
        margins={
            "footer1": para(inner=pages),
            "header1": para(inner=dated) + para("RULES OF THE TOWER"),
            "header2": para(inner=dated) + para("—"),
        },
    )
    spans = [(s.headings, article.text[a:b].strip()) for s, a, b in article.section_spans()]
    assert spans == [
        (("Entry",), "Children pay half."),
        ((), "Lighthouse Trust, tel. 0532 44 88 01, printed"),
    ]
    assert [dropped.text for dropped in article.dropped] == ["RULES OF THE TOWER", "—"]
