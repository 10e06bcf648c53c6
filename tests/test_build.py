"""Seeds to an index: what changed is read, what did not is taken over, what is bad is named."""

import os
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

from embeddings import readers
from embeddings.articles.article import Article
from embeddings.articles.folder import list_files
from embeddings.errors import SeedsError, UsageError
from embeddings.index.build import build_index
from embeddings.index.build_result import BuildResult
from embeddings.index.embed import Embedded, embed, texts_of
from embeddings.index.local.generation import (
    current_manifest,
    current_name,
    open_current,
)
from embeddings.index.local.verify import verify
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Model
from embeddings.readers import text
from embeddings.search.search import Searcher
from embeddings.text.lemmas import lemmas
from embeddings.text.sentences import sentence_spans
from tests.conftest import UNLOADED, TinyEncoder, model_that, tiny_model

SENTENCE = "The old lighthouse keeper wrote down the weather four times a day."


def write(folder: Path, name: str, content: str = SENTENCE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def skipped(result: BuildResult) -> dict[str, str]:
    return {entry.path: entry.reason for entry in result.skipped}


def paths(index: Path) -> list[str]:
    return [entry.path for entry in current_manifest(index).articles]


# Nothing changed


def test_a_folder_that_did_not_change_publishes_nothing_and_loads_no_model(
    index: Path, seeds: Path
) -> None:
    before = current_name(index)
    result = build_index(seeds, index, UNLOADED)
    assert not result.published
    assert current_name(index) == result.generation == before
    assert result.articles == 2
    assert result.passages == verify(index).passages


def test_the_reading_process_starts_early_only_where_something_is_read(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[bool] = []

    def opened(*, early: bool) -> "nullcontext[Any]":
        started.append(early)
        return nullcontext(readers)

    monkeypatch.setattr("embeddings.index.local.build.open_parser", opened)
    write(seeds, "bread.txt", "Bread is baked in the old oven every day of the week.")
    build_index(seeds, index, tiny)
    (seeds / "bread.txt").rename(seeds / "loaf.txt")
    build_index(seeds, index, tiny)
    (seeds / "loaf.txt").unlink()
    build_index(seeds, index, tiny)
    build_index(seeds, index, tiny)
    build_index(seeds, index, tiny, full=True)
    assert started == [True, False, False, True]


def test_skipped_files_do_not_make_a_build_necessary(
    seeds: Path, tmp_path: Path, tiny: Model
) -> None:
    write(seeds, "copy.txt", (seeds / "bread.txt").read_text(encoding="utf-8"))
    (seeds / "photo.png").write_bytes(b"\x89PNG")
    (seeds / "empty.txt").write_bytes(b"")
    first = build_index(seeds, tmp_path / "index", tiny)
    second = build_index(seeds, tmp_path / "index", UNLOADED)
    assert not second.published
    assert second.skipped == first.skipped
    assert len(first.skipped) == 3


# Something changed


def test_an_edited_article_is_encoded_again_and_only_it(index: Path, seeds: Path) -> None:
    encoded: list[str] = []
    total = verify(index).passages
    write(seeds, "bread.txt", f"How to bake bread\n\n{SENTENCE}")
    result = build_index(seeds, index, model_that(encoded.extend))
    assert result.changed == ("bread.txt",)
    assert result.added == result.removed == ()
    assert result.encoded == len(encoded) == 1
    assert result.reused == result.passages - 1
    assert result.passages <= total
    assert SENTENCE in encoded[0]


def test_a_renamed_article_keeps_its_vectors(index: Path, seeds: Path) -> None:
    (seeds / "deep").mkdir()
    (seeds / "latvia.txt").rename(seeds / "deep" / "латвія.txt")
    result = build_index(seeds, index, UNLOADED)
    assert result.renamed == (("latvia.txt", "deep/латвія.txt"),)
    assert result.added == result.removed == result.changed == ()
    assert result.reused == result.passages
    found = Searcher.open(index, tiny_model()).search("drone coalition Latvia").passages
    assert found[0].source.path == "deep/латвія.txt"


def test_another_suffix_is_another_reader(index: Path, seeds: Path, tiny: Model) -> None:
    """The same bytes are another article, and what one reader refuses another may read."""
    page = f"<html><body><h1>Kenya</h1><p>{SENTENCE}</p></body></html>"
    write(seeds, "page.txt", page)
    write(seeds, "note.docx", f"A note\n\n{SENTENCE} It is called a document by mistake.\n")
    assert skipped(build_index(seeds, index, tiny)).keys() == {"note.docx"}
    (seeds / "page.txt").rename(seeds / "page.html")
    (seeds / "note.docx").rename(seeds / "note.txt")
    result = build_index(seeds, index, tiny)
    assert (result.renamed, result.added) == ((("page.txt", "page.html"),), ("note.txt",))
    assert not result.skipped
    assert "<" not in str(Searcher.open(index, tiny).search("lighthouse", 9).passages)


def test_a_deleted_article_is_found_no_more(index: Path, seeds: Path, tiny: Model) -> None:
    (seeds / "bread.txt").unlink()
    result = build_index(seeds, index, tiny)
    assert result.removed == ("bread.txt",)
    assert result.encoded == 0
    answer = Searcher.open(index, tiny).search("How to bake bread", k=50)
    assert {found.source.path for found in answer.passages} == {"latvia.txt"}


def test_full_encodes_everything_and_gives_the_same(index: Path, seeds: Path) -> None:
    before = contents(index)
    encoded: list[str] = []
    result = build_index(seeds, index, model_that(encoded.extend), full=True)
    assert result.published
    assert result.encoded == len(encoded) == result.passages
    assert result.reused == 0
    assert result.added == result.changed == result.removed == ()
    assert contents(index) == before


def test_a_build_in_steps_gives_what_a_build_at_once_gives(
    index: Path, seeds: Path, tmp_path: Path, tiny: Model
) -> None:
    write(seeds, "a.txt")
    build_index(seeds, index, tiny)
    write(seeds, "bread.txt", "Bread\n\nBread is baked from flour, and flour is milled from grain.")
    build_index(seeds, index, tiny)
    (seeds / "latvia.txt").rename(seeds / "z.txt")
    build_index(seeds, index, tiny)
    build_index(seeds, tmp_path / "other", tiny)
    assert contents(index) == contents(tmp_path / "other")


def contents(index: Path) -> list[object]:
    """Everything that an index holds, passage by passage, and its words."""
    generation = open_current(index)
    rows: list[object] = [
        (*entry, *kept_of(generation.embedded(range(entry[0], entry[0] + 1))[0]))
        for entry in generation.passages.all()
    ]
    spoken = {name: mask.tolist() for name, mask in generation.rows_by_language.items()}
    words = {p.name: p.read_bytes() for p in generation.directory.glob("bm25.*")}
    generation.close()
    return [*rows, spoken, words]


def kept_of(embedded: Embedded) -> tuple[object, ...]:
    return (
        embedded.vector.tobytes(),
        embedded.spans,
        embedded.sentences.tobytes(),
        embedded.packed.tobytes(),
        embedded.segments.tolist(),
    )


def test_every_vector_is_that_of_its_passage(index: Path, seeds: Path, tiny: Model) -> None:
    """The worst error of an index is one document's text for another's."""
    write(seeds, "0-first.txt")
    build_index(seeds, index, tiny)
    encoder = TinyEncoder()
    generation = open_current(index)
    for row, entry in generation.passages.all():
        texts, spans = texts_of([entry], encoder), generation.sentences.spans(row)
        assert spans == sentence_spans(texts[0].body, texts[0].language)
        (expected,) = embed(texts, [spans], encoder, token_means_for("tiny:1", encoder.dimension))
        assert kept_of(generation.embedded(range(row, row + 1))[0]) == kept_of(expected)
        body = entry[0].text
        for start, end in expected.spans:
            assert body[start:end] == body[start:end].strip() != ""
    generation.close()


def test_new_rules_make_everything_anew(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.index.local.build.RULES", "other")
    result = build_index(seeds, index, tiny)
    assert result.published
    assert (result.reused, result.encoded) == (0, result.passages)
    assert current_manifest(index).rules == "other"
    assert not build_index(seeds, index, UNLOADED).published


def test_a_changed_title_changes_the_vectors(index: Path, seeds: Path, tiny: Model) -> None:
    path = seeds / "bread.txt"
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace("How to bake bread", "Baking at home"), encoding="utf-8")
    assert build_index(seeds, index, tiny).encoded > 0


@pytest.mark.parametrize(
    ("word", "found"), [("weather", {0, 1}), ("lighthouses", {0, 1}), ("opening", {1})]
)
def test_bm25_knows_the_words_of_text_title_and_headings(
    tmp_path: Path, tiny: Model, word: str, found: set[int]
) -> None:
    (tmp_path / "seeds").mkdir()
    page = f"# Lighthouses\n\n## The keeper\n\n{SENTENCE}\n\n## Opening hours\n\n{SENTENCE}"
    write(tmp_path / "seeds", "keeper.md", page)
    build_index(tmp_path / "seeds", tmp_path / "index", tiny)
    with closing(open_current(tmp_path / "index")) as generation:
        assert set(generation.bm25.top_k(lemmas(word, "en"), 10).tolist()) == found


# What is read and what is not


def test_the_order_of_articles_is_that_of_their_paths(
    seeds: Path, tmp_path: Path, tiny: Model
) -> None:
    for name in ("b/x.txt", "a.txt", "b.txt", "Ж.txt", "b/a.txt"):
        write(seeds, name, f"{SENTENCE} This one is called {name}, and it is its own.")
    build_index(seeds, tmp_path / "index", tiny)
    assert paths(tmp_path / "index") == sorted(paths(tmp_path / "index"))


@pytest.mark.parametrize(
    "name",
    [
        *(".hidden.txt", ".git/a.txt", "draft.txt~", "deep/.cache/a.txt", ".txt", "draft.tmp"),
        *("~$report.docx", ".~lock.report.odt#", "Thumbs.db", "deep/desktop.ini", "book.pdf.part"),
        *(".DS_Store", "__MACOSX/a.txt"),
    ],
)
def test_hidden_files_backups_and_files_of_the_system_are_no_articles(
    seeds: Path, name: str
) -> None:
    write(seeds, name)
    assert [seed.path for seed in list_files(seeds)] == ["bread.txt", "latvia.txt"]


def test_a_link_out_of_the_folder_is_named_once_and_not_followed(
    seeds: Path, index: Path, tiny: Model, tmp_path: Path
) -> None:
    outside = write(tmp_path, "outside/secret.txt")
    (seeds / "link.txt").symlink_to(outside)
    (seeds / "up.txt").symlink_to(Path("..") / "outside" / "secret.txt")
    (seeds / "folder").symlink_to(outside.parent, target_is_directory=True)
    (seeds / "loop").symlink_to(seeds, target_is_directory=True)
    reason = "a link out of the folder, which is not followed"
    names = ("folder", "link.txt", "up.txt")
    assert skipped(build_index(seeds, index, tiny)) == dict.fromkeys(names, reason)
    assert paths(index) == ["bread.txt", "latvia.txt"]
    (seeds / "link.txt").unlink()
    outside.unlink()
    assert set(skipped(build_index(seeds, index, tiny))) == {"folder", "up.txt"}


def test_links_within_the_folder_and_to_it_are_followed(seeds: Path, tmp_path: Path) -> None:
    (seeds / "deep").mkdir()
    (seeds / "deep" / "link.txt").symlink_to(seeds / "bread.txt")
    (tmp_path / "alias").symlink_to(seeds, target_is_directory=True)
    paths = [file.path for file in list_files(tmp_path / "alias")]
    assert paths == ["bread.txt", "deep/link.txt", "latvia.txt"]


def test_a_link_to_itself_is_named_and_the_others_are_read(
    index: Path, seeds: Path, tiny: Model
) -> None:
    (seeds / "loop.txt").symlink_to("loop.txt")
    assert skipped(build_index(seeds, index, tiny)) == {"loop.txt": "not a plain file"}
    assert paths(index) == ["bread.txt", "latvia.txt"]


@pytest.mark.parametrize("place", [".", "index", "deep/index"])
def test_an_index_among_the_articles_is_refused(seeds: Path, tiny: Model, place: str) -> None:
    before = list_files(seeds)
    with pytest.raises(UsageError, match="cannot be in the folder of articles"):
        build_index(seeds, seeds / place, tiny)
    assert list_files(seeds) == before
    build_index(seeds, seeds / ".index", tiny)
    assert not build_index(seeds, seeds / ".index", tiny).published


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_bad_files_are_named_with_their_reason_and_the_others_are_built(
    seeds: Path, tmp_path: Path, tiny: Model
) -> None:
    write(seeds, "empty.txt", "")
    write(seeds, "spaces.txt", " \n\t\n ")
    write(seeds, "menus.txt", "Share\nFacebook\n© 2024 The Herald\n")
    write(seeds, "copy.txt", (seeds / "bread.txt").read_text(encoding="utf-8"))
    write(seeds, "letter.doc")
    (seeds / "binary.txt").write_bytes(bytes(range(256)) * 10)
    (seeds / "zeros.txt").write_bytes(bytes(1000))
    (seeds / "folder.txt").mkdir()
    (seeds / "broken.txt").symlink_to(seeds / "nowhere.txt")
    os.mkfifo(seeds / "pipe.txt")
    expected = {
        "empty.txt": "empty",
        "spaces.txt": "empty",
        "zeros.txt": "empty",
        "menus.txt": "nothing in it but boilerplate (menus, credits, buttons)",
        "copy.txt": "the same text as bread.txt",
        "letter.doc": f"not a format that is read here ({', '.join(sorted(readers.READERS))})",
        "binary.txt": "not a text file, or in an encoding that is not known here",
        "broken.txt": "not a plain file",
        "pipe.txt": "not a plain file",
    }
    result = build_index(seeds, tmp_path / "index", tiny)
    assert skipped(result) == expected
    assert result.articles == 2
    assert {e.path: e.reason for e in current_manifest(tmp_path / "index").skipped} == expected


def test_a_file_that_cannot_be_opened_is_named_and_the_others_are_built(
    seeds: Path, index: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "bread.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = build_index(seeds, index, tiny)
    assert skipped(result) == {"bread.txt": "permission denied"}
    assert result.removed == ("bread.txt",)
    monkeypatch.undo()
    assert build_index(seeds, index, tiny).added == ("bread.txt",)


def test_a_reader_that_breaks_stops_only_its_file(
    seeds: Path, index: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = text.read

    def read_or_break(data: bytes, path: str) -> Article:
        if path == "bread.txt":
            raise ZeroDivisionError
        return read(data, path)

    monkeypatch.setattr(
        "embeddings.index.local.build.open_parser", lambda **_: nullcontext(readers)
    )
    monkeypatch.setattr(text, "read", read_or_break)
    result = build_index(seeds, index, tiny, full=True)
    assert skipped(result) == {"bread.txt": "cannot be read (ZeroDivisionError)"}


def test_bytes_in_an_old_encoding_are_read(seeds: Path, index: Path, tiny: Model) -> None:
    page = "Музей відчинено щодня.\n\nКвиток до музею коштує вісімдесят гривень для дорослих.\n"
    (seeds / "cp1251.txt").write_bytes(page.encode("cp1251"))
    (seeds / "utf16.txt").write_bytes(page.replace("вісімдесят", "сто").encode("utf-16"))
    assert build_index(seeds, index, tiny).added == ("cp1251.txt", "utf16.txt")
    languages = {entry.path: entry.language for entry in current_manifest(index).articles}
    assert languages["cp1251.txt"] == languages["utf16.txt"] == "uk"


# Nothing to build from


def test_a_folder_that_cannot_be_listed(
    seeds: Path, index: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(SeedsError, match=r"cannot be read"):
        build_index(seeds, index, tiny)


def test_a_sub_folder_that_cannot_be_listed_is_named(
    seeds: Path, index: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seeds / "locked").mkdir()
    write(seeds, "locked/secret.txt")
    scan = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    (seeds / "bread.txt").unlink()
    result = build_index(seeds, index, tiny)
    assert skipped(result) == {"locked/": "a folder that cannot be listed"}
    assert paths(index) == ["latvia.txt"]
    assert not build_index(seeds, index, tiny).published


# Encoders and progress


def test_progress_is_told_of_every_file_and_passage(
    seeds: Path, tmp_path: Path, tiny: Model
) -> None:
    told: list[tuple[str, int, int]] = []
    result = build_index(seeds, tmp_path / "index", tiny, progress=lambda *what: told.append(what))
    read = [(done, total) for what, done, total in told if what == "read"]
    assert list(dict.fromkeys(read)) == [(0, 2), (1, 2), (2, 2)]
    assert read == sorted(read)
    encoded = [(done, total) for what, done, total in told if what == "encode"]
    assert encoded[0] == (0, result.passages)
    assert encoded[-1] == (result.passages, result.passages)
    assert encoded == sorted(encoded)


def test_a_long_paragraph_can_be_given_up_between_its_sentences(
    seeds: Path, tmp_path: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seeds / "latvia.txt").unlink()
    write(seeds, "bread.txt", f"{SENTENCE} " * 9)
    build_index(seeds, tmp_path / "one", tiny)
    monkeypatch.setattr("embeddings.index.ingest._COUNTED_AT_ONCE", 2)
    told: list[tuple[str, int, int]] = []
    build_index(seeds, tmp_path / "many", tiny, progress=lambda *what: told.append(what))
    assert told.count(("read", 0, 1)) >= 5
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


def test_more_passages_than_fit_one_batch(
    seeds: Path, tmp_path: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(seeds, tmp_path / "one", tiny)
    monkeypatch.setattr("embeddings.index.local.writers._ENCODED_AT_ONCE", 2)
    build_index(seeds, tmp_path / "many", tiny)
    assert contents(tmp_path / "one") == contents(tmp_path / "many")
