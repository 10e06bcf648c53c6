"""The buttons below an answer.

Everything that a button needs is in its data, so it works after a restart. The question is
answered again: the journal has it, by the number in the data, and else it stands in the message
that the answer replies to. A passage key names a passage by its article and its text, so after a
rebuild it is either the same passage or gone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.texts import Texts
from bot.views.answers import excerpt, is_follow_up, shorten, understood_lines
from bot.views.keyboard import BASE36, Row, base36, button, pager, read_base36
from bot.views.view import View
from embeddings import Answer, has_page_pictures

MAYBE_LOST = "a:lost"
"""The data of the button to answers that may not have arrived."""

_TITLE, _LABEL = 22, 60
"""Characters on a button that leads to a passage: of the title, and in all."""


@dataclass(frozen=True)
class Press:
    """What a button below an answer asks for.

    Attributes:
        action: show (a passage), list (of all), more (neighbours of it), open (the article), page
            (its picture), alone (ask without the question before), up or down.
        number: of the passage in the answer, from 0.
        radius: how many neighbours are shown on each side.
        passage_key: of the passage.
        record: id of the answer in the journal; None where it was not recorded.
    """

    action: str
    number: int = 0
    radius: int = 0
    passage_key: str = ""
    record: int | None = None

    @property
    def data(self) -> str:
        """Callback data; at most 53 of Telegram's 64 bytes."""
        record = "" if self.record is None else base36(self.record)
        return f"a:{self.action}:{self.number}:{self.radius}:{self.passage_key}:{record}"


def pattern(*actions: str) -> re.Pattern[str]:
    """Return the pattern of the data of the buttons that ask for one of these actions."""
    key = "(?:[0-9a-f]{16}(?:[0-9a-f]{8})?)?"
    return re.compile(rf"a:({'|'.join(actions)}):(\d\d?):(\d\d?):({key}):({BASE36}|)\Z")


def read_press(pressed: Sequence[str]) -> Press:
    """Return what a button asks for, given the groups of its data's `pattern`.

    No answer has an id that is more than a database takes.
    """
    action, number, radius, passage_key, record = pressed
    id_ = read_base36(record) if record else None
    return Press(action, int(number), int(radius), passage_key, id_)


def answer_buttons(
    answer: Answer, shown: Press, texts: Texts, *, more: bool, rating: int | None = None
) -> list[Row]:
    """Return the buttons below one passage of an answer.

    Args:
        answer: with at least one passage.
        shown: the passage, the radius, and the answer in the journal; else it is not rated.
        texts: of the person.
        more: whether there are more neighbours to show.
        rating: 1, -1, or None where the person has not rated the answer.
    """
    number, record = shown.number, shown.record
    hit = answer.passages[number]
    passage_key = hit.passage_key
    rows = pager(
        number,
        len(answer.passages),
        lambda to: Press("show", to, record=record).data,
        Press("list", number, record=record).data,
    )
    if passage_key:
        ways = []
        if shown.radius:
            action = "more" if shown.radius > 1 else "show"
            narrower = Press(action, number, shown.radius - 1, passage_key, record)
            ways.append(button(texts("less_context"), narrower.data))
        if more:
            wider = Press("more", number, shown.radius + 1, passage_key, record)
            ways.append(button(texts("more_context"), wider.data))
        open_article = Press("open", number, 0, passage_key, record)
        ways.append(button(texts("open_article"), open_article.data))
        rows += filter(None, (ways[:2], ways[2:]))
        if has_page_pictures(hit):
            page = Press("page", number, 0, passage_key, record)
            rows.append([button(texts("show_page"), page.data)])
    return [*rows, *_rows_of_answer(answer, record, texts, rating)]


def list_buttons(
    answer: Answer, record: int | None, texts: Texts, *, rating: int | None = None
) -> list[Row]:
    """Return a button for each passage of an answer, with its title and first words.

    See `answer_buttons` for the arguments.
    """
    rows: list[Row] = []
    for number, hit in enumerate(answer.passages):
        label = f"{number + 1}. {shorten(hit.source.title, _TITLE)}: {excerpt(hit, _LABEL)}"
        show = Press("show", number, record=record)
        rows.append([button(shorten(label, _LABEL), show.data)])
    return [*rows, *_rows_of_answer(answer, record, texts, rating)]


def _rows_of_answer(
    answer: Answer, record: int | None, texts: Texts, rating: int | None
) -> list[Row]:
    """Return the buttons of the answer as a whole, whichever part of it is shown."""
    rated = [] if record is None else [rating_row(record, rating)]
    return [*_alone_row(answer, record, texts), *rated]


def _alone_row(answer: Answer, record: int | None, texts: Texts) -> list[Row]:
    """Return the button below a question that was asked together with the one before."""
    if not is_follow_up(answer):
        return []
    return [[button(texts("ask_alone"), Press("alone", record=record).data)]]


def rating_row(record: int, rating: int | None) -> Row:
    """Return 👍 and 👎; a given rating is marked, and pressed again it is taken back."""
    return [
        button(f"{emoji} ✓" if rating == value else emoji, Press(action, record=record).data)
        for emoji, action, value in (("👍", "up", 1), ("👎", "down", -1))
    ]


def without(buttons: InlineKeyboardMarkup | None, data: str | None) -> list[Row]:
    """Return buttons without those that have this data."""
    before = buttons.inline_keyboard if buttons else ()
    rows = ([one for one in row if one.callback_data != data] for row in before)
    return [row for row in rows if row]


def maybe_lost_view(texts: Texts) -> View:
    """Return what is sent when an answer may not have arrived, with the button that shows it."""
    return View(texts("maybe_lost"), [[button(texts("show_answer"), MAYBE_LOST)]])


def not_answered_view(answer: Answer, texts: Texts, record: int | None = None) -> View:
    """Return "the articles do not answer this", with the button to what is nearest."""
    nearest = button(texts("show_nearest"), Press("show", record=record).data)
    rows = [[nearest], *_alone_row(answer, record, texts)]
    html = "\n\n".join([*understood_lines(answer, texts), texts("not_answered")])
    return View(html, rows)
