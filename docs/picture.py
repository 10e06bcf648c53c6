"""Draw the pictures of the README: real answers of the real program, as Telegram shows them.

    python docs/picture.py

needs Chromium, and an index of `seeds/` (python -m embeddings build).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from PIL import Image, ImageChops

from bot.texts import texts_for
from bot.views.answer_buttons import Press, answer_buttons
from bot.views.answers import SHOWN, near_passages, render_passage
from embeddings import Searcher, find_model

HERE = Path(__file__).parent
CONVERSATION = [
    ("en", "How much aid has Latvia given since the invasion?"),
    ("uk", "Скільки дронів середньої дальності планували виробити?"),
]
THEMES = {
    "light": "--back:#d5e3c6; --card:#fff; --ink:#000; --mine:#e3fee0; --button:#6f9260b0",
    "dark": "--back:#0f1a14; --card:#212121; --ink:#fff; --mine:#2b5278; --button:#ffffff1c",
}
STYLE = """
body { margin: 0; padding: 16px 14px; width: 452px; background: var(--back); color: var(--ink);
  font: 15px/1.38 Inter, Roboto, "Noto Sans", sans-serif; }
div { max-width: 400px; padding: 7px 11px 8px; margin: 0 0 9px; border-radius: 13px;
  background: var(--card); white-space: pre-wrap; overflow-wrap: anywhere; }
div.mine { background: var(--mine); margin-left: auto; width: fit-content; }
nav { max-width: 422px; margin: -6px 0 12px; font-size: 14px; }
nav p { display: flex; gap: 3px; margin: 0 0 3px; }
nav b { flex: 1; padding: 7px 0; text-align: center; font-weight: 500; border-radius: 9px;
  color: #fff; background: var(--button); }
"""


def page(theme: str) -> str:
    """Return the conversation as a page; answers are exactly what the bot sends."""
    searcher = Searcher.open(Path(os.environ.get("INDEX_DIR", "var/index")), find_model())
    bubbles = [
        f'<div class="mine">{escape(question)}</div>{answer(searcher, question, language)}'
        for language, question in CONVERSATION
    ]
    searcher.close()
    return (
        f"<!doctype html><meta charset=utf-8><style>:root {{{THEMES[theme]}}}{STYLE}</style>"
        + "".join(bubbles)
    )


def answer(searcher: Searcher, question: str, language: str) -> str:
    """Return an answer with the buttons below it."""
    texts = texts_for(language)
    found = near_passages(searcher.search(question, SHOWN))
    html = render_passage(found, 0, texts).html
    keyboard = answer_buttons(found, Press("show", record=1), texts, more=True).inline_keyboard
    rows = "".join(
        f"<p>{''.join(f'<b>{escape(button.text)}</b>' for button in row)}</p>" for row in keyboard
    )
    return f"<div>{html}</div><nav>{rows}</nav>"


def shoot(html: str, picture: Path) -> None:
    """Let Chromium draw a page into a PNG file."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("Chromium is needed to draw the pictures.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(html, encoding="utf-8")
        subprocess.run(  # noqa: S603
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--force-device-scale-factor=2",
                f"--user-data-dir={folder}/profile",
                "--window-size=480,2000",
                f"--screenshot={picture}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
    with Image.open(picture) as drawn:
        empty = Image.new(drawn.mode, drawn.size, drawn.getpixel((0, 0)))
        shown = ImageChops.difference(drawn, empty).convert("RGB").getbbox()
        if shown:
            drawn.crop((0, 0, drawn.width, shown[3] + 24)).save(picture)


if __name__ == "__main__":
    for name in THEMES:
        shoot(page(name), HERE / f"answer-{name}.png")
