"""The command line: its contract, its errors, and its exit statuses."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from embeddings import cli
from embeddings.articles.article import Article, PageStart, Section
from embeddings.console import article_lines
from embeddings.index.build import build_index
from embeddings.index.local.generation import CURRENT, current_manifest, current_name
from embeddings.model.encoder import Encoding, Model
from embeddings.readers import parse
from embeddings.search.question_form import LONGEST_QUESTION
from tests.conftest import (
    ROOT,
    Run,
    TinyEncoder,
    is_one_line,
    printed,
    refused,
    run_python,
    tiny_model,
)


def process(*arguments: object, cwd: Path = ROOT, **environment: str) -> tuple[int, str, str]:
    """Runs a command as a person does."""
    ended = subprocess.run(
        [sys.executable, "-m", "embeddings", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


# Help


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["build", "-h"], ["search", "--help"], ["info", "-h"]]
)
def test_help_goes_to_stdout(cli_run: Run, arguments: list[str]) -> None:
    status, out, err = cli_run(*arguments)
    assert status == 0
    assert out.startswith("Usage: python -m embeddings")
    assert err == ""


def test_help_waits_for_no_model() -> None:
    code = (
        "import sys\nfrom embeddings.cli import run\n"
        "status = [run([*name, '--help']) for name in ([], ['search'], ['build'])]\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'faiss', 'numpy', 'sqlite3'}\n"
        "print(status, sorted(heavy & set(sys.modules)))"
    )
    assert run_python(code).stdout.splitlines()[-1] == "[0, 0, 0] []"


def test_version_and_unknown_commands(cli_run: Run) -> None:
    status, out, _ = cli_run("--version")
    assert (status, out.strip()) == (0, "0.1.0")
    status, out, err = cli_run("frobnicate")
    assert (status, out) == (2, "")
    assert "No such command 'frobnicate'" in err


# build


def test_build_says_what_it_did(cli_run: Run, seeds: Path, tmp_path: Path) -> None:
    build = ("build", "--seeds", seeds, "--index", tmp_path / "index")
    assert printed(cli_run(*build)).startswith("Built: 2 articles")
    assert printed(cli_run(*build)).startswith("Up to date: 2 articles")
    assert re.match("Built.*0 reused", printed(cli_run(*build, "--full")), re.DOTALL)


def test_build_as_json(cli_run: Run, seeds: Path, tmp_path: Path) -> None:
    (seeds / "empty.txt").write_bytes(b"")
    status, out, err = cli_run("build", "--seeds", seeds, "--index", tmp_path / "i", "--json")
    result = json.loads(out)
    assert (status, err) == (0, "Skipped empty.txt: empty.\n")
    assert result["added"] == ["bread.txt", "latvia.txt"]
    assert [entry["path"] for entry in result["skipped"]] == ["empty.txt"]
    assert result["published"] is True
    assert result["encoded"] == result["passages"]


def test_no_name_of_a_file_reaches_a_terminal_as_it_is(
    cli_run: Run, seeds: Path, tmp_path: Path
) -> None:
    told = "This is a sentence that is long enough to be found in either of these files."
    for name in ("a\n\x1b[31mred.txt", "b.txt"):
        (seeds / name).write_text(told)
    (seeds / "a\n\x1b[31mempty.txt").write_bytes(b"")
    place = ("--index", tmp_path / "i")
    _, out, err = cli_run("build", "--seeds", seeds, *place)
    assert len(err.splitlines()) == 2  # the empty one, and the copy with the name of the other
    assert "empty.txt" in err
    for said in (out, err, cli_run("info", *place)[1], cli_run("search", told, *place)[1]):
        assert "red.txt" in said
        assert "\x1b" not in said
        assert "a\n" not in said


def test_directories_come_from_the_environment_too(
    cli_run: Run, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEEDS_DIR", str(seeds))
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "elsewhere"))
    assert cli_run("build")[0] == 0
    assert (tmp_path / "elsewhere" / CURRENT).is_file()


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_build_without_articles(cli_run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    err = refused(cli_run("build", "--seeds", tmp_path / name, "--index", tmp_path / "i"))
    assert str(tmp_path / name) in err


def test_build_of_an_emptied_folder_says_so(cli_run: Run, seeds: Path, index: Path) -> None:
    for path in seeds.iterdir():
        path.unlink()
    assert "--allow-empty" in refused(cli_run("build", "--seeds", seeds, "--index", index))
    status, out, err = cli_run("build", "--seeds", seeds, "--index", index, "--allow-empty")
    assert (status, "the index is empty now" in err, "2 removed" in out) == (0, True, True)
    assert cli_run("search", "bread", "--index", index)[0] == 0


def test_build_that_cannot_write(
    cli_run: Run, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Mock(side_effect=OSError(28, "No space left on device"))
    monkeypatch.setattr("embeddings.index.local.generation.write_atomically", full)
    err = refused(cli_run("build", "--seeds", seeds, "--index", tmp_path / "i"))
    assert "No space left on device" in err


# search


def test_search_as_json_is_the_contract(cli_run: Run, seeds: Path, index: Path) -> None:
    question = "How many «countries» joined?"
    status, out, err = cli_run("search", question, "--index", index, "--json", "-k", "3")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert list(answer) == ["question", "answered", "confidence", "passages", "took_ms"]
    assert answer["question"] == question
    assert answer["answered"] is answer["confidence"] is None
    assert list(answer["took_ms"]) == ["encode", "search", "total"]
    assert all(isinstance(ms, float) and ms >= 0 for ms in answer["took_ms"].values())
    assert len(answer["passages"]) == 3
    for passage in answer["passages"]:
        _is_a_passage_of(passage, seeds)


def _is_a_passage_of(passage: dict[str, Any], seeds: Path) -> None:
    types = {
        "article": str,
        "title": str,
        "heading": str | None,
        "page": int | None,
        "url": str | None,
        "start": int,
        "end": int,
        "text": str,
        "score": float,
        "highlight": dict | None,
    }
    assert list(passage) == list(types)
    assert all(isinstance(passage[key], kind) for key, kind in types.items())
    article = parse((seeds / passage["article"]).read_bytes(), passage["article"])
    assert passage["text"] == article.text[passage["start"] : passage["end"]]
    assert passage["title"] == article.title


def test_search_for_a_person(cli_run: Run, index: Path) -> None:
    out = printed(cli_run("search", "Let the dough rise", "--index", index, "-k", "2"))
    assert out.startswith("1  How to bake bread")
    assert "bread.txt" in out
    assert "Let the dough rise for two hours in a warm place." in out
    assert "\x1b" not in out  # no colours in a pipe


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "one question, or --input"),
        ([""], "no words"),
        (["  ?!  "], "no words"),
        (["🎉"], "no words"),
        (["bread", "--input", "-", "--json"], "one question, or --input"),
        (["--input", "-"], "add --json"),
        (["bread", "-k", "0"], "-k"),
        (["bread", "-k", "101"], "-k"),
        (["bread", "-k", "many"], "-k"),
        (["one", "two"], "unexpected extra argument"),
        (["bread", "--nonsense"], "--nonsense"),
        (["--input", "/nowhere/at/all.jsonl", "--json"], "No such file"),
        (["x" * (LONGEST_QUESTION + 1)], f"{LONGEST_QUESTION + 1} characters"),
        (["bread " * 2000], str(LONGEST_QUESTION)),
    ],
)
def test_wrong_usage_is_status_2(
    cli_run: Run, index: Path, arguments: list[str], message: str
) -> None:
    status, out, err = cli_run("search", "--index", index, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "question",
    [
        "<b>bread</b> & <script>alert(1)</script>",
        "bread \x1b[31m\x07\x08",
        "\u202ebread\u2066",
        "مرحبا bread",
        "bread \udcff",
        "[bold]bread[/bold] [/]",
        "-bread-",
        "b" * LONGEST_QUESTION,
    ],
)
@pytest.mark.parametrize("form", ["--json", "text"])
def test_odd_questions_are_answered(cli_run: Run, index: Path, question: str, form: str) -> None:
    options = ["--json"] if form == "--json" else []
    out = printed(cli_run("search", "--index", index, *options, "--", question))
    if options:
        assert json.loads(out)["question"] == question


@pytest.mark.parametrize("arguments", [["search", "bread"], ["info"], ["verify"]])
def test_no_index_says_how_to_build_one(cli_run: Run, tmp_path: Path, arguments: list[str]) -> None:
    err = refused(cli_run(*arguments, "--index", tmp_path / "none"))
    assert "python -m embeddings build" in err


@pytest.mark.parametrize("arguments", [["search", "bread"], ["verify"]])
def test_a_damaged_index_is_named(cli_run: Run, index: Path, arguments: list[str]) -> None:
    path = index / "generations" / current_name(index) / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-1])
    err = refused(cli_run(*arguments, "--index", index))
    assert "vectors.npy" in err
    assert "build --full" in err


def test_an_index_of_another_model_names_the_mending_command(
    cli_run: Run, seeds: Path, tmp_path: Path
) -> None:
    build_index(seeds, tmp_path / "i", tiny_model("tiny:2"))
    err = refused(cli_run("search", "bread", "--index", tmp_path / "i"))
    assert "python -m embeddings build" in err


# search --input


def ask(cli_run: Run, index: Path, path: Path, *lines: object) -> list[dict[str, Any]]:
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    out = printed(cli_run("search", "--input", path, "--index", index, "--json", "-k", 2))
    return [json.loads(line) for line in out.splitlines()]


def test_input_keeps_the_order_and_what_it_does_not_know(
    cli_run: Run, index: Path, tmp_path: Path
) -> None:
    long = "x" * LONGEST_QUESTION
    asked: list[dict[str, Any]] = [
        {"id": f"q{n}", "question": question, "answers": ["a", "б"], "lang": None, "n": {"x": n}}
        for n, question in enumerate(["bread", "drones", "bread", "Латвія\n🎉", long, ""])
    ]
    answers = ask(cli_run, index, tmp_path / "q.jsonl", *asked)
    assert len(answers) == len(asked)
    for given, got in zip(asked, answers, strict=True):
        assert {key: got[key] for key in given} == given
        assert set(got) == {*given, "answered", "confidence", "passages", "took_ms"}
    assert answers[0]["passages"] == answers[2]["passages"]
    assert answers[-1]["passages"] == []
    assert len(answers[-2]["passages"]) == 2


def test_questions_of_the_input_are_encoded_together(
    cli_run: Run, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together: list[int] = []

    def encode_questions(self: TinyEncoder, texts: Sequence[str]) -> list[Encoding]:
        together.append(len(texts))
        return [self._encoding(text) for text in texts]

    monkeypatch.setattr(TinyEncoder, "encode_questions", encode_questions)
    entries = [{"question": f"bread {number}", "n": number} for number in range(100)]
    answers = ask(cli_run, index, tmp_path / "q.jsonl", *entries)
    assert [answer["n"] for answer in answers] == list(range(100))
    assert sum(together) == 100
    assert len(together) <= 4


def test_input_lets_an_answer_win_over_a_key_of_the_same_name(
    cli_run: Run, index: Path, tmp_path: Path
) -> None:
    (answer,) = ask(
        cli_run, index, tmp_path / "q.jsonl", {"question": "bread", "passages": 1, "took_ms": 2}
    )
    assert len(answer["passages"]) == 2
    assert isinstance(answer["took_ms"], dict)


@pytest.mark.parametrize(
    ("content", "questions"),
    [
        (b"", []),
        (
            b'\xef\xbb\xbf{"question": "bread"}\r\n\r\n  \r\n{"question": "drones"}\r\n',
            ["bread", "drones"],
        ),
        (rb'{"question": "half a character \ud83c"}', ["half a character \ud83c"]),
    ],
    ids=["empty", "a mark, empty lines and the line ends of Windows", "half a character"],
)
def test_input_is_read_as_other_programs_write_it(
    cli_run: Run, index: Path, tmp_path: Path, content: bytes, questions: list[str]
) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    out = printed(cli_run("search", "--input", path, "--index", index, "--json"))
    assert [json.loads(line)["question"] for line in out.splitlines()] == questions


def test_input_reads_standard_input(
    cli_run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = io.BytesIO('{"question": "хліб"}\n'.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="utf-8"))
    status, out, _ = cli_run("search", "--input", "-", "--index", index, "--json")
    assert (status, json.loads(out)["question"]) == (0, "хліб")


TOO_LONG = json.dumps({"question": "x" * (LONGEST_QUESTION + 1)})


@pytest.mark.parametrize(
    "bad", ["nonsense", "[]", '"bread"', "{}", '{"question": 5}', "null", "{", TOO_LONG], ids=ascii
)
def test_a_bad_line_is_named_and_the_others_are_answered_unless_strict(
    cli_run: Run, index: Path, tmp_path: Path, bad: str
) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"question": "bread"}}\n\n{bad}\n{{"question": "x"}}\n', encoding="utf-8")
    status, out, err = cli_run("search", "--input", path, "--index", index, "--json")
    assert status == 2
    assert [json.loads(line)["question"] for line in out.splitlines()] == ["bread", "x"]
    refusal = refused(cli_run("search", "--input", path, "--index", index, "--json", "--strict"), 2)
    for said in (err, refusal):
        assert "line 3 of the input" in said.lower()
        assert (f"{LONGEST_QUESTION + 1} characters" in said) is (bad == TOO_LONG)


def test_input_that_is_no_text(cli_run: Run, index: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"question": "\xff\xfe"}')
    assert "UTF-8" in refused(cli_run("search", "--input", path, "--index", index, "--json"), 2)


# info and verify


def test_info(cli_run: Run, index: Path) -> None:
    out = printed(cli_run("info", "--index", index))
    for part in (current_name(index), "tiny", "bread.txt: How to bake bread (en,"):
        assert part in out
    content = json.loads(printed(cli_run("info", "--index", index, "--json")))
    assert content["generation"] == current_name(index)
    model = {"name": "tiny", "digest": "tiny:1", "dimension": TinyEncoder.dimension}
    assert content["model"] == model
    assert [entry["path"] for entry in content["articles"]] == ["bread.txt", "latvia.txt"]
    files = current_manifest(index).files.values()
    assert content["bytes"] == sum(entry.bytes for entry in files)


def test_verify(cli_run: Run, index: Path) -> None:
    assert printed(cli_run("verify", "--index", index)).startswith("Whole: generation 00000001")
    content = json.loads(printed(cli_run("verify", "--index", index, "--json")))
    assert content["ok"] is True
    assert content["passages"] == current_manifest(index).passages


# Anything else


def test_what_nobody_thought_of_is_still_one_line(
    cli_run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.common, "model", Mock(side_effect=ZeroDivisionError))
    err = refused(cli_run("search", "bread", "--index", index))
    assert "ZeroDivisionError" in err
    assert "LOG_LEVEL=DEBUG" in err


def test_an_interrupt_ends_quietly(
    cli_run: Run, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.common, "model", Mock(side_effect=KeyboardInterrupt))
    status, out, err = cli_run("search", "bread", "--index", index)
    assert (status, out, err.strip()) == (130, "", "")


# As a process


@pytest.mark.parametrize(
    ("content", "level", "status", "part"),
    [
        (b"", "", 0, ""),
        (b"INDEX_DIR=index\nnonsense here\n=5\n'\n", "", 0, ""),
        (b"INDEX_DIR=index\nLOG_LEVEL=debug\n", None, 0, ""),
        (b"\xff\xfe\x00", "", 2, ".env"),
        (b"LOG_LEVEL=LOUD", None, 2, "'LOUD'"),
        (b"", "LOUD", 2, "'LOUD'"),
    ],
)
def test_odd_settings_are_one_line(
    index: Path, content: bytes, level: str | None, status: int, part: str
) -> None:
    (index.parent / ".env").write_bytes(content)
    environment = {} if level is None else {"LOG_LEVEL": level}
    got, out, err = process("info", "--index", "index", cwd=index.parent, **environment)
    assert got == status, err
    assert "Traceback" not in err
    assert bool(out) == (status == 0)
    if status:
        assert is_one_line(err)
        assert part in err


def test_settings_are_read_from_the_folder_one_is_in(index: Path) -> None:
    index.rename(index.parent / "named in env")
    (index.parent / ".env").write_text("INDEX_DIR='named in env'\n", encoding="utf-8")
    assert printed(process("verify", cwd=index.parent)).startswith("Whole")


@pytest.mark.parametrize("arguments", [["info", "--index"], ["--help"]])
def test_a_closed_pipe_is_no_error(index: Path, arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "embeddings", *arguments, str(index)],
            stdout=write,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )
    finally:
        os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("form", [["--json"], []])
def test_a_terminal_of_another_encoding_still_gets_its_answer(
    seeds: Path, tmp_path: Path, tiny: Model, form: list[str]
) -> None:
    title = "Як спекти хліб 🎉"
    (seeds / "bread.txt").write_text(
        f"{title}\n\nЗмішайте борошно, воду, дріжджі та сіль і дайте тісту постояти.",
        encoding="utf-8",
    )
    build_index(seeds, tmp_path / "i", tiny)
    out = printed(
        process("info", "--index", tmp_path / "i", *form, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    )
    if form:
        assert json.loads(out)["articles"][0]["title"] == title


# read


def test_read_prints_a_file_as_it_is_read(cli_run: Run, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("# Kiln\n\nOpening.\n\n## Wood\n\nOak burns long.\n", encoding="utf-8")
    whole = printed(cli_run("read", path))
    assert whole == "Kiln\nnote.md · en\n\nOpening.\n\n# Wood\n\nOak burns long.\n"
    read = json.loads(printed(cli_run("read", "note.md", "--seeds", tmp_path, "--json")))
    assert (read["article"], read["title"]) == ("note.md", "Kiln")
    assert read["text"] == "Opening.\n\nOak burns long."
    assert read["sections"][1] == {"start": 10, "headings": ["Wood"]}
    assert read["pages"] == read["dropped"] == read["warnings"] == []
    assert printed(cli_run("read", path, "--dropped")) == "Nothing was left out.\n"


def test_read_prints_an_article_of_the_index(cli_run: Run, seeds: Path, index: Path) -> None:
    stored = ("read", "latvia.txt", "--seeds", "/nowhere", "--index", index)
    assert printed(cli_run(*stored)) == printed(cli_run("read", "latvia.txt", "--seeds", seeds))
    assert "from the file only" in refused(cli_run(*stored, "--dropped"), 2)


def test_read_says_when_there_is_no_such_file(cli_run: Run, tmp_path: Path) -> None:
    assert "nothing.md" in refused(cli_run("read", "nothing.md", "--seeds", tmp_path))


def test_an_article_is_printed_with_its_headings_and_pages() -> None:
    article = Article(
        "a.pdf",
        "Title",
        "One.\n\nTwo goes on.\n\nThree.",
        (),
        (Section(0, ("A", "B")), Section(20, ("A", "C"))),
        pages=(PageStart(0, 1), PageStart(10, 2, is_scanned=True)),
    )
    assert "\n".join(article_lines(article)).split("\n\n")[1:] == [
        *("# A", "## B", "[page 1]", "One.", "Two", "[page 2, recognised from a picture]"),
        *("goes on.", "## C", "Three."),
    ]
