"""Pictures of the pages of a PDF that an answer is from."""

import hashlib
from pathlib import Path

from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.errors import ArticleGone, FileGone
from embeddings.index.manifest import Manifest
from embeddings.readers.subprocess_parser import page_images
from embeddings.search.answer import Hit


def has_page_pictures(hit: Hit) -> bool:
    """Whether the pages of a hit's article can be drawn."""
    return bool(hit.passage.pages) and hit.passage.article.lower().endswith(".pdf")


def page_pictures(seeds: Path, manifest: Manifest, hit: Hit) -> list[bytes]:
    """Draw the pages of a hit, with the passage framed and its highlight marked.

    Args:
        seeds: the folder of articles.
        manifest: of the index that the hit is from.
        hit: from an article for which `has_page_pictures` holds.

    Returns:
        A JPEG for each page that the passage stands on.

    Raises:
        ArticleGone: the file is gone, or is another one than the index was built from.
        UnreadableFile: it cannot be drawn.
    """
    passage, highlight = hit.passage, hit.highlight
    indexed = {entry.sha256 for entry in manifest.articles if entry.path == passage.article}
    try:
        data = read_bytes(SourceFile(passage.article, seeds / passage.article))
    except FileGone as error:
        raise ArticleGone(f"{passage.article} is gone.") from error
    if hashlib.sha256(data).hexdigest() not in indexed:
        raise ArticleGone(f"{passage.article} has been changed since the index was built.")
    span = (highlight.start, highlight.end) if highlight else None
    return page_images(data, passage.text, [page.number for page in passage.pages], span)
