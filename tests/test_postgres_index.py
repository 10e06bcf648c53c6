"""What only an index in PostgreSQL has: many readers, builders and encoders, servers that fail."""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from embeddings.array_types import Floats
from embeddings.articles.passage import Passage
from embeddings.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    IndexUnavailable,
    IndexUnwritable,
    Stopped,
    UsageError,
)
from embeddings.index.build import build_index
from embeddings.index.build_result import RULES
from embeddings.index.embed import Embedded
from embeddings.index.local.generation import building
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import ArticleEntry, ModelEntry
from embeddings.index.open import current_manifest, open_index
from embeddings.index.passages import Source
from embeddings.index.postgres import schema, versions
from embeddings.index.postgres.building import nearest_indexes
from embeddings.index.postgres.building.article_writer import ArticleWriter, StagedArticle
from embeddings.index.postgres.copy import copy_index
from embeddings.index.postgres.database import connect
from embeddings.index.postgres.encode import encode_waiting
from embeddings.index.postgres.snapshot import PostgresSnapshot
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.verify import verify_database
from embeddings.index.search_index import IndexSnapshot, Query
from embeddings.search.search import Searcher
from tests.conftest import (
    ROOT,
    UNLOADED,
    Run,
    TinyEncoder,
    is_one_line,
    model_that,
    refused,
    tiny_model,
)
from tests.postgres_load import (
    edit_under_readers,
    fail_over_under_readers,
    tell,
    told,
    wait_for_standby,
    with_standby,
)
from tests.servers import PASSWORD, Server, away, drop_database, execute, new_server

MODEL = tiny_model()

pytestmark = pytest.mark.usefixtures("_one_database_parser")


CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    "AND datname = current_database()"
)
"""Ends all other connections to a database."""


def silent(*_: object) -> None:
    pass


def write_numbers(seeds: Path, count: int) -> None:
    """Write an article of so many paragraphs, each of them a passage."""
    paragraphs = (" ".join(f"{n}, {m} are its numbers." for m in range(30)) for n in range(count))
    (seeds / "long.txt").write_text("\n\n".join(paragraphs))


# What a question sees


def test_a_snapshot_sees_no_edit_committed_meanwhile(database: DatabaseUrl, seeds: Path) -> None:
    tell(seeds, 1)
    build_index(seeds, database, MODEL)
    with closing(open_index(database)) as index:

        def read_around_an_edit(snapshot: IndexSnapshot) -> list[object]:
            before = len(snapshot), len(snapshot.passages.articles())
            tell(seeds, 2)
            (seeds / "bread.txt").unlink()
            build_index(seeds, database, MODEL)
            assert (len(snapshot), len(snapshot.passages.articles())) == before
            rows, _ = snapshot.nearest(TinyEncoder().encode_questions(["bread"])[0].vector, 99)
            assert len(rows) == len(snapshot)
            return [told(snapshot), snapshot.passages.rows_of_article("bread.txt") is None]

        name = index.name
        assert index.snapshot(read_around_an_edit) == [{1}, False]
        assert index.snapshot(told) == {2}
        assert index.name > name


def test_readers_see_each_edit_at_once_and_whole(database: DatabaseUrl, seeds: Path) -> None:
    """Also while a second version is built and exchanged; 200 edits: `tests.postgres_load`."""
    assert edit_under_readers(database, seeds, edits=7).answers > 7
    states = execute(database.url, f"SELECT state FROM {database.schema}.version")
    assert states == [("current",)]
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'passage_index%'"
    assert len(execute(database.url, schemas)) == 2
    assert execute(database.url, f"SELECT count(*) FROM {database.schema}.encoding") == [(0,)]
    connected = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'passage-bot'"
    )
    while execute(database.url, connected) != [(0,)]:
        time.sleep(0.02)
    verify_database(database)


def test_a_change_of_the_model_leaves_readers_whole_until_it_is_done(
    database: DatabaseUrl, seeds: Path
) -> None:
    build_index(seeds, database, MODEL)
    with closing(Searcher.open(database, MODEL)) as searcher:

        def ask(_: object) -> None:
            assert searcher.search("How to bake bread").passages

        build_index(seeds, database, model_that(ask, "tiny:2"))
        with pytest.raises(IndexMismatch, match="built with another model meanwhile, tiny"):
            searcher.search("How to bake bread")


def test_an_unfinished_version_is_gone_on_with(database: DatabaseUrl, seeds: Path) -> None:
    encoded: list[str] = []

    def fail(texts: Sequence[str]) -> None:
        if encoded:
            raise KeyboardInterrupt
        encoded.extend(texts)

    write_numbers(seeds, 20)
    with pytest.raises(KeyboardInterrupt):
        build_index(seeds, database, model_that(fail))
    with pytest.raises(IndexMissing):
        open_index(database)
    result = build_index(seeds, database, model_that(encoded.extend))
    assert len(encoded) == len(set(encoded)) == result.passages
    verify_database(database)
    encoded.clear()
    result = build_index(seeds, database, model_that(encoded.extend), full=True)
    assert len(encoded) == result.passages == result.encoded


def test_two_builders_take_turns_also_for_the_first_time(
    database: DatabaseUrl, seeds: Path
) -> None:
    with ThreadPoolExecutor(2) as pool:
        builds = [pool.submit(build_index, seeds, database, MODEL) for _ in range(2)]
    assert sorted(build.result().published for build in builds) == [False, True]
    verify_database(database)


# Encoders


def test_encoders_share_the_work_of_a_build(database: DatabaseUrl, seeds: Path) -> None:
    build_index(seeds, database, MODEL)
    seen: list[str] = []
    stop = threading.Event()

    def note(texts: Sequence[str]) -> None:
        seen.extend(texts)
        time.sleep(0.02)

    def show(_: object) -> None:
        if stop.is_set():
            raise Stopped

    def help_out() -> None:
        with pytest.raises(Stopped):
            encode_waiting(database, model, show, until_empty=False)

    write_numbers(seeds, 50)
    model = model_that(note)

    with ThreadPoolExecutor(2) as pool:
        helpers = [pool.submit(help_out) for _ in range(2)]
        try:
            result = build_index(seeds, database, model)
        finally:
            stop.set()
        for helper in helpers:
            helper.result()
    assert result.encoded == len(seen) == len(set(seen)) >= 45
    verify_database(database)


def test_vectors_leave_the_queue_once_they_are_taken(database: DatabaseUrl, seeds: Path) -> None:
    build_index(seeds, database, MODEL)
    kept = []

    def look(_: object) -> None:
        kept.extend(execute(database.url, "SELECT count(vector) FROM passage_index.encoding"))

    for number in range(60):
        (seeds / f"{number}.txt").write_text(f"Number {number % 40}\n\nIt is {number}.\n")
    result = build_index(seeds, database, model_that(look))
    assert (result.encoded, kept) == (60, [(0,)] * 4)


def test_an_encoder_waits_for_a_server_that_went_away(database: DatabaseUrl, seeds: Path) -> None:
    build_index(seeds, database, MODEL)
    looks = 0

    def cut(_: object) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise Stopped
        execute(database.url, CUT)

    with pytest.raises(Stopped):
        encode_waiting(database, MODEL, cut, until_empty=False)


def test_builders_and_encoders_killed_at_random_leave_the_index_whole(
    database: DatabaseUrl,
) -> None:
    """See `tests.kills`; a hundred kills were run once by hand."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills", "postgres", "3", "1", database.url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    before, after, encoded = map(int, done.stdout.split())
    assert before + after == 3
    assert encoded > 0
    verify_database(database)


def test_what_a_full_build_that_was_given_up_has_left_is_dropped(
    database: DatabaseUrl, seeds: Path
) -> None:
    build_index(seeds, database, MODEL)

    def stop(what: str, *_: int) -> None:
        if what == "encode":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(seeds, database, MODEL, full=True, progress=stop)
    texts = f"(SELECT count(*) FROM {database.schema}.encoding)"
    versions_and_texts = f"SELECT number, {texts} FROM {database.schema}.version ORDER BY number"
    assert [number for number, _ in execute(database.url, versions_and_texts)] == [1, 2]
    assert not build_index(seeds, database, MODEL).published
    assert execute(database.url, versions_and_texts) == [(1, 0)]
    with closing(connect(database)) as connection:
        other = ModelEntry("other", "other:1", 8)
        versions.begin(Tables(connection, database), other, RULES, anew=False)
        for age, left in (("6 days", [1, 2]), ("8 days", [1])):
            connection.execute(
                f"UPDATE {database.schema}.version SET created = now() - interval '{age}'"
            )
            build_index(seeds, database, MODEL)
            assert [number for number, _ in execute(database.url, versions_and_texts)] == left


# Standbys


def test_a_standby_answers_and_one_that_lags_does_not(
    database: DatabaseUrl, postgres: Server, seeds: Path
) -> None:
    with with_standby(postgres) as (both, standby):
        tell(seeds, 1)
        build_index(seeds, both, MODEL)
        wait_for_standby(both, postgres, standby)
        name = urlsplit(both.url).path[1:]
        with closing(open_index(both)) as index:
            on_standby = "SELECT pg_is_in_recovery()"

            def place(snapshot: IndexSnapshot) -> tuple[set[int], bool]:
                connection = snapshot._tables.connection  # type: ignore[attr-defined]
                return told(snapshot), connection.execute(on_standby).fetchone()[0]

            assert index.snapshot(place) == ({1}, True)
            execute(standby.url(name), "SELECT pg_wal_replay_pause()")
            tell(seeds, 2)
            build_index(seeds, both, MODEL)
            deadline = time.monotonic() + 20
            while (answer := index.snapshot(place)) != ({2}, False):
                assert answer == ({1}, True)  # until it is told
                assert time.monotonic() < deadline
            execute(standby.url(name), "SELECT pg_wal_replay_resume()")
            wait_for_standby(both, postgres, standby)
            assert index.snapshot(place) == ({2}, True)


def test_a_standby_that_takes_over_answers_with_what_it_has(seeds: Path) -> None:
    """Also where it lacks the last edit, which readers were told of already."""
    asked, without_writes_s = fail_over_under_readers(seeds)
    assert asked.answers > 40
    assert without_writes_s < 20


def test_what_a_standby_has_is_better_than_nothing(seeds: Path) -> None:
    """It lags, and the primary is gone."""
    with new_server() as primary, with_standby(primary) as (both, standby):
        tell(seeds, 1)
        build_index(seeds, both, MODEL)
        wait_for_standby(both, primary, standby)
        with closing(open_index(both)) as index:
            execute(standby.url(urlsplit(both.url).path[1:]), "SELECT pg_wal_replay_pause()")
            tell(seeds, 2)
            build_index(seeds, both, MODEL)
            while index.snapshot(told) != {2}:
                time.sleep(0.02)
            primary.kill()
            assert index.snapshot(told) == {1}
        with closing(open_index(both)) as index:
            assert index.snapshot(told) == {1}


def test_a_standby_alone_can_be_asked_and_not_built(
    postgres: Server, seeds: Path, cli_run: Run, tmp_path: Path
) -> None:
    with with_standby(postgres) as (both, standby):
        build_index(seeds, both, MODEL)
        wait_for_standby(both, postgres, standby)
        url = standby.url(urlsplit(both.url).path[1:])
        status, out, err = cli_run("search", "How to bake bread?", "--index", url, "--json")
        assert status == 0, err
        assert json.loads(out)["passages"]
        assert cli_run("verify", "--index", url)[0] == 0
        err = refused(cli_run("build", "--seeds", seeds, "--index", url))
        assert "is a standby, or read-only" in err


# Copies


def test_an_index_is_copied_both_ways_without_encoding(
    database: DatabaseUrl, index: Path, seeds: Path, tmp_path: Path
) -> None:
    (seeds / "copy.txt").write_bytes((seeds / "bread.txt").read_bytes())
    build_index(seeds, index, MODEL)
    copied = copy_index(index, database, silent)
    assert copied.passages == current_manifest(index).passages
    verify_database(database)

    assert not build_index(seeds, database, UNLOADED).published
    back = copy_index(database, tmp_path / "back", silent)
    assert not build_index(seeds, tmp_path / "back", UNLOADED).published
    for entries in ("articles", "skipped"):
        assert getattr(back, entries) == getattr(current_manifest(index), entries)
    answers = []
    for location in (index, database, tmp_path / "back"):
        with closing(Searcher.open(location, MODEL)) as searcher:
            found = searcher.search("Let the dough rise", 50).passages
            answers.append([(hit.passage, hit.source, round(hit.score, 2)) for hit in found])
    assert answers[0] == answers[1] == answers[2]
    for source, target in ((index, tmp_path / "x"), (database, database)):
        with pytest.raises(UsageError, match="copied from a directory to a database, or back"):
            copy_index(source, target, silent)


def test_a_copy_that_waited_for_a_builder_is_of_what_is_there_then(
    database: DatabaseUrl, seeds: Path, tmp_path: Path
) -> None:
    build_index(seeds, database, MODEL)
    has_waited = threading.Event()

    def note_waiting(what: str, *_: object) -> None:
        if what == "wait":
            has_waited.set()

    with ThreadPoolExecutor() as pool:
        with building(tmp_path / "copy"):
            copied = pool.submit(copy_index, database, tmp_path / "copy", note_waiting)
            assert has_waited.wait(20)
            (seeds / "bread.txt").unlink()
            build_index(seeds, database, MODEL, full=True)
        entries = copied.result().articles
    assert "bread.txt" not in [entry.path for entry in entries]
    assert entries


# Large indexes


def fill(tables: Tables, vectors: Floats) -> None:
    """Make a version of an index, of passages in two languages, of one sentence each."""
    schema.prepare(tables)
    model = ModelEntry("tiny", "tiny:1", vectors.shape[1])
    version = versions.begin(tables, model, RULES, anew=True)
    writer, chance = ArticleWriter(tables, version), np.random.default_rng(1)
    texts = ["a"] * len(vectors)
    for word in range(200):
        for row in chance.choice(len(vectors), 20 + 9 * word, replace=False):
            texts[row] += f" word{word}"
    tokens = np.zeros((1, vectors.shape[1] // 4), np.uint8), np.zeros(1, np.int16)
    with tables.connection.transaction():
        for language in ("en", "uk"):
            rows = [row for row in range(len(vectors)) if language_of(row) == language]
            source = Source(language, language, None, None, language)
            passages = [Passage(language, 0, len(texts[row]), texts[row]) for row in rows]
            staged = StagedArticle(source, (), "", "", passages, [str(row) for row in rows], 0)
            embedded = {
                str(row): Embedded(vectors[row], [(0, 1)], vectors[row][None], *tokens)
                for row in rows
            }
            writer.replace(staged, embedded)
        writer.finish()
    versions.switch(tables, version)


def language_of(row: int) -> str:
    return "en" if row < 1600 else "uk"


def test_hnsw_finds_what_an_exact_search_finds_in_each_language(database: DatabaseUrl) -> None:
    """It is used with parameters, too, and once the server keeps the plan of the statement."""
    chance, count, asked = np.random.default_rng(2), 2000, 12
    centres = chance.normal(size=(40, 64))
    vectors = (centres[chance.integers(0, 40, count)] + chance.normal(size=(count, 64))).astype(
        "f4"
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with closing(connect(database)) as connection:
        tables = Tables(connection, database)
        fill(tables, vectors)
        version = versions.current(tables)
        nearest_indexes.bring_up_to_date(tables, replace(version, passages=0), silent, least=300)
    with closing(connect(database)) as connection:
        connection.execute("SET enable_seqscan = off")  # so few are scanned as fast
        tables = Tables(connection, database, version.number)
        found: dict[frozenset[str], list[float]] = {}
        for languages in (frozenset({"en", "uk"}), frozenset({"uk"})):
            snapshot = PostgresSnapshot(tables, version, languages)
            rows = np.array([n for n in range(count) if language_of(n) in languages])
            for vector in vectors[chance.integers(0, count, asked)]:
                exact = rows[np.argsort(-(vectors[rows] @ vector))[:10]]
                near, cosines = snapshot.nearest(vector, 10)
                found.setdefault(languages, []).append(len(np.intersect1d(near, exact)) / 10)
                assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)
                if len(languages) > 1:
                    words = ("word3", "word190", "word7", "absent")
                    retrieved = snapshot.retrieve(Query(vector, words, 30, 60, 10, 15)).rows
                    assert np.isin(near, retrieved).all()
            assert len(snapshot.nearest(vector, 350)[0]) == 350
        assert all(np.mean(recalls) >= 0.98 for recalls in found.values()), found
    scans = dict(
        execute(
            database.url,
            "SELECT indexrelname, idx_scan FROM pg_stat_user_indexes WHERE idx_scan > 0",
        )
    )
    assert scans["hnsw_en"] >= 2 * asked
    assert scans["hnsw_uk"] >= 3 * asked
    assert scans["hnsw_sentence"] >= asked
    assert scans["posting_pkey"] >= asked
    whole = "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = 'posting'"
    before_index = 2  # it was analysed
    assert dict(execute(database.url, whole))["posting"] <= before_index


# Whatever is wrong


def server_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def with_user(database: DatabaseUrl, name: str, password: str = PASSWORD, **parts: str) -> str:
    """Return the address of the database for another user."""
    netloc = f"{name}:{password}@{server_of(database.url)}"
    return urlsplit(database.url)._replace(netloc=netloc, **parts).geturl()


COMMANDS = [
    ("build", "--seeds", "{seeds}"),
    ("search", "How to bake bread?"),
    ("verify",),
    ("info",),
    ("read", "no-such.txt"),
    ("encode", "--until-empty"),
    ("copy", "--to", "{other}"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_each_command_says_in_one_line_what_is_wrong_with_the_address(
    database: DatabaseUrl,
    seeds: Path,
    tmp_path: Path,
    cli_run: Run,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "hidden%25secret"
    usual = with_user(database, "postgres", secret)
    words = [word.format(seeds=seeds, other=tmp_path / "other") for word in command]
    for url, status, text in (
        (usual, 1, "refuses the user or the password"),
        (with_user(database, "postgres", path="/nowhere"), 1, "There is no such database"),
        (usual.replace(server_of(usual), "127.0.0.1:1"), 1, "cannot be reached at the moment"),
        (usual.replace("postgresql:", "mysql:"), 2, "must begin with postgresql://"),
        (usual.replace("postgresql://", "postgresql:"), 2, "no address of a PostgreSQL database"),
        (usual + "?no_such_parameter=1", 2, "no address of a PostgreSQL database"),
        (usual + "?schema=No-Schema", 2, "must be lower-case"),
        (usual.replace(secret, "hidden%zzsecret"), 2, "no address of a PostgreSQL database"),
        (usual.replace(secret, "hidden@secret"), 2, "no address of a PostgreSQL database"),
        (usual.replace(secret, "hidden/secret"), 2, "no address of a PostgreSQL database"),
    ):
        monkeypatch.setenv("INDEX_URL", url)
        result = cli_run(*words)
        assert result[0] == status, (url, result)
        assert is_one_line(result[2]), result
        assert text in result[2]
        assert len(result[2]) < 280
        for output in (*result[1:], caplog.text):
            assert "hidden" not in output
            assert "secret" not in output


def test_the_extension_is_made_where_the_user_may(postgres: Server, seeds: Path) -> None:
    bare = DatabaseUrl(postgres.create_database(template="template0"))
    build_index(seeds, bare, MODEL)
    verify_database(bare)
    drop_database(bare.url, postgres.url())


def test_a_server_without_the_files_of_the_extension_is_named(
    postgres: Server, seeds: Path, cli_run: Run
) -> None:
    bare = postgres.create_database(template="template0")
    name = urlsplit(bare).path[1:]
    execute(bare, f"ALTER DATABASE {name} SET extension_control_path = '/nowhere'")
    index = seeds.parent / "index"
    build_index(seeds, index, MODEL)
    for command in (
        ("build", "--seeds", seeds, "--index", bare),
        ("copy", "--index", index, "--to", bare),
    ):
        assert "lacks pgvector. Install it there" in refused(cli_run(*command))
    drop_database(bare, postgres.url())


def test_a_user_without_rights_is_told_what_is_missing(
    postgres: Server, seeds: Path, cli_run: Run
) -> None:
    bare = DatabaseUrl(postgres.create_database(template="template0"))
    user = f"u{time.time_ns()}"
    execute(bare.url, f"CREATE ROLE {user} LOGIN PASSWORD '{PASSWORD}'")
    url = with_user(bare, user)
    database = urlsplit(url).path[1:]
    expected = [
        ("lacks the extension pgvector", "CREATE EXTENSION vector"),
        ("may not do this", f"GRANT CREATE ON DATABASE {database} TO {user}"),
    ]
    for text, mend in expected:
        assert text in refused(cli_run("build", "--seeds", seeds, "--index", url))
        execute(bare.url, mend)
    assert cli_run("build", "--seeds", seeds, "--index", url)[0] == 0
    execute(bare.url, f"REASSIGN OWNED BY {user} TO postgres")
    status, _, err = cli_run("search", "bread", "--index", url)
    assert (status, is_one_line(err), "may not do this" in err) == (1, True, True)
    status, _, err = cli_run("build", "--seeds", seeds, "--index", url)
    assert (status, is_one_line(err), "may not do this" in err) == (1, True, True)
    drop_database(bare.url, postgres.url())
    execute(postgres.url(), f"DROP ROLE {user}")


@pytest.mark.parametrize(("number", "text"), [("0000", "older version"), ("9999", "newer version")])
def test_tables_of_another_version_of_the_program(
    database: DatabaseUrl, seeds: Path, number: str, text: str
) -> None:
    build_index(seeds, database, MODEL)
    execute(database.url, f"UPDATE {database.schema}.alembic_version SET version_num = '{number}'")
    for look in (open_index, current_manifest, verify_database):
        with pytest.raises(IndexOutdated, match=text):
            look(database)
    if number == "9999":
        with pytest.raises(IndexOutdated, match=text):
            build_index(seeds, database, MODEL)


def test_tables_of_another_layout_are_built_anew(database: DatabaseUrl, seeds: Path) -> None:
    build_index(seeds, database, MODEL)
    execute(
        database.url,
        f"ALTER TABLE {database.schema}_v1.article RENAME warnings TO remarks",
        f"UPDATE {database.schema}.version SET layout = 0",
    )
    with pytest.raises(IndexOutdated, match="layout 0"):
        open_index(database)
    assert build_index(seeds, database, MODEL).rebuild_reason
    verify_database(database)


def test_tables_that_disagree_are_found(database: DatabaseUrl, seeds: Path) -> None:
    for number, change, text in (
        (1, "DELETE FROM {name}.passage_token WHERE id = 1", "passages without tokens"),
        (2, "UPDATE {name}.word SET passages = passages + 1 WHERE id = 1", "words with another"),
        (3, "UPDATE passage_index.version SET passages = passages + 1", "other totals"),
    ):
        build_index(seeds, database, MODEL, full=number > 1)
        execute(database.url, change.format(name=f"passage_index_v{number}"))
        with pytest.raises(IndexDamaged, match=text):
            verify_database(database)


def test_a_server_that_goes_away_in_the_middle_of_a_build_loses_nothing(
    database: DatabaseUrl, seeds: Path
) -> None:
    tell(seeds, 1)
    build_index(seeds, database, MODEL)
    tell(seeds, 2)
    with closing(open_index(database)) as index:
        with pytest.raises(IndexUnavailable, match="cannot be reached at the moment") as raised:
            build_index(seeds, database, model_that(lambda _: execute(database.url, CUT)))
        assert "\n" not in str(raised.value)
        assert index.snapshot(told) == {1}
        build_index(seeds, database, MODEL)
        execute(database.url, CUT)
        assert index.snapshot(told) == {2}
    with pytest.raises(IndexUnavailable):
        index.snapshot(told)
    verify_database(database)


def test_every_command_works_on_the_index_that_the_environment_names(
    database: DatabaseUrl,
    seeds: Path,
    tmp_path: Path,
    cli_run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INDEX_URL", database.url)

    def printed(*arguments: object) -> dict[str, Any]:
        status, out, err = cli_run(*arguments, "--json")
        assert status == 0, err
        content: dict[str, Any] = json.loads(out)
        return content

    built = printed("build", "--seeds", seeds)
    assert (built["added"], built["published"]) == (["bread.txt", "latvia.txt"], True)
    passages = built["passages"]
    assert not printed("build", "--seeds", seeds)["published"]
    found = printed("search", "How to bake bread?")["passages"][0]
    assert found["article"] == "bread.txt"
    info = printed("info")
    assert info["generation"] == built["generation"]
    assert [entry["path"] for entry in info["articles"]] == ["bread.txt", "latvia.txt"]
    assert printed("verify") == {
        "generation": built["generation"],
        "ok": True,
        "passages": passages,
    }
    (seeds / "bread.txt").unlink()
    article = printed("read", "bread.txt", "--seeds", seeds)
    assert "Mix flour" in article["text"]
    copied = printed("copy", "--to", tmp_path / "copy")
    assert (copied["articles"], copied["passages"]) == (2, passages)
    back = f"{database.url}?schema=other"
    copied = printed("copy", "--to", back, "--index", tmp_path / "copy")
    assert PASSWORD not in copied["to"]
    assert printed("verify", "--index", back)["passages"] == passages
    assert cli_run("encode", "--until-empty")[0] == 0
    dataset = tmp_path / "dataset"
    shutil.copytree(seeds, dataset / "seeds")
    entry = {"id": "1", "lang": "en", "question": "Who is Andris Spruds?", "article": "latvia.txt"}
    line = json.dumps(entry | {"answers": ["Latvian Minister of Defense"]})
    (dataset / "questions.jsonl").write_text(line + "\n")
    assert printed("eval", dataset)["all"]["questions"] == 1


def test_a_full_disk_of_the_server_leaves_the_index_what_it_was(seeds: Path, cli_run: Run) -> None:
    with small_disk() as disk, new_server() as server:
        url = server.create_database()
        database, name = DatabaseUrl(url), urlsplit(url).path[1:]
        execute(server.url(), f"CREATE TABLESPACE small LOCATION '{disk}'")
        execute(server.url(), f"ALTER DATABASE {name} SET TABLESPACE small")
        build_index(seeds, database, MODEL)
        before = verify_database(database)
        write_numbers(seeds, 100)
        assert "has no room left" in refused(cli_run("build", "--seeds", seeds, "--index", url))
        assert verify_database(database) == before
        subprocess.run(["mount", "-o", "remount,size=60m", disk], check=True)
        assert build_index(seeds, database, MODEL).added == ("long.txt",)
        verify_database(database)


@contextmanager
def small_disk() -> Iterator[Path]:
    """Yield a folder of the user `nobody` that can hold a few megabytes; only root can make one."""
    with tempfile.TemporaryDirectory(prefix="disk-") as folder:
        options = "size=9m,mode=700,uid=nobody"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
        if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("needs the right to mount a small file system")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def test_an_edit_reads_no_table_of_passages_or_words_whole(
    database: DatabaseUrl, seeds: Path
) -> None:
    build_index(seeds, database, MODEL)
    name = urlsplit(database.url).path[1:]
    execute(database.url, f"ALTER DATABASE {name} SET enable_seqscan = off")  # few rows are quick
    whole = (
        "SELECT relname, seq_scan FROM pg_stat_user_tables "
        "WHERE schemaname LIKE 'passage_index_v%' AND relname NOT IN ('article', 'skipped')"
    )
    before = execute(database.url, whole)
    bread = seeds / "bread.txt"
    bread.write_text(bread.read_text() + "\nA paragraph that was not there before.\n")
    build_index(seeds, database, MODEL)
    bread.unlink()
    build_index(seeds, database, MODEL)
    assert sorted(execute(database.url, whole)) == sorted(before)


def test_an_edit_reads_no_other_article(
    database: DatabaseUrl, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(*columns: Any) -> ArticleEntry:
        read.append(columns[0])
        return ArticleEntry(*columns)

    monkeypatch.setattr("embeddings.index.postgres.manifest.ArticleEntry", counted)
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 10**10)  # files just written are old
    for number in range(9):
        (seeds / f"{number}.txt").write_text(f"Number {number}\n\nIt is number {number}.\n")
    build_index(seeds, database, MODEL)
    with closing(open_index(database)) as index:
        assert len(index.manifest.articles) == 11
        read.clear()
        (seeds / "3.txt").write_text("Number 3\n\nIt has changed.\n")
        (seeds / "4.txt").unlink()
        (seeds / "5.txt").rename(seeds / "renamed.txt")
        result = build_index(seeds, database, MODEL)
        assert (result.articles, result.changed, result.removed) == (10, ("3.txt",), ("4.txt",))
        index.refresh()
        assert set(read) == {"3.txt", "4.txt", "5.txt", "renamed.txt"}
        assert index.manifest.articles == current_manifest(database).articles


def test_a_database_that_was_away_for_long_is_found_at_once_and_waited_for_once(
    database: DatabaseUrl,
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("embeddings.index.postgres.database.CONNECT_S", 1)
    monkeypatch.setattr("embeddings.index.postgres.postgres_index.RETRY_S", 1.5)
    build_index(seeds, database, MODEL)
    with closing(open_index(database)) as index:
        with away(database.url):
            for most in (5, 1.5):
                started = time.monotonic()
                with pytest.raises(IndexUnavailable):
                    index.snapshot(len)
                assert time.monotonic() - started < most
                assert index.is_away
        assert len([one for one in caplog.records if one.name.startswith("embeddings.")]) == 1
        index.refresh()
        assert index.snapshot(len)


def test_a_path_may_be_as_long_as_the_system_allows(
    database: DatabaseUrl, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(seeds)
    noise = np.random.default_rng(1).integers(97, 123, (14, 250), np.uint8)  # is not compressed
    for name in noise:
        folder = bytes(name).decode()
        Path(folder).mkdir()
        os.chdir(folder)
    Path("deep.txt").write_text("Far below\n\nIt is a long way down to this text.\n")
    Path("deep.pdf").write_bytes(b"nothing")
    assert build_index(seeds, database, MODEL).articles == 3
    verify_database(database)


def test_numbers_that_are_used_up_are_named(database: DatabaseUrl, seeds: Path) -> None:
    build_index(seeds, database, MODEL)
    execute(database.url, "SELECT setval('passage_index_v1.next_row', 2147483640)")
    write_numbers(seeds, 12)
    with pytest.raises(IndexUnwritable, match=r"used up the numbers.*build --full"):
        build_index(seeds, database, MODEL)
    verify_database(database)
    build_index(seeds, database, MODEL, full=True)
    verify_database(database)


def test_a_paragraph_that_moved_to_another_article_is_found_there(
    database: DatabaseUrl, seeds: Path
) -> None:
    """The shorter article is put in first, and the vectors of its old text are gone by then."""
    first, second = (f"{text} " * 12 for text in ("The first paragraph.", "The second paragraph."))
    third = "The third paragraph is longer than both of the others are together. " * 12
    (seeds / "a.md").write_text(f"# Minutes\n\n{first}\n\n# Two\n\n{second}\n")
    (seeds / "b.md").write_text(f"# Minutes\n\n{third}\n")
    build_index(seeds, database, MODEL)
    (seeds / "a.md").write_text(f"# Minutes\n\n{first}\n")
    (seeds / "b.md").write_text(f"# Minutes\n\n{third}\n\n# Two\n\n{second}\n")
    assert build_index(seeds, database, MODEL).changed == ("a.md", "b.md")
    verify_database(database)
