"""OpenDocument, RTF, PowerPoint, Excel, CSV, FictionBook, mail and chats."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from embeddings.articles.article import Article
from embeddings.articles.formats import suffix_of
from embeddings.errors import UnreadableFile
from embeddings.readers import parse
from embeddings.readers.sheets.cell_formats import shown
from tests.packed import pack, write_docx

UKRAINIAN = "Музей пивоваріння відчинено щодня, крім понеділка, а квиток коштує вісімдесят гривень."


def day(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc, arg-type]


def outline_of(article: Article) -> dict[str, list[str]]:
    return {
        " › ".join(section.headings): article.text[start:end].strip().split("\n\n")
        for section, start, end in article.section_spans()
    }


# FictionBook

FB2 = f"""<?xml version="1.0" encoding="windows-1251"?>
<FictionBook xmlns="http://x/fb" xmlns:l="http://x/link">
<description><title-info><author><first-name>Іван</first-name><last-name>Сирко</last-name></author>
<book-title>Степові річки</book-title><date value="2019-05-01">2019</date><lang>uk</lang>
</title-info>
</description><body><title><p>Іван Сирко</p><p>Степові річки</p></title>
<section><title><p>Розділ 1</p><p>Риба</p></title>
<p>{UKRAINIAN}<a l:href="#n1" type="note">[1]</a></p><section><title><p>Щука</p></title>
<poem><stanza><v>Перший рядок</v><v>Другий рядок</v></stanza></poem>
<subtitle>Улов</subtitle><table><tr><th>Рік</th><th>Риб</th></tr><tr><td>2001</td><td>12</td></tr></table>
</section></section></body>
<body name="notes"><section id="n1"><title><p>1</p></title><p>Крім свят.</p></section></body>
<binary id="a.jpg">AAAA</binary></FictionBook>"""


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_fiction_book(is_packed: bool) -> None:
    data = FB2.encode("cp1251")
    path = "rivers.fb2"
    if is_packed:
        data, path = pack({"rivers.fb2": data}), "rivers.FB2.zip"
    article = parse(data, path)
    assert (article.title, article.author, article.date) == (
        "Степові річки",
        "Іван Сирко",
        "2019-05-01",
    )
    assert outline_of(article) == {
        "Розділ 1. Риба": [UKRAINIAN],
        "Розділ 1. Риба › Щука": ["Перший рядок", "Другий рядок"],
        "Розділ 1. Риба › Щука › Улов": ["Рік: 2001 | Риб: 12"],
        "": ["1 Крім свят."],
    }


@pytest.mark.parametrize("name", ["Степові річки", ""])
@pytest.mark.parametrize("heading", ["Річки", "None"])
def test_a_chapter_that_has_words_of_the_title_keeps_its_heading(name: str, heading: str) -> None:
    title = f"<title><p>{heading}</p></title>"
    book = re.sub("<body>.*?</title>", f"<body>{title}", FB2, count=1, flags=re.DOTALL)
    article = parse(book.replace("Степові річки", name).encode("cp1251"), "rivers.fb2")
    assert heading in (article.title, *(section.headings[0] for section in article.sections[:1]))


def test_suffixes() -> None:
    assert [suffix_of(path) for path in ("a.fb2.ZIP", "a.b/c.zip", "x.v1.fb2")] == [
        *(".fb2.zip", ".zip", ".fb2")
    ]


# OpenDocument

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in "office text table style draw presentation meta fo".split()
)


def write_odf(body: str, styles: str = "", automatic: str = "", meta: str = "") -> bytes:
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    return pack(
        {
            "content.xml": content,
            "styles.xml": f"<office:document-styles {_NAMES}>{styles}</office:document-styles>",
            "meta.xml": f"<office:document-meta {_NAMES}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
        }
    )


def level(number: int, suffix: str, kind: str = "1", shown: int = 1) -> str:
    return (
        f'<text:list-level-style-number text:level="{number}" style:num-format="{kind}" '
        f'style:num-suffix="{suffix}" text:display-levels="{shown}"/>'
    )


LISTS = (
    f'<text:list-style style:name="L1">{level(1, ".")}{level(2, ".", shown=2)}{level(3, ")", "a")}'
    '</text:list-style><text:list-style style:name="L2"><text:list-level-style-bullet '
    'text:level="1" text:bullet-char="-"/></text:list-style>'
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
)


def items(*texts: str, more: str = "") -> str:
    made = "".join(
        f"<text:list-item>{text if '<' in text else f'<text:p>{text}</text:p>'}</text:list-item>"
        for text in texts
    )
    return f"<text:list {more}>{made}</text:list>"


def test_an_opendocument_text() -> None:
    nested = items("б.", items("в."))
    table = (
        "<table:table><table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>День</text:p></table:table-cell><table:table-cell "
        'table:number-columns-spanned="2"><text:p>Години</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row></table:table-header-rows><table:table-row>"
        '<table:table-cell table:number-rows-spanned="2"><text:p>Субота</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2"><text:p>11</text:p></table:table-cell>'
        "</table:table-row><table:table-row><table:covered-table-cell/><table:table-cell>"
        "<text:p>12</text:p></table:table-cell></table:table-row></table:table>"
    )
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Крім свят."
    body = (
        "<office:text><text:tracked-changes><text:p>Стерто.</text:p></text:tracked-changes>"
        "<text:table-of-content><text:p>Години 2</text:p></text:table-of-content>"
        '<text:p text:style-name="P1">Про музей</text:p>'
        f"<text:p>{UKRAINIAN}{note}</text:p></text:note-body></text:note></text:p>"
        '<text:h text:outline-level="1">Години</text:h>'
        '<text:h text:outline-level="2">Влітку</text:h>'
        + items("а.", f"<text:p>А</text:p>{nested}", more='text:style-name="L1" xml:id="x"')
        + items("г.", more='text:style-name="L1" text:continue-list="x"')
        + items("д.", more='text:style-name="L2"')
        + "<text:p>Два<text:s text:c='2'/>слова<text:line-break/>й рядок.</text:p>"
        + f"{table}</office:text>"
    )
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" '
        'style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format=""/>'
        "</text:outline-style><style:header><text:p>Тел. 244 88 01</text:p></style:header>"
        "<style:footer><text:p>Стор. <text:page-number>1</text:page-number></text:p></style:footer>"
    )
    article = parse(write_odf(body, outline, LISTS), "a.odt")
    assert article.own_title == "Про музей"
    assert outline_of(article) == {
        "": [UKRAINIAN],
        "I. Години › Влітку": [
            *("1. а.", "2. А", "2.1. б.", "a) в.", "3. г.", "• д.", "Два слова", "й рядок."),
            *("День: Субота | Години: 11 | Години: 11", "День: Субота | Години: 12"),
        ],
    } | {"": ["Крім свят.", "Тел. 244 88 01"]}
    assert article.text.startswith(UKRAINIAN)
    assert [dropped.text for dropped in article.dropped] == ["Години 2"]


def test_sheets_and_slides_of_opendocument() -> None:
    cells = "".join(f"<table:table-cell><text:p>{x}</text:p></table:table-cell>" for x in "abc")
    numbers = '<table:table-cell table:number-columns-repeated="3"><text:p>7,50</text:p>'
    far = '<table:table-cell table:number-columns-repeated="16000"/>'
    body = (
        f'<office:spreadsheet><table:table table:name="Ціни"><table:table-row>{cells}{far}'
        f"</table:table-row><table:table-row>{numbers}</table:table-cell>{far}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574"/></table:table></office:spreadsheet>'
    )
    assert outline_of(parse(write_odf(body), "a.ods")) == {"Ціни": ["a: 7,50 | b: 7,50 | c: 7,50"]}
    slide = (
        '<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box>'
        "<text:p>Квитки</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box>"
        "<text:p>Дорослий – сто.</text:p></draw:text-box></draw:frame></draw:page>"
        "<draw:page><draw:custom-shape><text:p>Дорога.</text:p></draw:custom-shape>"
        '<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Скажи.'
        "</text:p></draw:text-box></draw:frame></presentation:notes></draw:page></office:presentation>"
    )
    article = parse(write_odf(slide), "a.odp")
    assert article.title == "Квитки"
    assert outline_of(article) == {"": ["Дорослий – сто.", "Дорога.", "Скажи."]}
    assert [page.number for page in article.pages] == [1, 2]


# Rich Text Format


def rtf(body: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fcharset204 Times;}{\f1\fcharset0 Arial;}{\f2\fcharset2 Symbol;}}"
    begin = rf"{{\rtf1\ansi\ansicpg1251\deff1{fonts}{{\stylesheet{{\s1 heading 1;}}{{\s2 Title;}}}}"
    begin += r"{\info{\title The tea of old}{\author Jane Mwangi}}"
    return begin.encode() + body.encode("ascii") + b"}\0"


def hexed(text: str, encoding: str = "cp1251") -> str:
    return "".join(rf"\'{byte:02x}" for byte in text.encode(encoding))


def test_rich_text() -> None:
    row = r"\trowd{}\cellx1\cellx2\pard\intbl {}\cell {}\cell\row "
    table = row.format(r"\trhdr", "Day", "Price") + row.format("", "Sat", "80")
    table += row.format("", "", "90").replace(r"\cellx1", r"\clvmrg\cellx1")
    article = parse(
        rtf(
            rf"{{\header Page 3}}\pard\s2 Tea\par\pard\s1 {hexed('Квитки')}\par"
            rf"\pard\f0 {hexed('Діти')} \u1087?\u1083\u39?atyat{{\v  secret}}.{{\footnote Except "
            rf"holidays.}}\par {{\listtext 1.1.\tab}}First\par{{\listtext\f2\'b7\tab}}Second\par"
            rf"{{\field{{\*\fldinst HYPERLINK x}}{{\fldrslt link}}}}{{\*\unknown x}}"
            rf"{{\pict\bin4 }}\{{x}}\{{brace\}}\par {table}\pard After.\par"
        ),
        "a.rtf",
    )
    assert (article.title, article.author) == ("Tea", "Jane Mwangi")
    assert outline_of(article) == {
        "Квитки": [
            *("Діти пл'atyat.", "1.1. First", "• Second", "link{brace}"),
            *("Day: Sat | Price: 80", "Day: Sat | Price: 90", "After."),
        ],
        "": ["Except holidays."],
    }


# PowerPoint

_P = 'xmlns:p="http://x/p" xmlns:a="http://x/a" xmlns:r="http://x/r"'


def shape(texts: str, kind: str = "", properties: str = "") -> str:
    placeholder = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>' if kind else ""
    lines = "".join(
        f"<a:p><a:pPr>{properties}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>"
        for text in texts.split("|")
    )
    return f"<p:sp>{placeholder}<p:txBody>{lines}</p:txBody></p:sp>"


def write_pptx(*slides: str, notes: str = "") -> bytes:
    relation = '<Relationship Id="{}" Type="http://x/{}" Target="{}"/>'
    listed = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in range(len(slides), 0, -1))
    named = [
        relation.format(f"r{n}", "slide", f"slides/{n}.xml") for n in range(1, 1 + len(slides))
    ]
    note = relation.format("n", "notesSlide", "../notes/1.xml")
    parts = {
        f"ppt/slides/{n}.xml": f"<p:sld {_P}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>"
        for n, slide in enumerate(slides, 1)
    }
    return pack(
        {
            "ppt/presentation.xml": f"<p:x {_P}><p:sldIdLst>{listed}</p:sldIdLst></p:x>",
            "ppt/_rels/presentation.xml.rels": f"<Relationships>{''.join(named)}</Relationships>",
            "ppt/slides/_rels/1.xml.rels": f"<Relationships>{note}</Relationships>",
            "ppt/notes/1.xml": f"<p:n {_P}><p:cSld><p:spTree>{notes}</p:spTree></p:cSld></p:n>",
            **parts,
        }
    )


def test_a_presentation() -> None:
    table = (
        '<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/><a:tr>'
        "<a:tc>{}</a:tc><a:tc>{}</a:tc></a:tr>"
        '<a:tr><a:tc rowSpan="2">{}</a:tc><a:tc>{}</a:tc></a:tr><a:tr><a:tc vMerge="1"/>'
        "<a:tc>{}</a:tc></a:tr></a:tbl></p:graphicFrame>"
    ).format(*(shape(x) for x in ("Fish", "Bait", "perch", "worm", "bread")))
    article = parse(
        write_pptx(
            shape("Prices", "title")
            + shape("Adults: 80|Children: 40", "body")
            + shape("Pay|Enter", properties='<a:buAutoNum type="alphaLcParenR"/>')
            + f"<p:grpSp>{table}</p:grpSp>"
            + shape("1", "sldNum"),
            shape("Fishing at the mill", "ctrTitle") + shape("Free lines", "subTitle"),
            notes=shape("Smile.", "body") + shape("2", "sldNum"),
        ),
        "a.pptx",
    )
    assert article.title == "Fishing at the mill"
    assert outline_of(article) == {
        "": ["Free lines"],
        "Prices": [
            *("• Adults: 80", "• Children: 40", "a) Pay", "b) Enter"),
            *("Fish: perch | Bait: worm", "Fish: perch | Bait: bread", "Smile."),
        ],
    }
    assert [(page.number, page.start) for page in article.pages] == [(1, 0), (2, 12)]


# Sheets


def test_an_endless_cell_is_refused_with_a_reason() -> None:
    with pytest.raises(UnreadableFile, match=r"more than .* characters"):
        parse(b"a,b\n" + b"x" * 1_000_001 + b",y\n", "a.csv")


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("Fish;Price\nperch;7,50\npike;9,00\n", "utf-8", "Fish: perch | Price: 7,50"),
        ('Риба,Ціна\n"окунь, річковий",80\n', "cp1251", "Риба: окунь, річковий | Ціна: 80"),
        ("a\tb\n1\t2\n", "utf-16", "a: 1 | b: 2"),
        ("sep=|\r\nday|hour\r\nSat|11\r\n", "utf-8-sig", "day: Sat | hour: 11"),
        ("1,2\n3,4\n", "utf-8", "1 | 2"),
        ("only\nlines\n", "utf-8", "only"),
        ("кіт,cat\nпес,dog\n", "utf-8", "кіт | cat"),  # words above words: no header, perhaps
    ],
)
def test_comma_separated_values(text: str, encoding: str, expected: str) -> None:
    assert parse(text.encode(encoding), "a.csv").text.split("\n\n")[0] == expected


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Назва,Місто\nМузей,Київ\nТеатр,Львів", ["Назва: Музей | Місто: Київ"]),
        ("Вопрос,Ответ\nКто там,Почтальон\n", ["Вопрос: Кто там | Ответ: Почтальон"]),
        ("Who,Where\nOlha,o@a.ua\nPavlo,p@a.ua\n", ["Who: Olha | Where: o@a.ua"]),
        ("Пункт,Зміст\nВхід,Вхід до музею платний для всіх.", ["Пункт: Вхід"]),
        ("Рыба,Вода\nокунь,река\nщука,река\nёрш,пруд\nлинь,пруд\n", ["Рыба: окунь | Вода: река"]),
        ("Olha,Kyiv\nPavlo,Lviv\nRoman,Kyiv\n", ["Olha | Kyiv", "Pavlo | Lviv"]),
        ("Ольга,o@a.ua\nПавло,p@a.ua\n", ["Ольга | o@a.ua", "Павло | p@a.ua"]),
        ("дуб,oak\nклён,maple\n", ["дуб | oak", "дуб: клён | oak: maple"]),  # in doubt, both
    ],
)
def test_the_first_row_of_a_table_of_words(text: str, rows: list[str]) -> None:
    found = parse(text.encode(), "a.csv").text.split("\n\n")
    assert [line[: len(row)] for line, row in zip(found, rows, strict=False)] == rows


def write_xlsx(**sheets: list[list[Any]]) -> tuple[openpyxl.Workbook, Any]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book, sheet


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook() -> None:
    book, prices = write_xlsx(
        Hidden=[["secret"]],
        Sheet2=[["Opened"], ["Phone", "0532 44"]],
        Prices=[
            *(["Prices of the mill"], ["Fish", "Share", "Since"], ["perch", 0.25, None]),
            *(["pike", 1200, day(2026, 3, 5)], ["sum", "=B3", "#REF!"], []),
            *(["Town", "Street", "Open"], ["Holwick", "Mill Row", True], [], ["carp", "x", 3]),
        ],
    )
    book["Hidden"].sheet_state = "hidden"
    prices.merge_cells("A1:C1")
    prices.merge_cells("C3:C4")
    prices["C3"], prices["C3"].number_format = day(2026, 3, 5), "dd.mm.yyyy"
    prices["B3"].number_format, prices["B4"].number_format = "0%", '#,##0.00 "UAH"'
    article = parse(saved(book), "a.xlsx")
    assert outline_of(article) == {
        "Opened": ["Phone | 0532 44"],
        "Prices › Prices of the mill": [
            "Fish: perch | Share: 25% | Since: 05.03.2026",
            "Fish: pike | Share: 1 200.00 UAH | Since: 05.03.2026",
            "Fish: sum",
        ],
        "Prices": [
            "Town: Holwick | Street: Mill Row | Open: TRUE",
            "Town: carp | Street: x | Open: 3",
        ],
    }
    assert article.warnings == (
        "hidden sheets not read: 1",
        "formulas without a stored value: 1; a spreadsheet program stores them",
    )


def test_a_workbook_without_the_drawings_that_it_names() -> None:
    book, sheet = write_xlsx(Prices=[["Fish", "Price", "Stock"], ["pike", 48, 60]])
    sheet.add_chart(BarChart())
    sheet["B2"].comment = Comment("cheap", "Anna")
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    kept = {name: part for name, part in parts.items() if not re.search("drawing|comment", name)}
    assert len(kept) < len(parts)
    assert parse(pack(kept), "a.xlsx").text == "Fish: pike | Price: 48 | Stock: 60"


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        *((1.0, "General", "1"), (0.1 + 0.2, "General", "0.3"), (1e-7, "General", "0.0000001")),
        *((-5, "0.0", "-5.0"), (-5, "0;(0)", "(5)"), (1234567, "#,##0", "1 234 567")),
        *((12.5, "[$€-407] 0.00", "€ 12.50"), (0.075, "0.0%", "7.5%"), (3, '0" kg"', "3 kg")),
        *((2.50, "#.##", "2.5"), (1e20, "0.00E+00", "100000000000000000000"), (7, "@", "7")),
        (day(2026, 3, 5, 14, 30), "d/m/yyyy h:mm", "5/3/2026 14:30"),
        (day(2026, 3, 5), "mm-dd-yy", "2026-03-05"),
        (day(2026, 3, 5), "[$-422]d mmmm yyyy;@", "2026-03-05"),
        (time(9, 5), "h:mm", "09:05"),
        *((1234567, '#,##0,"K"', "1 235K"), (1234567, '0.0,,"M"', "1.2M")),
        *((5012345678, "(000) 000-0000", "5012345678"), (1234, "00000", "01234")),
        *(
            (0, '0;-0;"-"', "-"),
            (2.5, "0", "3"),
            (12.345, "0.00", "12.35"),
            (1234.5, "# ##0.0", "1 234.5"),
        ),
        (timedelta(minutes=-90), "[h]:mm", "-1:30"),
        (None, "General", ""),
        ("#N/A", "General", ""),
    ],
)
def test_values_as_they_are_shown(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


# Mail


def write_eml(text: str, kind: str, charset: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = "Розклад музею", "Ганна Мороз <hanna@museum.example>"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0200"
    message.set_content(text, subtype=kind, charset=charset)
    return message


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("charset", ["utf-8", "koi8-u"])
def test_mail(kind: str, charset: str) -> None:
    quoted = "> Коли відчинено?\n>\n>> Дякую." if kind == "plain" else "<p>Коли відчинено?<p>Дякую."
    tail = "\n\n-- \nТел. 244 88 01\n" if kind == "plain" else "<p>Тел. 244 88 01"
    message = write_eml(f"{UKRAINIAN}\n\n{quoted}{tail}", kind, charset)
    message.add_attachment(b"x", maintype="a", subtype="b", filename="план.pdf")
    article = parse(message.as_bytes(), "a.eml")
    assert (article.title, article.author, article.date) == (
        *("Розклад музею", "Ганна Мороз", "2026-11-23"),
    )
    said = [UKRAINIAN, "Коли відчинено?", "Дякую.", "Тел. 244 88 01"]
    assert article.text.split("\n\n") == said
    assert article.warnings == ("attachments not read: план.pdf",)


def part(text: str, kind: str = "text/plain", more: str = "") -> str:
    return f"Content-Type: {kind}; charset=utf-8\n{more}\n{text}\n"


def parts(kind: str, *inner: str) -> str:
    edge = f"edge{len(''.join(inner))}"
    body = "".join(f"--{edge}\n{one}\n" for one in inner)
    return f'Content-Type: multipart/{kind}; boundary="{edge}"\n\n{body}--{edge}--\n'


OPEN, OPEN_HTML = part("Open at ten."), part("<p>Open <b>at ten</b>.", "text/html")
PLAN = part("x", "application/pdf", 'Content-Disposition: attachment; filename="plan.pdf"\n')
PICTURE = part("x", "image/png", 'Content-ID: <a>\nContent-Disposition: inline; filename="a.png"\n')


@pytest.mark.parametrize(
    ("body", "said", "attached"),
    [
        (parts("mixed", OPEN_HTML, part("The list.")), ["Open at ten.", "The list."], ""),
        (parts("mixed", OPEN_HTML, PLAN, part("")), ["Open at ten."], "plan.pdf"),
        (parts("alternative", OPEN, OPEN_HTML), ["Open at ten."], ""),
        (parts("alternative", part(" \n"), parts("related", OPEN_HTML, PICTURE)),
         ["Open at ten."], ""),
        (parts("alternative", OPEN, parts("mixed", OPEN_HTML, PLAN)), ["Open at ten."], "plan.pdf"),
        (parts("mixed", parts("alternative", OPEN_HTML, OPEN),
               part("A note.", "text/plain", "Content-Disposition: inline\n"), PICTURE),
         ["Open at ten.", "A note."], "a.png"),
    ],
)  # fmt: skip
def test_all_texts_of_a_mail_are_read_but_for_alternatives(
    body: str, said: list[str], attached: str
) -> None:
    article = parse(f"Subject: Museum\nFrom: a@b.example\n{body}".encode(), "a.eml")
    assert article.text.split("\n\n") == said
    assert article.warnings == ((f"attachments not read: {attached}",) if attached else ())


@pytest.mark.parametrize("named", ['; boundary="Edge9"', ""])
def test_a_mail_whose_header_names_another_boundary_or_none(named: str) -> None:
    body = parts("alternative", part("Відчинено о десятій."), OPEN_HTML)
    body = re.sub('; boundary="[^"]*"', named, body, count=1)
    article = parse(f"Subject: Museum\nFrom: a@b.example\n{body}".encode(), "a.eml")
    assert article.text == "Відчинено о десятій."
    plain = f"Subject: Museum\nFrom: a@b.example\nContent-Type: multipart/mixed{named}\n\nOpen."
    assert parse(plain.encode(), "a.eml").text == "Open."


HEAD = "Subject: Museum\nFrom: a@b.example\nContent-Type: multipart/mixed\n\n"


@pytest.mark.parametrize("edge", [r"a\b", "край", r"x\"y", "a b ", "a;b", "a\rb", "a--"])
def test_a_mail_without_a_boundary_in_its_header_has_any_in_its_text(edge: str) -> None:
    body = f"--{edge}\n{PLAN}--{edge}\ncontent-type: text/plain\n\nOpen.\n--{edge}--\n"
    article = parse(f"{HEAD}{body}".encode(), "a.eml")
    assert article.text == "Open."
    assert article.warnings == ("attachments not read: plan.pdf",)


def test_a_mail_is_parted_once_and_what_is_left_is_text() -> None:
    body = "".join(f"--e{n}\nContent-Type: multipart/mixed\n\n" for n in range(2000))
    assert parse(f"{HEAD}{body}Open.\n".encode(), "a.eml").text.endswith("Open.")


@pytest.mark.parametrize("sender", ["a: <hanna@", "<a@[", "=?utf-8?b?DQo=?= <a@b>"])
def test_a_damaged_header_of_a_mail_counts_as_empty(sender: str) -> None:
    data = write_eml(UKRAINIAN, "plain", "utf-8").as_bytes()
    spoilt = re.sub(rb"^From: [^\n]*\n(?: [^\n]*\n)*", b"", data, flags=re.MULTILINE)
    article = parse(f"From: {sender}\n".encode() + spoilt, "a.eml")
    assert (article.title, article.text) == ("Розклад музею", UKRAINIAN)


# Telegram


def message(number: int, text: object, **more: object) -> dict[str, object]:
    day = 20 + number // 3
    return {
        "id": number,
        "type": "message",
        "date": f"2026-11-{day}T10:00:00",
        "from": "Ганна",
        "text": text,
        **more,
    }


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<p>Price: <s>100</s>90 UAH, was <del>1200</del><ins>900</ins>.</p>"),
        (
            "b.html",
            (
                b"<s><p>100</p></s>Price: <b style='text-decoration:line-through'>1</b>90 UAH, was "
                b"<i style='text-decoration-line:underline line-through'>200</i>900."
            ),
        ),
        (
            "c.html",
            (
                b"<style>/* of print: */ @media print { p { display: none } } .old, b.sale { "
                b"color: red; text-decoration: line-through }</style><p>Price: <i class='new old'>"
                b"100</i>90 UAH, was <b class='sale'>1200</b><i class='sale'>900</i>.</p>"
            ),
        ),
        (
            "result.json",
            (
                b'{"messages": [{"type": "message", "date": "", "text": ["Price: ", {"type": '
                b'"strikethrough", "text": "100"}, "90 UAH, was ", {"type": "strikethrough", '
                b'"text": "1200"}, {"type": "bold", "text": "900."}]}]}'
            ),
        ),
        ("a.md", b"Price: ~~100~~90 UAH, was ~~1200~~900."),
        ("a.rtf", rb"{\rtf1 Price: {\strike 100}90 UAH, was \strike 1200\strike0 900.\par}"),
        (
            "a.odt",
            write_odf(
                "<office:text><text:p>Price: <text:span text:style-name='T1'>100</text:span>90 "
                "UAH, was <text:span text:style-name='T1'>1200</text:span>900."
                "</text:p></office:text>",
                "<style:style style:name='T1'><style:text-properties "
                "style:text-line-through-style='solid'/></style:style>",
            ),
        ),
        (
            "a.docx",
            write_docx(
                "<w:p><w:r><w:t>Price: </w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>100</w:t>"
                "</w:r><w:r><w:t>90 UAH, was </w:t></w:r><w:r><w:rPr><w:dstrike/></w:rPr>"
                "<w:t>1200</w:t></w:r><w:r><w:t>900.</w:t></w:r></w:p>"
            ),
        ),
    ],
)
def test_what_is_struck_out_is_left_out_and_told(name: str, data: bytes) -> None:
    article = parse(data, name)
    assert article.text == "Price: 90 UAH, was 900."
    assert {one.reason for one in article.dropped} == {"struck out"}
    assert "".join(one.text for one in article.dropped) == "1001200"


def test_messages_that_answer_each_other_are_all_read_once() -> None:
    pair = [message(1, "hi", reply_to_message_id=2), message(2, "yo", reply_to_message_id=1)]
    chat = {"name": "A", "type": "personal_chat", "id": 1, "messages": pair}
    assert parse(json.dumps(chat).encode(), "result.json").text.count(": ") == 2


def test_a_chat_from_telegram() -> None:
    chat = {
        "name": "Музей",
        "messages": [
            {"id": 0, "type": "service", "date": "2026-11-19T10:00:00", "action": "create_group"},
            message(1, "Коли\n\nвідчинено?"),
            message(2, ["Див. ", {"type": "link", "text": "museum.example"}], **{"from": None}),
            message(3, "", photo="a.jpg"),
            message(4, "О десятій.", reply_to_message_id=1, **{"from": "Петро"}),
            message(5, "", poll={"question": "Йдемо?", "answers": [{"text": "Так"}]}),
            message(6, "Відповідь на стерте.", reply_to_message_id=99),
        ],
    }
    article = parse(json.dumps(chat).encode(), "result.json")
    assert (article.title, article.date) == ("Музей", "2026-11-22")
    assert outline_of(article) == {
        "2026-11-20": [
            "Ганна: Коли",
            "відчинено?",
            "Петро, 2026-11-21: О десятій.",
            "Див. museum.example",
        ],
        "2026-11-21": ["Ганна: Йдемо?", "Так"],
        "2026-11-22": ["Ганна: Відповідь на стерте."],
    }
    both = {"chats": {"list": [chat, {**chat, "name": "Друзі"}]}}
    headings = [section.headings for section in parse(json.dumps(both).encode(), "a.json").sections]
    assert headings[0] == ("Музей", "2026-11-20")
    assert headings[-1] == ("Друзі", "2026-11-22")


SAMPLES = {
    ".csv": f"Fish,Price\n{UKRAINIAN.replace(',', '')},7\n".encode(),
    ".eml": write_eml(UKRAINIAN, "plain", "utf-8").as_bytes(),
    ".fb2": FB2.encode("cp1251"),
    ".fb2.zip": pack({"a.fb2": FB2.encode("cp1251")}),
    ".json": json.dumps({"messages": [message(1, UKRAINIAN)]}).encode(),
    ".odp": write_odf(
        f"<office:presentation><draw:page><draw:frame><text:p>{UKRAINIAN}</text:p></draw:frame></draw:page>"
        "</office:presentation>"
    ),
    ".ods": write_odf(
        "<office:spreadsheet><table:table><table:table-row><table:table-cell>"
        f"<text:p>{UKRAINIAN}</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet>"
    ),
    ".odt": write_odf(
        f"<office:text><text:h>Ч</text:h>{items(UKRAINIAN)}</office:text>", "", LISTS
    ),
    ".pptx": write_pptx(shape(UKRAINIAN, "body")),
    ".rtf": rtf(rf"\f0 {hexed(UKRAINIAN)}\par"),
    ".tsv": f"Риба\tЦіна\n{UKRAINIAN}\t7\n".encode("cp1251"),
    ".xlsx": saved(write_xlsx(Ціни=[["Риба", "Ціна"], [UKRAINIAN, 80]])[0]),
}
"""A small file of each format."""


# What is none of them


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("a.json", b'{"name": "x", "version": 1}', "not a chat exported from Telegram"),
        ("a.json", b"[1, 2]", "not a chat exported from Telegram"),
        ("a.json", b"{", "not a chat exported from Telegram"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.eml", b"Hello: there\n\nYou.", "not a message of electronic mail"),
        ("a.rtf", b"Hello", "not in Rich Text Format"),
        ("a.rtf", b"{\\rtf1" + b"{" * 20_000, "nested too deeply"),
        ("a.fb2", b"<html/>", "not a FictionBook"),
        ("a.fb2.zip", pack({"a.txt": "x"}), "not a FictionBook"),
        ("a.xlsx", pack({"a.xml": "<a/>"}), "not an Excel workbook"),
        ("a.pptx", pack({"a.xml": "<a/>"}), "not a PowerPoint presentation"),
        ("a.odt", pack({"a.xml": "<a/>"}), "not an OpenDocument file"),
        ("a.ods", b"PK\3\4", "not an OpenDocument file"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "save it as"),
    ],
)
def test_other_files_are_refused(path: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        parse(data, path)
