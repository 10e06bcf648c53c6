"""Excel workbooks: the cells of each sheet as they are shown."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import make_article
from embeddings.readers.metadata import document_metadata
from embeddings.readers.office.archive import Archive
from embeddings.readers.sheets.cell_formats import shown
from embeddings.readers.sheets.table_rows import sheet_blocks
from embeddings.readers.tables import Cell
from embeddings.translatable import Translatable

_DAMAGED = Translatable("damaged, or not an Excel workbook")
_MOST_CELLS = 2_000_000
"""More take too much memory."""
_NO_VALUE = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>|</c>)")
_RELATIONS = "xl/worksheets/_rels/"
_BESIDE_CELLS = re.compile(
    rb"<(?:\w+:)?Relationship\s[^>]*/relationships/(?:drawing|comments|pivotTable)[\"'][^>]*/>"
)
"""The relation of a sheet to a part that is not read, but that openpyxl opens."""
_LIBRARY = "openpyxl"
"""Writes its own name as the author, and the moment as the date."""


def read(data: bytes, path: str) -> Article:
    """Read a workbook: its visible sheets, the values of formulas, not the formulas.

    Raises:
        UnreadableFile: it is none, is locked or too large, or holds no text.
    """
    from openpyxl.worksheet.worksheet import Worksheet

    Archive(data, _DAMAGED).check_size()
    workbook = _workbook(data)
    sheets = [sheet for sheet in workbook.worksheets if isinstance(sheet, Worksheet)]
    if sum(sheet.max_row * sheet.max_column for sheet in sheets) > _MOST_CELLS:
        raise UnreadableFile("more than {number} million cells in it", number=_MOST_CELLS // 10**6)
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    said = workbook.properties
    date = said.created.isoformat() if said.created and said.creator != _LIBRARY else None
    return make_article(
        path,
        document_metadata(said.title, said.creator, date),
        sheet_blocks((sheet.title, list(_rows(sheet))) for sheet in visible),
        warnings=list(_warnings(len(sheets) - len(visible), data)),
    )


def _workbook(data: bytes) -> Any:
    """Open a workbook, without its drawings where they are missing or damaged."""
    from openpyxl import load_workbook

    failure: Exception | None = None
    for source in (io.BytesIO, _without_drawings):
        try:
            with warnings.catch_warnings(action="ignore"):
                return load_workbook(source(data), data_only=True)
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # the library raises many kinds
            failure = error
    raise UnreadableFile(_DAMAGED) from failure


def _without_drawings(data: bytes) -> io.BytesIO:
    """Leave out that a sheet names drawings, comments and pivot tables, none of which is read."""
    copied = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(copied, "w") as copy:
        for part in archive.infolist():
            content = archive.read(part)
            if part.filename.startswith(_RELATIONS):
                content = _BESIDE_CELLS.sub(b"", content)
            copy.writestr(part.filename, content)
    return copied


def _rows(sheet: Any) -> Iterator[list[Cell]]:
    spans = {
        (area.min_row, area.min_col): (
            area.max_row - area.min_row + 1,
            area.max_col - area.min_col + 1,
        )
        for area in sheet.merged_cells.ranges
    }
    for row in sheet.iter_rows():
        cells = []
        is_bold = all(cell.font.b for cell in row if cell.value is not None)
        for cell in row:
            if type(cell).__name__ != "MergedCell":
                rows, columns = spans.get((cell.row, cell.column), (1, 1))
                cells.append(Cell(shown(cell.value, cell.number_format), rows, columns, is_bold))
        while cells and not cells[-1].text:
            del cells[-1]
        yield cells


def _warnings(hidden: int, data: bytes) -> Iterator[str]:
    if hidden:
        yield Translatable("hidden sheets not read: {number}", number=hidden)
    archive = Archive(data, _DAMAGED)
    sheets = [name for name in archive.names if name.startswith("xl/worksheets/sheet")]
    unknown = sum(len(_NO_VALUE.findall(archive.read(name))) for name in sheets)
    if unknown:
        yield Translatable(
            "formulas without a stored value: {number}; a spreadsheet program stores them",
            number=unknown,
        )
