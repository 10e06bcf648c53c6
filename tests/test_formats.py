"""Markdown, web pages, Word and EPUB: the same promises in every format."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers import READERS, compose, parse
from embeddings.readers.compose import Block, outline
from embeddings.readers.metadata import date_of, language_of, url_of
from embeddings.readers.office import archive
from tests import test_office
from tests.packed import pack, para, run, table, write_docx, write_epub
from tests.paper import set_text, write_pdf

ENGLISH = "Kenya has opened its first museum of tea in Kericho, where the crop has long been grown."
UKRAINIAN = "Музей пивоваріння відчинено щодня, крім понеділка, а квиток коштує вісімдесят гривень."
RUSSIAN = "Кактусы любят свет и не любят лишней воды, поэтому зимой их поливают раз в месяц."


def paragraphs(article: Article) -> list[str]:
    return article.text.split("\n\n")


def outline_of(article: Article) -> dict[str, str]:
    return {
        " › ".join(section.headings): article.text[start:end].strip()
        for section, start, end in article.section_spans()
    }


def assert_whole(article: Article) -> None:
    """What every article promises."""
    text = article.text
    assert text
    assert text == text.strip()
    assert re.search(r"(?<!\n)\n(?!\n)|\n{3}|[ ]{2}|[ ]\n|\n[ ]|[^\S\n ]", text) is None
    starts = [section.start for section in article.sections]
    assert starts[0] == 0
    assert all(before < after for before, after in pairwise(starts))
    assert all(start == 0 or text[start - 2 : start] == "\n\n" for start in starts)
    assert starts[-1] < len(text)


# Markdown

NOTE = f"""---
title: "Як відвідати музей"
authors: [Ганна Мороз, Petro Kit]
date: 2026-11-23
canonical_url: https://museum.example/visit
lang: no
tags: [x]
---
# Як відвідати музей

{UKRAINIAN} Дивіться [розклад](https://museum.example/hours "години")
на **наступний** тиждень.[^1] ![фото входу](door.jpg)

## Що взяти

- квиток
  - дитячий
- `паспорт`

3. третє
4. четверте

| День | Години |
|------|-------:|
| Субота | 11:00<br>20:00 |

> Приходьте
> зранку.

```
ціна = 80
  група = 60
```

<div align="center"><p>З <b>дітьми</b> безкоштовно.</p></div>

Екскурсія
: Щогодини.

### Порожній
## Дорога

Автобус 5\\
кінцева зупинка.

[^1]: Крім свят.
"""


def test_markdown() -> None:
    article = parse(NOTE.encode(), "visit.md")
    assert (article.title, article.author) == ("Як відвідати музей", "Ганна Мороз, Petro Kit")
    assert (article.date, article.url) == ("2026-11-23", "https://museum.example/visit")
    assert article.language == "uk"
    assert outline_of(article) == {
        "": f"{UKRAINIAN} Дивіться розклад на наступний тиждень.",
        "Що взяти": "• квиток\n\n• дитячий\n\n• паспорт\n\n3. третє\n\n4. четверте\n\n"
        "День: Субота | Години: 11:00 20:00\n\nПриходьте зранку.\n\nціна = 80\n\nгрупа = 60\n\n"
        "З дітьми безкоштовно.\n\nЕкскурсія: Щогодини.\n\nПорожній",
        "Дорога": "Автобус 5 кінцева зупинка.\n\n1. Крім свят.",
    }
    assert_whole(article)


@pytest.mark.parametrize(
    ("front", "title", "body"),
    [
        ("---\ntitle: Foo: bar\n---\n", "Foo: bar", ENGLISH),
        ("---\ntitle: [Foo\nauthor: 'x\n---\n", "Foo", ENGLISH),
        ("---\ntitle: 2024\n...\n", "2024", ENGLISH),
        ("+++\ntitle = 'Foo'\ndate = 2020-01-02T10:00:00Z\n+++\n", "Foo", ENGLISH),
        ("\ufeff---\r\ntitle: Foo\r\n---\r\n", "Foo", ENGLISH),
        ("---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: x\nauthor: *b\n---\n", "x", ENGLISH),
        ("---\ntitle: x\nb: " + "[" * 500 + "\n---\n", "x", ENGLISH),
        ("# Foo #\n\n", "Foo", ENGLISH),
        (f"---\n\nNote: {RUSSIAN}\n\n---\n\n", None, f"Note: {RUSSIAN}\n\n{ENGLISH}"),
        ("---\n\n", None, ENGLISH),
    ],
)
@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_front_matter_is_read_or_left_alone(
    front: str, title: str | None, body: str, suffix: str
) -> None:
    article = parse((front + ENGLISH + "\n").encode(), f"a.{suffix}")
    assert article.own_title == title
    assert article.text == body


def test_a_title_in_text_that_front_matter_names_otherwise_is_kept() -> None:
    article = parse(f"---\ntitle: Foo\n---\nTea in Kericho\n\n{ENGLISH}".encode(), "a.txt")
    assert (article.title, outline_of(article)) == ("Foo", {"Tea in Kericho": ENGLISH})


# Web pages

PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">
<title>Kenya opens a tea museum – The Herald</title>
<meta property="og:title" content="Kenya opens a tea museum">
<meta name="author" content="Jane Mwangi">
<meta property="article:published_time" content="2025-03-14T08:30:00+03:00">
<link rel="canonical" href="https://herald.example/kenya/tea">
<script>document.write("<p>a script</p>")</script><style>p {{color: red}}</style></head><body>
<div id="cookie-consent"><p>We use cookies to improve your experience on this site.</p></div>
<header><nav><ul><li><a href="/">Home</a><li><a href="/n">News</a><li><a href="/s">Sport</a></ul>
</nav></header><main><article><h1>Kenya opens a tea museum</h1>
<p class="byline">By Jane Mwangi, 14 March 2025</p>
<figure><img src="a.jpg" alt="A bush"><figcaption>Photo: AFP</figcaption></figure>
<p>{ENGLISH.replace("Kericho", '<a href="/k">Kericho</a>')}</p>
<p>The museum is <b>free</b> on Sundays&nbsp;&mdash; and clo&shy;sed on Mondays.</p>
<h2>What to see</h2><p>Visitors can see:</p>
<ul><li>a steam engine of 1931,<li>the <i>oldest</i> tea bush</ul>
<h3>Tickets</h3>
<table><thead><tr><th>Visitor<th>Price</tr></thead><tr><td>Adult<td>300 shillings</tr></table>
<ol start="3"><li>Pay.</li><li>Enter.</li></ol>
<h2>How to get there</h2>
<p>Buses leave Nairobi every hour.<sup><a href="#f">[1]</a></sup> It covers 12 km<sup>2</sup>.</p>
<div class="related"><h3>Related</h3><a href="/a">Coffee prices rise again this year</a></div>
</article></main><aside><h3>Most read</h3><p>Elections are near, and nobody is ready.</p></aside>
<section id="comments"><p>Great news, I will go there with my children!</p></section>
<footer><p>© 2025 The Herald. All rights reserved.</p></footer></body></html>"""


def test_a_web_page() -> None:
    article = parse(PAGE.encode(), "tea.html")
    assert (article.title, article.author) == ("Kenya opens a tea museum", "Jane Mwangi")
    assert (article.date, article.url) == ("2025-03-14", "https://herald.example/kenya/tea")
    assert article.language == "en"
    assert outline_of(article) == {
        "": f"{ENGLISH}\n\nThe museum is free on Sundays — and closed on Mondays.",
        "What to see": "Visitors can see:\n\n• a steam engine of 1931,\n\n• the oldest tea bush",
        "What to see › Tickets": "Visitor: Adult | Price: 300 shillings\n\n3. Pay.\n\n4. Enter.",
        "How to get there": "Buses leave Nairobi every hour. It covers 12 km².",
    }
    assert_whole(article)


OLD = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=%s">
<title>Розклад роботи музею</title></head><body>
<table><tr><td width=150><a href=/>Головна</a><br><a href=/n>Новини</a><br><a href=/k>Пошта</a></td>
<td><h1>Розклад роботи музею</h1><font size=2>{UKRAINIAN}<br><br>Екскурсії починаються щогодини.<br>
&nbsp;&nbsp;Телефон каси: 032 244 88 01.</font>
<table border=1><tr><th>День<th>Години</tr><tr><td>Субота<td>11:00&ndash;20:00</tr></table>
<p>У свята музей працює до шістнадцятої години, а каса зачиняється раніше.</p></td></tr></table>
<center><small>&copy; 2009 Новини Львова. Усі права захищено.</small></center></body></html>"""


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("koi8-u", "koi8-u"),
        ("koi8-r", "utf-8"),
        ("utf-8", "cp1251"),
        ("iso-8859-1", "cp1251"),
        ("nonsense", "utf-16"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_an_old_page_in_whatever_encoding(declared: str, encoding: str) -> None:
    article = parse((OLD % declared).encode(encoding), "museum.htm")
    assert article.title == "Розклад роботи музею"
    assert article.language == "uk"
    assert paragraphs(article) == [
        UKRAINIAN,
        "Екскурсії починаються щогодини.",
        "Телефон каси: 032 244 88 01.",
        "День: Субота | Години: 11:00–20:00",
        "У свята музей працює до шістнадцятої години, а каса зачиняється раніше.",
    ]
    assert_whole(article)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (f"<p>{RUSSIAN}", RUSSIAN),
        (f"{RUSSIAN}", RUSSIAN),
        ("<div>Закрыто.</div>", "Закрыто."),
        ("<nav><a href=/>Главная страница</a></nav>", None),
        ('<?xml version="1.0"?><html><head><script src="a"/></head><p>Да.</p></html>', "Да."),
        ("<script>" + "x" * 9999 + "</script><p>Да.", "Да."),
    ],
)
def test_a_page_with_little_on_it(page: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(UnreadableFile, match="no text in it"):
            parse(page.encode(), "a.html")
    else:
        assert parse(page.encode(), "a.xhtml").text == text


# Word


def test_a_word_document() -> None:
    data = write_docx(
        para("Звіт бібліотеки", "Title"),
        para("Зміст 3", "TOC1"),
        para(UKRAINIAN),
        para("Фонди", "mine"),
        para(
            inner=run("У фондах ")
            + f"<w:hyperlink>{run('сто сорок', '<w:b/>')}</w:hyperlink>"
            + f"<w:del>{run(' стертих')}</w:del><w:ins>{run(' тисяч')}</w:ins>"
            + '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>'
            + run(" книг")
            + run(" таємних", "<w:vanish/>")
            + "<w:r><w:tab/><w:t>і</w:t><w:noBreakHyphen/><w:t>карт.</w:t></w:r>"
        ),
        para("дитячі", item=(1, 0)),
        para("наукові", item=(1, 1)),
        para("перший", item=(2, 0)),
        para("другий", item=(2, 0)),
        table([("Рік", "Книги", ""), ("2024", "1200", "нові")]),
        table([("Рамка з однією клітинкою.",)]),
        para("Плани", "deep"),
        para("Відкрити зал."),
        para("Подяки", "a1"),
        core={
            "dc:title": "Microsoft Word - old.doc",
            "dc:creator": "Ганна Мороз",
            "dcterms:created": "2024-02-01T10:00:00Z",
            "dc:language": "en-US",
        },
        notes=["Крім журналів."],
    )
    article = parse(data, "report.docx")
    assert (article.title, article.author) == ("Звіт бібліотеки", "Ганна Мороз")
    assert (article.date, article.language) == ("2024-02-01", "uk")
    assert outline_of(article) == {
        "": UKRAINIAN,
        "Фонди": "У фондах сто сорок тисяч книг і-карт.\n\n• дитячі\n\n• наукові\n\n1. перший\n\n"
        "2. другий\n\nРік | Книги\n\n2024 | 1200 | нові\n\nРамка з однією клітинкою.",
        "Фонди › Плани": "Відкрити зал.",
        "Подяки": "Крім журналів.",
    }
    assert_whole(article)


@pytest.mark.parametrize(
    ("body", "named", "title"),
    [
        ([para("Tea in Kericho", "a1"), para(ENGLISH)], "", "Tea in Kericho"),
        ([para("One", "a1"), para(ENGLISH), para("Two", "a1"), para(ENGLISH)], "", None),
        ([para("TEA IN KERICHO"), para(ENGLISH)], "Tea in Kericho", "Tea in Kericho"),
        ([para("Tea in Kericho", "a1"), para(ENGLISH)], "Coffee in Nairobi", "Tea in Kericho"),
        ([para(ENGLISH)], "Coffee in Nairobi", "Coffee in Nairobi"),
        ([para(ENGLISH)], "Document1", None),
    ],
)
def test_the_title_of_a_word_document(body: list[str], named: str, title: str | None) -> None:
    assert parse(write_docx(*body, core={"dc:title": named}), "a.docx").own_title == title


# EPUB


def test_a_book() -> None:
    data = write_epub(
        {
            "cover.xhtml": "<section epub:type='cover'><p>Степові річки</p></section>",
            "title.xhtml": "<p>Степові річки. Київ, 2019</p>",
            "toc.xhtml": "".join(f"<p><a href='#{n}'>Розділ {n}</a></p>" for n in range(9)),
            "two%20.xhtml": f"<h1>Розділ 1</h1><a id='x'/><p>{UKRAINIAN}</p>"
            "<h2>Риба</h2><ul><li>щука</li></ul>",
            "one.xhtml": "<h1>Розділ 2</h1><p>Друга&nbsp;річка<a epub:type='noteref' href='#n'>"
            "1</a> довша.</p><aside epub:type='footnote'><p>Примітка.</p></aside>",
        },
        metadata="<dc:title>Степові річки</dc:title><dc:creator>Іван Сирко</dc:creator>"
        "<dc:creator>Олена Ріка</dc:creator><dc:date>2019-05</dc:date><dc:language>ru</dc:language>"
        "<dc:identifier>urn:uuid:1</dc:identifier><dc:source>https://books.example/1</dc:source>",
        guide="<reference type='title-page' href='title.xhtml'/>",
        nav="<a href='one.xhtml'>Розділ 2</a>",
    )
    data = pack_again(data, {"OEBPS/two%20.xhtml": "OEBPS/two .xhtml"})
    article = parse(data, "rivers.epub")
    assert (article.title, article.author) == ("Степові річки", "Іван Сирко, Олена Ріка")
    assert (article.date, article.url) == ("2019-05", "https://books.example/1")
    assert article.language == "uk"
    assert outline_of(article) == {
        "Розділ 1": UKRAINIAN,
        "Розділ 1 › Риба": "• щука",
        "Розділ 2": "Друга річка довша.\n\nПримітка.",
    }
    assert_whole(article)


def pack_again(data: bytes, renamed: dict[str, str]) -> bytes:
    """Change names of parts: in a package they are written as addresses."""
    whole = archive.Archive(data, "")
    return pack({renamed.get(name, name): whole.read(name) for name in whole.names})


def test_a_book_that_is_locked_is_refused_but_not_for_its_fonts() -> None:
    book = archive.Archive(write_epub({"a.xhtml": f"<p>{ENGLISH}</p>"}), "")
    parts: dict[str, str | bytes] = {name: book.read(name) for name in book.names}
    lock = '<encryption><EncryptionMethod Algorithm="{}"/></encryption>'
    for address, is_locked in (
        ("http://www.idpf.org/2008/embedding", False),
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True),
    ):
        data = pack(parts | {"META-INF/encryption.xml": lock.format(address)})
        if is_locked:
            with pytest.raises(UnreadableFile, match=r"locked \(DRM\)"):
                parse(data, "a.epub")
        else:
            assert parse(data, "a.epub").text == ENGLISH


# All of them

SAMPLES = {
    ".docx": write_docx(para("Tea", "Title"), para(ENGLISH), para("End", "a1"), para(RUSSIAN)),
    ".epub": write_epub({"a.xhtml": f"<h1>Tea</h1><p>{ENGLISH}</p>"}),
    ".html": PAGE.encode(),
    ".md": NOTE.encode(),
    ".pdf": write_pdf([set_text(ENGLISH)]),
    ".txt": f"Tea\n\n{ENGLISH}\n".encode(),
    **test_office.SAMPLES,
}


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_everything_but_the_path_comes_from_the_bytes(suffix: str) -> None:
    alike = {".htm": ".html", ".xhtml": ".html", ".markdown": ".md"}
    data = SAMPLES[alike.get(suffix, suffix)]
    one, other = (parse(data, f"{name}{suffix}") for name in ("a", "deep/er/Інший 🌍\nfile"))
    assert {**vars(one), "path": ""} == {**vars(other), "path": ""}
    assert one.path == f"a{suffix}"


def damaged(data: st.DataObject, whole: bytes) -> bytes:
    """Change, cut or double some of it."""
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 2 * len(spoilt)))
    return bytes(spoilt[:cut])


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
@settings(max_examples=25)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_reason(suffix: str, data: st.DataObject) -> None:
    whole = data.draw(st.binary(max_size=200)) or damaged(data, SAMPLES[suffix])
    try:
        article = parse(whole, f"a{suffix}")
    except UnreadableFile as error:
        assert "cannot be read (" not in str(error)
        assert "\n" not in str(error)
    else:
        assert_whole(article)


PIECES = [
    *(
        "<p> </p> <h1> <h2> </h2> <ul><li> <ol> </li> <br> <table><tr> <td> </td> </tr></table> "
        "<pre> </pre> <sup> <nav> <!-- --> &amp; </div> </a> ` ** | [^1] \u0301 &#0; &#8203; "
        "<body> </html> <hr> é"
    ).split(),
    *("<div class=menu>", "<a href=x>", "слово ", "A sentence of words. ", "\n\n", "# ", "## "),
    *("- ", "1. ", "> ", "---\n", "\n[^1]: ", "\n: ", "\u00a0", "\u200b", "=\n"),
]


@pytest.mark.parametrize("suffix", [".html", ".md"])
@settings(max_examples=80)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_markup_makes_a_whole_article(suffix: str, markup: str) -> None:
    try:
        article = parse(markup.encode(), f"a{suffix}")
    except UnreadableFile as error:
        assert "cannot be read (" not in str(error)
    else:
        assert_whole(article)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), max_size=12))
def test_no_word_is_lost_in_an_outline(pairs: list[tuple[str, int]]) -> None:
    blocks = [Block(f"{text}{number}", level) for number, (text, level) in enumerate(pairs)]
    found = list(outline(blocks))
    words = {paragraph.text for paragraph in found}
    words.update(heading for paragraph in found for heading in paragraph.headings)
    assert words == {block.text for block in blocks}
    assert [p.text for p in found if p.text in {b.text for b in blocks if not b.level}] == [
        block.text for block in blocks if not block.level
    ]


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_a_text_that_is_too_long_is_refused(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "MAX_CHARACTERS", 50)
    with pytest.raises(UnreadableFile, match=r"longer than .*; split it into several files"):
        parse(SAMPLES[suffix], f"a{suffix}")


@pytest.mark.parametrize(
    ("said", "date"),
    [
        *(("2026", "2026"), ("2026-11", "2026-11"), ("2026-11-23T10:00", "2026-11-23")),
        *(("D:20261123101010", "2026-11-23"), ("23.11.2026", "2026-11-23"), ("03/04/2026", "2026")),
        *(("Nov 23, 2026", "2026-11-23"), ("23 листопада 2026 року", "2026-11-23")),
        *(("Mon, 23 Nov 2026 10:00:00 +0000", "2026-11-23"), ("1 мая 2020", "2020-05-01")),
        *(("January 2026", "2026-01"), ("2026-13-45", None), ("soon", None), ("", None)),
    ],
)
def test_dates(said: str, date: str | None) -> None:
    assert date_of(said) == date


def test_addresses_and_languages() -> None:
    assert url_of(" https://a.example/b?c=d ") == "https://a.example/b?c=d"
    assert not any(map(url_of, ("/about", "javascript:x", "see https://a.b", None)))
    assert [language_of(tag) for tag in ("en-GB", "UA", "rus")] == ["en", "uk", "ru"]
    assert not any(map(language_of, ("x-klingon", "", None)))
