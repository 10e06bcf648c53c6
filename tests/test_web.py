"""Web pages: what is read of them, what is not, and that what is not is said."""

import pytest

from embeddings.articles.article import Article
from embeddings.readers import parse
from embeddings.readers.office.xml import Element
from embeddings.readers.tables import Cell, row_texts
from embeddings.readers.web import html
from tests.test_formats import outline_of, paragraphs

BODY = "The ferry to Orm leaves the lower pier at noon and comes back before the evening tide."


def page(body: str) -> Article:
    markup = f"<!DOCTYPE html><html lang=en><head><title>The ferry to Orm</title></head>{body}"
    return parse(markup.encode(), "page.html")


def dropped(article: Article) -> dict[str, str]:
    return {dropped.text: dropped.reason for dropped in article.dropped}


SUMMARY = "Opening hours and days"
PANELS = {
    "details": f"<details><summary>{SUMMARY}</summary><p>Open daily.</p></details>",
    "Bootstrap": f"<h3><button data-bs-toggle=collapse data-bs-target='#c'>{SUMMARY}</button></h3>"
    "<div id=c class='accordion-collapse collapse'>Open daily.</div>",
    "ARIA": f"<button aria-expanded=false aria-controls=p>{SUMMARY}</button>"
    "<section id=p hidden><p>Open daily.</p></section>",
    "a class": f"<button class=accordion>{SUMMARY}</button>"
    "<div class=panel style='display:none'><p>Open daily.</p></div>",
    "what holds the button": f"<div><span role=button aria-expanded=false>{SUMMARY}</span></div>"
    "<div style='display: none'>Open daily.</div>",
    "a tab": f"<ul><li><a role=tab href='#t' aria-controls=t>{SUMMARY}</a></li></ul>"
    "<div id=t role=tabpanel hidden>Open daily.</div>",
}


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_a_closed_panel_is_read_below_what_opens_it(panel: str) -> None:
    article = page(f"<main><h1>The ferry to Orm</h1><p>{BODY}</p>{panel}</main>")
    assert outline_of(article) == {"": BODY, SUMMARY: "Open daily."}


def test_the_heading_of_a_panel_ends_with_it() -> None:
    article = page(f"<h2>Help</h2>{PANELS['details']}<p>{BODY}</p>")
    assert outline_of(article) == {f"Help › {SUMMARY}": "Open daily.", "Help": BODY}


UNSEEN = [
    ("<div class=modal style='display:none'><p>Join our club today.</p></div>", "dialog"),
    ("<div role=dialog><p>Join our club today.</p></div>", "dialog"),
    ("<div id=cookie-consent><p>Join our club today.</p></div>", "cookie notice"),
    ("<span class='sr-only'>Join our club today.</span>", "only for screen readers"),
    ("<p hidden lang=fr>Join our club today.</p>", "hidden"),
    ("<button aria-expanded=false aria-controls=m>Show more</button>", "button"),
    ("<label for=q>Join our club today.</label><input id=q>", "field of a form"),
    ("<!-- Join our club today. -->", "comment"),
    ("<nav><a href=/>Join our club today.</a></nav>", "menu"),
    ("<ul><li><a href=1>Home</a><li><a href=2>News</a><li><a href=3>Sea</a></ul>", "list of links"),
    ("<p class=navback><a href='#top'>back to the beginning</a></p>", "menu"),
    ("<footer>Join our club today.</footer>", "page footer"),
    ("<p>© 2024 Join our club</p>", "copyright"),
]


@pytest.mark.parametrize(("markup", "reason"), UNSEEN)
def test_what_is_not_read_is_told_with_its_reason(markup: str, reason: str) -> None:
    article = page(f"<h1>The ferry to Orm</h1><p>{BODY} {BODY}</p>{markup}<p>It is small.</p>")
    assert paragraphs(article) == [f"{BODY} {BODY}", "It is small."]
    assert list(dropped(article).values()) == [reason]


def test_beside_the_main_part_nothing_is_read_and_within_it_what_is_short_is() -> None:
    links = "<ul><li><a href=1>Form A</a><li><a href=2>Form B</a><li><a href=3>Form C</a></ul>"
    article = page(
        f"<div class=top>Port of Orm</div><main><h2>Ferry</h2><p>{BODY}</p>{links}"
        "<p>Pier: 2</p><table><tr><th>Key<th>Act</tr><tr><td>F2<td>save</td></tr></table></main>"
        "<div>Most read: the tide.</div>"
    )
    bullets = ["• Form A", "• Form B", "• Form C"]
    assert paragraphs(article) == [BODY, *bullets, "Pier: 2", "Key: F2 | Act: save"]
    assert set(dropped(article).values()) == {"outside the main part of the page"}


def test_a_section_named_like_boilerplate_by_its_heading_is_read() -> None:
    article = page(
        f"<h1>The ferry to Orm</h1><p>{BODY}</p><section id=cookies><h2>Cookies</h2>"
        "<p>We bake them aboard.</p></section><div class=menu><p>Soup 5, fish 9</p></div>"
    )
    assert outline_of(article)["Cookies"] == "We bake them aboard.\n\nSoup 5, fish 9"


@pytest.mark.parametrize(
    ("markup", "items"),
    [
        ("<ol start=3><li>a<li>b</ol>", ["3. a", "4. b"]),
        ("<ol type=a start=2><li>x<li>y</ol>", ["b. x", "c. y"]),
        ("<ol type=I><li>x<li value=4>y<li>z</ol>", ["I. x", "IV. y", "V. z"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
        ("<ol style='list-style-type: lower-roman'><li>x</ol>", ["i. x"]),
        ("<ol><li>x<ol type=A><li>y</ol><li>z</ol>", ["1. x", "A. y", "2. z"]),
        ("<ul style='list-style: none'><li>one</ul><ul><li>y</ul>", ["one", "• y"]),
    ],
)
def test_lists_are_numbered_as_printed(markup: str, items: list[str]) -> None:
    assert paragraphs(page(f"<p>{BODY}</p>{markup}")) == [BODY, *items]


def test_a_table_tells_each_row_its_labels_and_merged_cells() -> None:
    article = page(
        f"<p>{BODY}</p><table><caption>Fares</caption><thead><tr><td>Zone<td>Town<td>Fare</thead>"
        "<tr><td rowspan=2>Bay<td>Orm<td>40<tr><td>Sarn<td>45"
        "<tr style='display:none'><td>x<td>y<td>z</table>"
        f"<table><tr><td><p>{BODY}</p><h3>Pier</h3></td><td>{BODY}</td></tr></table>"
    )
    assert paragraphs(article)[1:] == [
        "Fares",
        "Zone: Bay | Town: Orm | Fare: 40",
        "Zone: Bay | Town: Sarn | Fare: 45",
        BODY,
        BODY,
    ]


def test_a_form_is_read_but_for_what_is_to_be_filled_in() -> None:
    article = page(
        f"<form><input type=hidden value=x><h2>Permit</h2><p>{BODY}</p>"
        "<label for=n>Name</label><input id=n readonly value='Ida Orm'>"
        "<p><label for=m>Mail</label> <input id=m value='write here'></p>"
        "<p><input type=checkbox checked disabled> paid <select><option>One</select></p></form>"
    )
    assert paragraphs(article) == [BODY, "Name: Ida Orm", "☑ paid"]


def test_a_section_of_references_is_read() -> None:
    links = ", ".join(f"<a href={n}>ferry({n})</a>" for n in range(1, 6))
    article = page(f"<h2>Pier</h2><p>{BODY}</p><div><h2>See also</h2><p>{links}</p></div>")
    assert outline_of(article)["See also"].startswith("ferry(1), ferry(2)")


def test_marks_of_notes_and_of_links_to_headings_are_no_text() -> None:
    article = page(
        f"<h2>Pier<a href='#pier'>¶</a></h2><p>{BODY}<a href='#n'><sup>[1]</sup></a> Go."
        "<sup><a href='#m'>2</a></sup></p><p><a href='#b'><sup>[1]</sup></a> Daily.</p>"
    )
    assert outline_of(article) == {"Pier": f"{BODY} Go.\n\nDaily."}


def test_bold_paragraphs_are_headings_unless_they_say_something() -> None:
    article = page(
        f"<h2>Ferry</h2><p><b>(1) Which pier is it</b></p><p>{BODY}</p><p><b>Where to pay</b></p>"
        "<p>At the desk.</p><p><b>Fare: 5 crowns</b></p><p><strong>Never run.</strong></p>"
    )
    assert outline_of(article) == {
        "Ferry › (1) Which pier is it": BODY,
        "Ferry › Where to pay": "At the desk.\n\nFare: 5 crowns\n\nNever run.",
    }


def test_a_table_of_contents_is_none_of_the_text() -> None:
    links = "".join(f"<li><a href='#{n}'>Pier {n}</a>" for n in "ABC")
    parts = "".join(f"<h2 id={n}>Pier {n}</h2><p>{BODY}</p>" for n in "ABC")
    article = page(f"<h2>Contents</h2><ul>{links}</ul>{parts}")
    assert list(outline_of(article)) == ["Pier A", "Pier B", "Pier C"]
    assert set(dropped(article).values()) == {"table of contents"}


def test_names_and_values_in_two_columns_have_no_header() -> None:
    rows = [("Aspirin", "twice a day"), ("Paracetamol", "4 times"), ("Ibuprofen", "3 times")]
    assert row_texts([[Cell(text) for text in row] for row in rows]) == [
        "Aspirin | twice a day",
        "Paracetamol | 4 times",
        "Ibuprofen | 3 times",
    ]


def test_a_term_is_the_heading_of_its_definition_and_a_label_stands_before_its_value() -> None:
    article = page(
        "<h2>Terms</h2><dl><dt>Sap</dt><dd>The juice of a tree.</dd><dt>Graft</dt><dd>A twig that "
        "grows on another tree, where a gardener has tied it.</dd></dl>"
        "<p>So much for terms, which are few.</p><h2>Hall</h2><dl>"
        "<dt>Phone:</dt><dd>555-0101</dd><dt>Open</dt><dd>9–17</dd></dl>"
    )
    parts = [(part.headings, article.text[a:b].strip()) for part, a, b in article.section_spans()]
    assert parts == [
        (("Terms", "Sap"), "The juice of a tree."),
        (("Terms", "Graft"), "A twig that grows on another tree, where a gardener has tied it."),
        (("Terms",), "So much for terms, which are few."),
        (("Hall",), "Phone: 555-0101\n\nOpen: 9–17"),
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<dl><dt>Fee</dt></dl><p>The museum opens.</p>", "Fee\n\nThe museum opens."),
        ("<dl><dt>Fee</dt><dt>Tax</dt></dl>The museum opens.", "Fee, Tax\n\nThe museum opens."),
        ("<dl><dt>Fee</dt><dd></dd><dt>Tax</dt><dd>9 %</dd></dl>", "Fee\n\nTax: 9 %"),
        (
            "<dl><dt>Fee</dt><dd class=sr-only>1</dd><dt>Tax</dt><dd>9 %</dd></dl>",
            "Fee\n\nTax: 9 %",
        ),
        ("<dl><div><dt>Fee</dt></div><div><dt>Tax</dt><dd>9 %</dd></div></dl>", "Fee\n\nTax: 9 %"),
        ("<dl><dt>Fee</dt><dd><dl><dt>Tax</dt><dd>9 %</dd></dl></dd></dl>", "Fee\n\nTax: 9 %"),
        ("<dl><dt>Arbiter:</dt><dt>Judge</dt><dd>Ada</dd></dl>", "Arbiter, Judge: Ada"),
        ("<dl><dt>Fee</dt><!-- now --><dd>5</dd><dd>6</dd></dl>", "Fee: 5\n\n6"),
    ],
)
def test_a_label_stands_only_before_its_own_value(markup: str, text: str) -> None:
    assert page(markup).text == text


def test_a_label_without_a_value_is_no_part_of_the_heading_below() -> None:
    article = page("<dl><dt>Last term</dt></dl><h2>Next</h2><p>What comes then.</p>")
    assert article.text == "Last term\n\nWhat comes then."
    assert article.sections[-1].headings == ("Next",)


def test_each_definition_of_a_glossary_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[Element] = []

    def text_in(element: Element) -> str:
        measured.append(element)
        return "Term"

    monkeypatch.setattr(html, "text_in", text_in)
    html.read_html(html.parse_html("<dl>" + "<dt>Term</dt><dd>5</dd>" * 200 + "</dl>"))
    assert 200 < len(measured) <= 4 * 200


def test_style_sheets_hide_what_is_small_and_not_a_page_that_waits_for_a_script() -> None:
    text = "The museum is open every day from nine, and on Fridays until eight in the evening."
    sheet = ".note { display: none } .late { display: none } .shown { visibility: hidden } #a { x }"
    page = (
        f"<style>{sheet} .shown {{ visibility: visible }}</style><div class='late'><p>{text}</p>"
        "<p class='shown'>Come in.</p></div><p class='note'>To the printer.</p>"
    )
    article = parse(page.encode(), "a.html")
    assert article.text == f"{text}\n\nCome in."
    assert [(part.text, part.reason) for part in article.dropped] == [("To the printer.", "hidden")]


@pytest.mark.parametrize("icon", ["<span class='i'>+</span>", "<i>▾</i>", "<span> › </span>"])
def test_the_sign_of_a_button_is_no_part_of_the_heading(icon: str) -> None:
    opener = f"<h3><button aria-expanded='false'>Can I learn C++?{icon}</button></h3>"
    article = page(f"<p>Of the school.</p>{opener}<div hidden><p>Yes, on Mondays.</p></div>")
    assert outline_of(article)["Can I learn C++?"] == "Yes, on Mondays."


@pytest.mark.parametrize("sign", "+×–›")
def test_a_sign_between_texts_or_in_a_plain_heading_is_text(sign: str) -> None:
    mark = f"<span>{sign}</span>"
    opener = f"<button aria-expanded='false'>Orm{mark}Lum</button><div hidden><p>Yes.</p></div>"
    article = page(f"<h2>2019{mark}2024</h2><p>Shut.</p><h2>Pier{mark}</h2><p>Open.</p>{opener}")
    headings = [heading for name in outline_of(article) for heading in name.split(" › ")]
    assert {f"2019{sign}2024", f"Pier{sign}", f"Orm{sign}Lum"} <= set(headings)
