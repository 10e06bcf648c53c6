"""Pictures of pages: the passage is framed and the highlight marked, wherever they stand."""

from io import BytesIO

import pytest
from PIL import Image

from embeddings.errors import UnreadableFile
from embeddings.readers.pdf.page_image import LONGEST_SIDE, page_image
from embeddings.readers.subprocess_parser import page_images
from tests.paper import SIZE, WIDTH, Print, set_text, write_pdf

FERRY = "The ferry leaves at noon. It carries forty officials, and the fare is nine crowns."
FARE = (FERRY.index("the fare"), len(FERRY) - 1)
PAGE = [
    *set_text("Nobody knows who built the pier, and nobody asks."),
    Print("The ferry leaves at noon. It carries forty o\ufb03-", y=600),
    Print("cials, and the fare is nine crowns.", y=586),
    *set_text("The harbour master keeps the keys of all the boats.", y=500),
]


def coloured(picture: bytes, marked: bool) -> tuple[float, float, float, float] | None:
    """Where it is yellow, or has a red frame: in points of a page, from its upper left corner."""
    image = Image.open(BytesIO(picture))
    assert max(image.size) == LONGEST_SIDE
    red, green, blue = image.split()
    strong = blue.point(lambda value: 255 * (value < 120))
    green = green.point(lambda value: 255 * ((value > 200) if marked else (50 < value < 110)))
    red = red.point(lambda value: 255 * (value > 180))
    box = Image.composite(strong, Image.new("L", image.size), green)
    found = Image.composite(box, Image.new("L", image.size), red).getbbox()
    return found and tuple(side * 792 / LONGEST_SIDE for side in found)  # type: ignore[return-value]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_passage_is_framed_and_its_highlight_marked(turned: int) -> None:
    (picture,) = page_image(write_pdf([PAGE], turned=turned), FERRY, [1], FARE)
    left = 60 + len("cials, and ") * SIZE * WIDTH
    right = 60 + len("cials, and the fare is nine crowns") * SIZE * WIDTH
    assert coloured(picture, marked=True) == pytest.approx((left, 198, right, 208), abs=3)
    frame = coloured(picture, marked=False)
    assert frame is not None
    assert frame[0] < 60 < right < frame[2] < 420
    assert 150 < frame[1] < 184 < 208 < frame[3] < 250


def test_a_cropped_page_is_marked_in_its_place() -> None:
    (picture,) = page_image(write_pdf([PAGE], crop="30 396 612 792"), FERRY, [1], FARE)
    scale = 582 / 792  # the longer side is now that part's width
    box = coloured(picture, marked=True)
    assert box is not None
    assert box[0] * scale == pytest.approx(30 + len("cials, and ") * SIZE * WIDTH, abs=3)
    assert box[1] * scale == pytest.approx(198, abs=3)


def test_a_passage_on_two_pages_has_a_picture_of_each() -> None:
    pages = [[*PAGE[:1], PAGE[1]], [PAGE[2], Print("Two", y=30)], set_text("Nothing else is here.")]
    first, second = page_image(write_pdf(pages), FERRY, [1, 2, 3], FARE)
    assert coloured(first, marked=True) is None
    assert coloured(first, marked=False) is not None
    assert coloured(second, marked=True) is not None


def test_what_is_not_found_is_a_plain_page() -> None:
    (picture,) = page_image(write_pdf([PAGE]), "Quite another thing.", [1, 7])
    assert coloured(picture, marked=False) is None


def test_pictures_are_drawn_in_the_child() -> None:
    (picture,) = page_images(write_pdf([PAGE]), FERRY, [1], FARE)
    assert coloured(picture, marked=True) is not None
    with pytest.raises(UnreadableFile, match="damaged"):
        page_images(b"%PDF-1.7 and nothing", FERRY, [1])
