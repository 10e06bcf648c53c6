"""Generations: whole or refused, and whatever happens while one is published the old one serves."""

import os
import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.errors import (
    IndexBusy,
    IndexDamaged,
    IndexUnavailable,
    IndexUnwritable,
    StoreError,
)
from embeddings.index.build import build_index
from embeddings.index.local import generation as generations
from embeddings.index.local.generation import (
    CURRENT,
    KEPT,
    PASSAGES,
    VECTORS,
    building,
    current_manifest,
    current_name,
    open_current,
)
from embeddings.index.local.verify import verify
from embeddings.index.manifest import (
    FILE_NAME,
    ArticleEntry,
    FileEntry,
    Manifest,
    ModelEntry,
    SkippedEntry,
    dump,
    load,
)
from embeddings.index.vectors import VectorWriter, open_vectors
from embeddings.model.encoder import Model
from embeddings.search.search import Searcher
from embeddings.storage import files as files_module
from embeddings.storage.checksums import note, stamp_of
from tests.conftest import run_python
from tests.damage import CONTENTS, SHAPES, Damage, flip, halve, lengthen, seal

PARTS = [
    PASSAGES,
    VECTORS,
    "passages.language.npy",
    "sentences.npy",
    "sentences.first.npy",
    "sentences.spans.npy",
    "tokens.packed.bin",
    "tokens.segments.bin",
    "tokens.first.npy",
    "bm25.keys.npy",
    "bm25.starts.npy",
    "bm25.rows.npy",
    "bm25.counts.npy",
    "bm25.lengths.npy",
]
FILES = [FILE_NAME, *PARTS]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBER = st.integers(0, 2**40)
MANIFESTS = st.builds(
    Manifest,
    created=TEXT,
    model=st.builds(ModelEntry, TEXT, TEXT, NUMBER),
    rules=TEXT,
    articles=st.lists(st.builds(ArticleEntry, TEXT, TEXT, TEXT, TEXT, NUMBER)).map(tuple),
    skipped=st.lists(st.builds(SkippedEntry, TEXT, st.none() | TEXT, TEXT)).map(tuple),
    files=st.dictionaries(TEXT, st.builds(FileEntry, NUMBER, TEXT)),
)


def current_directory(index: Path) -> Path:
    return index / "generations" / current_name(index)


def names(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "generations").iterdir())


def edit(seeds: Path, text: str) -> None:
    (seeds / "bread.txt").write_text(
        f"How to bake bread\n\n{text} Nothing else in this recipe has changed since.\n",
        encoding="utf-8",
    )


# The manifest


@given(MANIFESTS)
def test_a_manifest_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, manifest: Manifest
) -> None:
    path = tmp_path_factory.getbasetemp() / FILE_NAME
    path.write_text(dump(manifest), encoding="utf-8")
    assert load(path) == manifest


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "1", '"x"', '{"checksum": 1}', "{", "\0", '{"format": 1}']
)
def test_what_is_no_manifest_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        load(path)


def test_a_manifest_with_parts_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    warnings: Any = (["{what} is wrong", ["not the values of fields"]],)
    article = ArticleEntry("a.txt", "0", "A", "en", 1, warnings)
    manifest = Manifest("", ModelEntry("tiny", "tiny:1", 256), "", (article,), (), {})
    (tmp_path / FILE_NAME).write_text(dump(manifest), encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        load(tmp_path / FILE_NAME)


def test_a_manifest_that_was_edited_is_refused(index: Path) -> None:
    path = current_directory(index) / FILE_NAME
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tiny:1", "tiny:2"), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="changed after it was written"):
        open_current(index)


# Damage


DAMAGES = [*CONTENTS, *SHAPES]


@pytest.fixture
def before(index: Path, seeds: Path, tiny: Model) -> Path:
    """The generation before the current one; none of their files are the same."""
    directory = current_directory(index)
    edit(seeds, "Use twice as much water. " * 60)
    build_index(seeds, index, tiny)
    return directory


@pytest.mark.parametrize(
    ("name", "damage"),
    [*product(FILES, DAMAGES), *product(PARTS, [lengthen])],
)
def test_a_damaged_file_is_named(index: Path, name: str, damage: Damage) -> None:
    damage(current_directory(index) / name)
    for check in (open_current, verify):
        with pytest.raises(IndexDamaged, match=rf"{name}.*build --full"):
            check(index)


@pytest.mark.parametrize("names", [*((name,) for name in FILES), (PASSAGES, VECTORS)])
def test_files_of_another_generation_are_noticed(
    index: Path, before: Path, names: tuple[str, ...]
) -> None:
    """Two of them would give one document's text for another's."""
    for name in names:
        shutil.copy(before / name, current_directory(index) / name)
    with pytest.raises(IndexDamaged, match=str(current_directory(index))):
        open_current(index, strict=True)
    serves_in_its_place(index, before)


def serves_in_its_place(index: Path, before: Path) -> None:
    """The generation before is whole: it answers, and tells why."""
    with closing(open_current(index)) as generation:
        assert generation.directory == before
        assert str(current_directory(index)) in str(generation.damage)


@pytest.mark.parametrize(("name", "damage"), list(zip(FILES, cycle(DAMAGES))))
def test_the_last_whole_generation_serves_until_the_next_build(
    index: Path,
    seeds: Path,
    tiny: Model,
    before: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    damage: Damage,
) -> None:
    """Each damage of each file is told, see above; it does not matter which of them it is."""
    damage(current_directory(index) / name)
    serves_in_its_place(index, before)
    assert name in caplog.text
    result = build_index(seeds, index, tiny, repair=True)
    assert result.published
    assert verify(index).passages == result.passages


def rot(directory: Path) -> None:
    """Change a byte of a file, as no program does: its notes still say that it is whole."""
    flip(directory / VECTORS)
    manifest = load(directory / FILE_NAME)
    stamps = {name: stamp_of(directory / name) for name in manifest.files}
    note(directory, {name: entry.sha256 for name, entry in manifest.files.items()}, stamps)


def test_the_whole_generation_that_a_build_took_from_is_kept_rather_than_a_damaged_one(
    index: Path, seeds: Path, tiny: Model, before: Path
) -> None:
    flip(current_directory(index) / VECTORS)
    edit(seeds, "Use no water.")
    assert build_index(seeds, index, tiny).reused
    assert names(index) == [before.name, current_name(index)]
    flip(current_directory(index) / VECTORS)
    serves_in_its_place(index, before)


@pytest.mark.parametrize("is_noticed", [False, True])
def test_nothing_is_copied_from_a_generation_that_rotted(
    index: Path, seeds: Path, tiny: Model, before: Path, is_noticed: bool
) -> None:
    """Only reading it shows that it did: before a build, and before it serves for another."""
    for directory in (before, current_directory(index)):
        rot(directory)
    open_current(index).close()  # believes the notes
    if is_noticed:
        flip(current_directory(index) / VECTORS, 0)
        with pytest.raises(IndexDamaged, match=str(current_directory(index) / VECTORS)):
            open_current(index)
    edit(seeds, "Use no water.")
    result = build_index(seeds, index, tiny)
    assert (result.reused, result.rebuild_reason) == (0, "the index was damaged")
    assert verify(index).passages == result.passages


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_lack_of_file_handles_is_no_damage(index: Path) -> None:
    import resource

    open_current(index).close()
    before = open_files()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    failures = 0
    for handles in range(3, 1000):
        resource.setrlimit(resource.RLIMIT_NOFILE, (handles, limit[1]))
        try:
            open_current(index).close()
            break
        except IndexUnavailable as error:
            assert "Too many open files" in str(error)
            failures += 1
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    else:
        pytest.fail("the index was never opened")
    assert failures
    assert open_files() <= before, "a file stayed open"


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def test_a_build_notices_by_itself_a_file_of_another_size(
    index: Path, seeds: Path, tiny: Model
) -> None:
    halve(current_directory(index) / VECTORS)
    assert build_index(seeds, index, tiny).published
    verify(index)


@pytest.mark.parametrize(
    "content",
    ["", "\n", "garbage", "..", "../..", "a/b", ".1", "/etc", "\0", "00000009", "x" * 5000],
)
def test_a_current_that_names_nothing_is_refused(index: Path, content: str) -> None:
    (index / CURRENT).write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="build --full"):
        open_current(index, strict=True)


def test_without_current_the_newest_whole_generation_serves(index: Path) -> None:
    whole = current_directory(index)
    (index / CURRENT).write_bytes(b"\xff\xfe\x80\x81")
    with closing(open_current(index)) as generation:
        assert generation.directory == whole
        assert "CURRENT" in str(generation.damage)


@pytest.mark.parametrize("content", ["", "garbage", "00000009"])
def test_a_build_mends_current(index: Path, seeds: Path, tiny: Model, content: str) -> None:
    (index / CURRENT).write_text(content, encoding="utf-8")
    assert build_index(seeds, index, tiny).published
    verify(index)


# Publishing


class Crash(BaseException):
    """What a killed process does, as far as its own code is concerned: nothing more."""


def crash(*_: object, **__: object) -> None:
    raise Crash


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


STEPS: list[tuple[object, str]] = [
    (Path, "mkdir"),
    (Path, "write_text"),
    (generations, "digests_of"),
    (generations, "fsync_tree"),
    (generations, "open_generation"),
    (generations, "_next_name"),
    (Path, "rename"),
    (generations, "fsync"),
    (generations, "write_atomically"),
    (files_module, "fsync"),
    (os, "fsync"),
    (Path, "replace"),
    (generations, "_remove_old"),
]


@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("failure", ["killed", "stopped", "full disk"])
def test_what_fails_while_publishing_leaves_a_whole_index(
    index: Path,
    seeds: Path,
    tiny: Model,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    step: str,
    failure: str,
) -> None:
    before = verify(index)
    edit(seeds, "Use twice as much water.")
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, full if failure == "full disk" else crash)
        if failure == "killed":  # a killed process cleans nothing up
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
            patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises((Crash, IndexUnwritable)) as caught:
            build_index(seeds, index, tiny)
    if failure == "full disk":
        assert "No space left on device" in str(caught.value)
        assert "\n" not in str(caught.value)
    after = verify(index)
    assert (after == before) == (step != "_remove_old")  # by then CURRENT is replaced
    build_index(seeds, index, tiny)
    verify(index)
    _nothing_is_left_over(index)


def _nothing_is_left_over(index: Path) -> None:
    assert sorted(path.name for path in index.iterdir()) == [CURRENT, "generations", "lock"]
    assert all(name.isdecimal() for name in names(index))
    assert max(names(index)) == current_name(index)
    assert len(names(index)) <= KEPT


def test_a_kill_before_current_is_replaced_leaves_no_generation_behind_for_good(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk that stays full must not fill with generations that nobody can reach."""
    edit(seeds, "Use twice as much water.")
    for _ in range(4):
        with monkeypatch.context() as patch:
            patch.setattr(generations, "write_atomically", crash)
            with pytest.raises(Crash):
                build_index(seeds, index, tiny)
    assert len(names(index)) <= KEPT


def test_left_overs_of_any_kind_are_removed(index: Path, seeds: Path, tiny: Model) -> None:
    (index / "generations" / ".123").mkdir()
    (index / "generations" / ".123" / "vectors.npy").write_bytes(b"x")
    (index / "generations" / ".DS_Store").write_bytes(b"x")
    edit(seeds, "Use twice as much water.")
    build_index(seeds, index, tiny)
    _nothing_is_left_over(index)


def test_a_generation_that_is_open_answers_also_after_its_files_are_removed(
    index: Path, seeds: Path, tiny: Model
) -> None:
    searcher = Searcher.open(index, tiny)
    old = current_directory(index)
    edit(seeds, "Use twice as much water.")
    build_index(seeds, index, tiny)
    assert old.exists()  # the one before is kept for those who have just read its name
    edit(seeds, "Use one cup.")
    build_index(seeds, index, tiny)
    assert not old.exists()
    assert len(names(index)) == KEPT
    assert "two hours" in searcher.search("How long does the dough rise?").passages[0].passage.text
    searcher.close()


def test_a_new_generation_sorts_after_the_old_ones(index: Path, seeds: Path, tiny: Model) -> None:
    before = current_name(index)
    build_index(seeds, index, tiny, full=True)
    assert current_name(index) > before


# Disks


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_process_that_may_not_write_more_leaves_the_old_index(index: Path, seeds: Path) -> None:
    before = verify(index)
    edit(seeds, "Use twice as much water. " * 400)
    code = """
import resource, sys
from pathlib import Path
from embeddings.index.build import build_index
from embeddings.errors import IndexUnwritable
from tests.conftest import tiny_model
for limit in (0, 4096, 20000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        build_index(Path(sys.argv[1]), Path(sys.argv[2]), tiny_model())
    except IndexUnwritable as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        print(error)
"""
    ended = run_python(code, seeds, index)
    assert ended.stdout.count("cannot be written") == 3, ended.stderr
    assert verify(index) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_directory_that_may_not_be_written(index: Path, seeds: Path, tiny: Model) -> None:
    before = verify(index)
    edit(seeds, "Use twice as much water.")
    directories = [index, index / "generations"]
    for directory in directories:
        directory.chmod(0o500)
    try:
        with pytest.raises(IndexUnwritable, match="Permission denied"):
            build_index(seeds, index, tiny)
        assert verify(index) == before
    finally:
        for directory in directories:
            directory.chmod(0o700)


def test_an_index_that_may_not_be_written_is_still_read(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for step in ("mkdir", "write_text", "rename", "unlink", "touch"):
        monkeypatch.setattr(Path, step, refuse)
    with closing(open_current(index)) as generation:
        assert len(generation.passages.get([0, 1])) == 2


def test_an_index_directory_that_is_a_file(tmp_path: Path, seeds: Path, tiny: Model) -> None:
    path = tmp_path / "file"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(IndexUnwritable, match="file"):
        build_index(seeds, path, tiny)
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(StoreError):
        open_current(path)


# Two builders


def test_one_who_builds_keeps_others_out(index: Path) -> None:
    def try_to_build() -> None:
        with building(index, wait_s=0.2):
            pass

    with ThreadPoolExecutor() as pool, building(index):
        assert isinstance(pool.submit(try_to_build).exception(), IndexBusy)


def test_builders_in_several_processes_take_turns(seeds: Path, tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from embeddings.index.build import build_index
from tests.conftest import tiny_model
print(build_index(Path(sys.argv[1]), Path(sys.argv[2]), tiny_model(), full=True).generation)
"""
    index = tmp_path / "shared"
    with ThreadPoolExecutor() as pool:
        ended = [pool.submit(run_python, code, seeds, index) for _ in range(2)]
    outputs = [one.result() for one in ended]
    assert sorted(one.stdout.strip() for one in outputs) == ["00000001", "00000002"], outputs
    verify(index)
    _nothing_is_left_over(index)


def test_readers_never_see_a_part_while_others_build(index: Path, seeds: Path, tiny: Model) -> None:
    def build() -> None:
        for number in range(12):
            edit(seeds, f"Use {number} cups of water.")
            build_index(seeds, index, tiny)

    seen: set[str] = set()
    with ThreadPoolExecutor() as pool:
        built = pool.submit(build)
        while not built.done():
            with closing(open_current(index)) as generation:
                seen.add(generation.name)
        built.result()
    assert len(seen) > 1


# verify


def test_verify_counts_what_is_there(index: Path) -> None:
    result = verify(index)
    assert result.files == len(FILES)
    assert result.passages == current_manifest(index).passages > 0


def test_verify_notices_passages_out_of_place(index: Path) -> None:
    """Digests that agree do not make an index whole when a build had gone wrong."""
    directory = current_directory(index)
    with closing(sqlite3.connect(directory / PASSAGES)) as database:
        database.execute("UPDATE passage SET end = end + 1 WHERE id = 0")
        database.commit()
    seal(directory)
    with pytest.raises(IndexDamaged, match="passage 0 is out of place"):
        verify(index)


@pytest.mark.parametrize("name", [VECTORS, "sentences.npy"])
def test_verify_notices_a_vector_of_another_length(index: Path, name: str) -> None:
    directory = current_directory(index)
    store = open_vectors(directory / name)
    vectors = store.get(range(len(store))) * 2
    (directory / name).unlink()
    other = VectorWriter(directory / name, store.dimension)
    other.add(vectors)
    other.finish(lambda: None)
    seal(directory)
    with pytest.raises(IndexDamaged, match=f"{name}.*not of length 1"):
        verify(index)
