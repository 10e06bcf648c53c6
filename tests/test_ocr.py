"""Pages that are pictures: read where Tesseract is installed, and named where it is not."""

import io
import textwrap
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageDraw, ImageFont

from embeddings.errors import UnreadableFile
from embeddings.readers import ocr, parse
from embeddings.readers.pdf import scans
from embeddings.readers.subprocess_parser import Limits, open_parser

UKRAINIAN = "Музей пивоваріння відчинено щодня, крім понеділка, а квиток коштує вісімдесят гривень."
RUSSIAN = "Кактусы любят свет и не любят лишней воды, поэтому зимой их поливают раз в месяц."
FONT = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf")


def scanned(*texts: str) -> bytes:
    """Return a PDF with a picture of a page for each text."""
    font = ImageFont.truetype(str(FONT), 22)
    pages = []
    for text in texts:
        page = Image.new("L", (900, 400), 255)
        ImageDraw.Draw(page).text((60, 60), "\n".join(textwrap.wrap(text, 50)), 0, font)
        pages.append(page)
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", resolution=150, save_all=True, append_images=pages[1:])
    return buffer.getvalue()


@pytest.mark.skipif(
    not {"uk", "ru"} <= set(ocr.installed_languages()), reason="Tesseract is not installed"
)
def test_scanned_pages_are_read_in_their_languages_in_the_confined_process() -> None:
    with open_parser() as parser:
        article = parser.parse(scanned(UKRAINIAN, "", RUSSIAN), "a.pdf")
    assert article.text == f"{UKRAINIAN}\n\n{RUSSIAN}"
    assert [(page.number, page.is_scanned) for page in article.pages] == [(1, True), (3, True)]
    assert not article.warnings


@pytest.mark.skipif(not ocr.installed_languages(), reason="Tesseract is not installed")
def test_a_file_has_only_so_much_time() -> None:
    with (
        open_parser(Limits(total=1)) as parser,
        pytest.raises(UnreadableFile, match="takes longer than"),
    ):
        parser.parse(scanned("One", "two"), "a.pdf")


def test_without_tesseract_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "installed_languages", lambda: ())
    with pytest.raises(UnreadableFile, match=r"pages without text: 2 of 2; .*Tesseract"):
        parse(scanned("One", "two"), "a.pdf")
