"""Headings and titles that only bold type and the middle of the line tell, in office documents."""

import pytest

from embeddings.readers import parse
from embeddings.readers.structure.looks import may_head
from tests.packed import para, run, write_docx
from tests.test_office import outline_of, rtf, write_odf

TEXT = "The yard is open to all who live in the house, and to their guests."
RULES = [  # the text, whether it is bold, and whether it stands in the middle
    ("Approved by the meeting of 12 March", False, False),
    ("RULES", False, True),
    ("for the yard", True, True),
    ("1. Parking", True, False),
    (TEXT, False, False),
    ("Article 2. Noise", True, False),
    ("Quiet is kept from ten.", False, False),
    ("Where is the key?", True, False),
    ("With the chair.", False, False),
    ("Rent: 40 euros", True, False),
    ("WINTER", False, True),
    ("Snow is cleared by noon.", False, False),
]
READ = {
    "": ["Approved by the meeting of 12 March"],
    "1. Parking": [TEXT],
    "Article 2. Noise": ["Quiet is kept from ten."],
    "Where is the key?": ["With the chair.", "Rent: 40 euros"],
    "WINTER": ["Snow is cleared by noon."],
}


def in_word() -> bytes:
    made = []
    for text, is_bold, is_centred in RULES:
        paragraph = para(inner=run(text, "<w:b/>" * is_bold))
        place = '<w:pPr><w:jc w:val="center"/>' if is_centred else "<w:pPr>"
        made.append(paragraph.replace("<w:pPr>", place, 1))
    return write_docx(*made)


def in_word_by_styles() -> bytes:
    styles = (
        '<w:style w:styleId="strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:styleId="mid"><w:name w:val="Mid"/><w:pPr><w:jc w:val="center"/></w:pPr>'
        '</w:style><w:style w:styleId="both"><w:name w:val="B"/><w:basedOn w:val="mid"/>'
        "<w:rPr><w:b/></w:rPr></w:style>"
    )
    made = []
    for text, is_bold, is_centred in RULES:
        style = ("both" if is_bold else "mid") if is_centred else ""
        by_character = '<w:rStyle w:val="strong"/>' * (is_bold and not is_centred)
        made.append(para(style=style, inner=run(text, by_character)))
    return write_docx(*made, styles=styles)


def in_opendocument() -> bytes:
    properties = '<style:text-properties fo:font-weight="bold"/>'
    centre = '<style:paragraph-properties fo:text-align="center"/>'
    styles = (
        f'<style:style style:name="T">{properties}</style:style><style:style style:name="C">'
        f'{centre}</style:style><style:style style:name="CB" style:parent-style-name="C">'
        f"{properties}</style:style>"
    )
    made = []
    for text, is_bold, is_centred in RULES:
        if is_centred:
            made.append(f'<text:p text:style-name="C{"B" * is_bold}">{text}</text:p>')
        else:
            span = f'<text:span text:style-name="T">{text}</text:span>' if is_bold else text
            made.append(f"<text:p>{span}</text:p>")
    return write_odf(f"<office:text>{''.join(made)}</office:text>", automatic=styles)


def in_rich_text() -> bytes:
    made = ""
    for text, is_bold, is_centred in RULES:
        made += r"\pard" + r"\qc" * is_centred + r"\b" * is_bold + rf" {text}\b0\par "
    return rtf(made).replace(b"The tea of old", b"")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", in_word()),
        ("b.docx", in_word_by_styles()),
        ("a.odt", in_opendocument()),
        ("a.rtf", in_rich_text()),
    ],
)
def test_headings_and_a_title_without_styles(name: str, data: bytes) -> None:
    article = parse(data, name)
    assert article.own_title == "RULES for the yard"
    assert outline_of(article) == READ


def test_what_is_bold_in_a_list_or_a_table_is_no_heading() -> None:
    bold = run("Salt", "<w:b/>")
    cell = f"<w:tc>{para(inner=bold)}</w:tc><w:tc>{para('two spoons')}</w:tc>"
    table = f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"
    article = parse(
        write_docx(para(TEXT), para(inner=bold, item=(1, 0)), para("Stir."), table), "a.docx"
    )
    assert outline_of(article) == {"": [TEXT, "• Salt", "Stir.", "Salt | two spoons"]}


def test_a_numbered_item_in_bold_is_a_heading() -> None:
    item = para(inner=run("Parking", "<w:b/>"), item=(2, 0))
    article = parse(write_docx(para(TEXT), item, para(TEXT)), "a.docx")
    assert outline_of(article) == {"": [TEXT], "1. Parking": [TEXT]}


def test_an_empty_paragraph_above_the_title_hides_nothing() -> None:
    lines = [("", False), ("RULES", True), (TEXT, False), ("WINTER", True), (TEXT, False)]
    centre = '<style:paragraph-properties fo:text-align="center"/>'
    styles = f'<style:style style:name="C">{centre}</style:style>'
    body = "".join(f'<text:p text:style-name="{"C" * mid}">{line}</text:p>' for line, mid in lines)
    rich = "".join(r"\pard" + r"\qc" * mid + rf" {line}\par " for line, mid in lines)
    place = '<w:pPr><w:jc w:val="center"/>'
    word = [para(line).replace("<w:pPr>", place if mid else "<w:pPr>", 1) for line, mid in lines]
    for name, data in (
        ("a.odt", write_odf(f"<office:text>{body}</office:text>", automatic=styles)),
        ("a.rtf", rtf(rich).replace(b"The tea of old", b"")),
        ("a.docx", write_docx(*word)),
    ):
        article = parse(data, name)
        assert (article.own_title, outline_of(article)) == (
            *("RULES", {"": [TEXT], "WINTER": [TEXT]}),
        )
    assert not may_head("")
    assert may_head("Article 5.")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["MINISTRY", "SCHOOL", "", "*REPORT", "*on practice"], "REPORT on practice"),
        (["MINISTRY", "", "REPORT", "*on practice"], "REPORT on practice"),
        (["REPORT", "", "*on practice"], "REPORT on practice"),
        (["*MINISTRY", "", "*REPORT"], "MINISTRY REPORT"),
    ],
)
def test_what_stands_in_capitals_apart_above_a_bold_title_is_text(
    lines: list[str], title: str
) -> None:
    word, rich = [], ""
    for line in lines:
        bold, line = line.startswith("*"), line.lstrip("*")
        made = para(inner=run(line, "<w:b/>" * bold)) if line else para()
        word.append(made.replace("<w:pPr>", '<w:pPr><w:jc w:val="center"/>', 1))
        rich += r"\pard\qc" + r"\b" * bold + rf" {line}\b0\par "
    rich += rf"\pard {TEXT}\par "
    for name, data in (
        ("a.docx", write_docx(*word, para(TEXT))),
        ("a.rtf", rtf(rich).replace(b"The tea of old", b"")),
    ):
        article = parse(data, name)
        said = " ".join(lines).replace("*", "").split()
        above = [word for word in said if word not in title.split()]
        assert article.own_title == title
        assert outline_of(article) == {"": [*above, TEXT]}
