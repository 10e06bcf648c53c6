"""Hostile files in the worker: a clear line each, in bounded time, and the next file is read."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.errors import UnreadableFile
from embeddings.readers import parse
from embeddings.readers.office import archive
from embeddings.readers.sandbox import child_environment, landlock_version
from embeddings.readers.subprocess_parser import Limits, Parser, open_parser, stop_reading
from tests.conftest import PATIENCE_S, ROOT, run_python
from tests.packed import pack
from tests.test_formats import ENGLISH, SAMPLES

GOOD = f"# Tea\n\n{ENGLISH}\n".encode()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghi")
) + "]>"  # fmt: skip
PAGES = (
    b"%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Count %d/Kids[%b]>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\ntrailer<</Root 1 0 R>>\n"
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with open_parser() as opened:
        yield opened


def pid_of(parser: Parser) -> int:
    assert parser._process is not None
    return parser._process.pid


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_the_worker_reads_as_the_reader_does(suffix: str, parser: Parser) -> None:
    path = f"deep/er/🌍 file\nof mine{suffix}"
    assert parser.parse(SAMPLES[suffix], path) == parse(SAMPLES[suffix], path)


def test_a_process_that_starts_early_is_the_one_that_reads() -> None:
    with open_parser(early=True) as parser:
        first = pid_of(parser)
        assert parser.parse(GOOD, "a.md").title == "Tea"
        assert pid_of(parser) == first
    assert not _runs(first)


def test_no_file_is_to_blame_for_a_process_that_died_before_it() -> None:
    with open_parser(early=True) as parser:
        assert parser._process is not None
        parser._process.kill()
        parser._process.wait()
        assert parser.parse(GOOD, "a.md").title == "Tea"


def test_one_process_reads_all_files_and_ends_with_the_block() -> None:
    threads = threading.active_count()
    with open_parser() as parser:
        assert parser._process is None  # nothing to read yet
        assert parser.parse(GOOD, "a.md").title == "Tea"
        first = pid_of(parser)
        with pytest.raises(UnreadableFile, match="empty"):
            parser.parse(b"", "a.md")
        parser.parse(GOOD, "b.md")
        assert pid_of(parser) == first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert threading.active_count() == threads


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "a bomb in a document": (
        ".docx",
        pack({"word/document.xml": bytes(archive.MAX_UNPACKED + 1)}),
        "unpacks to more than 128 MB",
    ),
    "a bomb in a book": (
        ".epub",
        pack({"META-INF/container.xml": b" " * (archive.MAX_UNPACKED + 1)}),
        "unpacks to more than 128 MB",
    ),
    "laughs in a document": (
        ".docx",
        pack({"word/document.xml": f"{LAUGHS}<w:document {W}><w:body>&i;</w:body></w:document>"}),
        "defines entities",
    ),
    "laughs in a book": (
        ".epub",
        pack({"META-INF/container.xml": f"{LAUGHS}<container>&i;</container>"}),
        "defines entities",
    ),
    "a deep page": (".html", b"<div>" * 100_000 + b"x", "nested too deeply"),
    "a deep document": (
        ".docx",
        pack({"word/document.xml": f"<w:document {W}>" + "<w:body>" * 9999}),
        "nested too deeply",
    ),
    "deep quotes": (".md", b">" * 100_000 + b" x", "no text in it"),
    "many pages": (".pdf", PAGES % (10**6, b"3 0 R " * 10**6), "more than 5,000 pages"),
    "pages in a ring": (".pdf", PAGES % (9, b"2 0 R 2 0 R"), "damaged"),
    "one long line": (".txt", b"a" * 20_000_000, "longer than 5 million characters"),
    "not packed": (".docx", b"PK\x03\x04 and nothing", "damaged, or not a Word document"),
    "an old document": (".docx", b"\xd0\xcf\x11\xe0" + bytes(600), "save it as .docx"),
    "no book in it": (".epub", pack({"a": "b"}), "damaged, or not an EPUB book"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_a_line(name: str, parser: Parser) -> None:
    suffix, data, reason = HOSTILE[name]
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=reason) as caught:
        parser.parse(data, f"a{suffix}")
    assert time.monotonic() - started < PATIENCE_S
    assert "\n" not in str(caught.value)
    assert parser.parse(GOOD, "good.md").text == ENGLISH


def test_a_file_that_takes_too_long_costs_a_line() -> None:
    started = time.monotonic()
    with (
        open_parser(Limits(seconds=3)) as parser,
        pytest.raises(UnreadableFile, match="takes longer than 3 s to read"),
    ):
        parser.parse(b"A. " * 10**6, "a.md")
    assert time.monotonic() - started < 3 + PATIENCE_S


def test_entities_of_a_web_page_are_not_followed(parser: Parser) -> None:
    page = f"<?xml version='1.0'?>{LAUGHS}<html><body><p>{ENGLISH} &i;</p></body></html>"
    assert "lollol" not in parser.parse(page.encode(), "a.xhtml").text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts address space")
def test_a_file_that_takes_too_much_memory() -> None:
    data = b"<p>ab</p>" * 400_000
    with open_parser(Limits(memory=360 * 2**20)) as parser:
        with pytest.raises(UnreadableFile, match="takes too much memory to read"):
            parser.parse(data, "a.html")
        assert parser._process is None  # the next one gets a fresh memory
        assert parser.parse(GOOD, "good.md").text == ENGLISH


CHILD = """
import json, os, signal, sys
sys.stdin.buffer.read(json.loads(sys.stdin.buffer.readline())["length"])
if sys.argv[1] == "dies":
    os.kill(os.getpid(), signal.SIGSEGV)
print(sys.argv[1])
"""
"""A child that says what it is told to say, or dies."""
FIELDS = vars(parse(GOOD, "a.md")) | dict.fromkeys("sentences sections pages dropped".split(), ())


def child_that_says(answer: str) -> Parser:
    return Parser(program=[sys.executable, "-S", "-c", CHILD, answer])


def answer_with(fields: dict[str, Any]) -> str:
    return json.dumps({"last": True, "reason": None, "result": FIELDS | fields})


def test_an_answer_of_the_right_form_is_an_article() -> None:
    assert child_that_says(answer_with({})).parse(GOOD, "a.md").title == "Tea"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    "answer",
    [
        "dies",
        "no JSON",
        "[]",
        *(
            answer_with(fields)
            for fields in (
                {"sentences": [0, 3, 4]},
                {"sentences": [3, 0]},
                {"sentences": [0, 10**9]},
                {"sentences": [0, "3"]},
                {"sections": [{"start": 0}]},
                {"text": None},
                {"more": 1},
            )
        ),
    ],
)
def test_a_process_that_dies_or_gives_another_answer_costs_a_line(answer: str) -> None:
    parser = child_that_says(answer)
    for _ in "ab":  # it is replaced each time
        with pytest.raises(UnreadableFile, match="stops the program that reads it"):
            parser.parse(GOOD, "a.md")


def test_the_process_ends_with_the_one_that_started_it() -> None:
    script = (
        "from embeddings.readers.subprocess_parser import Parser\n"
        "parser = Parser()\n"
        "parser.parse(b'Some words.', 'a.txt')\n"
        "print(parser._process.pid, flush=True)\n"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = int(run_python(script).stdout)
    for _ in range(100):
        if not _runs(child):
            return
        time.sleep(0.02)
    pytest.fail("it is still there")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_it_loads_nothing_that_is_slow_to_load() -> None:
    script = (
        "import sys, embeddings.readers.subprocess_parser\n"
        "slow = {'torch', 'numpy', 'faiss', 'lxml', 'trafilatura', 'pypdfium2', 'yaml', 'choppa'}\n"
        "assert not slow.intersection(sys.modules), slow.intersection(sys.modules)\n"
        "from embeddings.text.sentences import load_rules\n"
        "load_rules()\n"
        "assert 'xmlschema' not in sys.modules\n"
    )
    done = run_python(script)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_what_is_no_plain_file_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.txt", "pipe.txt"):
        with pytest.raises(UnreadableFile, match="not a plain file"):
            read_bytes(SourceFile(name, tmp_path / name))


SPY = """
import ctypes, os, subprocess, sys
from pathlib import Path
import embeddings.readers
from embeddings.articles.article import Article

def attempts(data):
    folder, parent = data.decode(), os.getppid()
    yield lambda: str(dict(os.environ))
    for name in (f"/proc/{parent}/environ", f"{folder}/.env", "../.env", ".env"):
        yield lambda: Path(name).read_text()
        yield lambda: subprocess.run(["cat", name], capture_output=True).stdout.decode()
    yield lambda: Path(f"/proc/{parent}/maps").read_text() and "secret: memory"
    seize = 0x4206  # takes hold of a process without stopping it
    yield lambda: "refused" if ctypes.CDLL(None).ptrace(seize, parent, 0, 0) else "secret: traced"
    yield lambda: "secret: listed" * bool(os.listdir(folder))
    yield lambda: "secret: written" * bool(Path(folder, "new").write_text("x"))

def read(data, path):
    found = []
    for attempt in attempts(data):
        try:
            found.append(attempt())
        except OSError:
            found.append("refused")
    return Article(path, None, "\\n".join(found), ((0, 1),))

embeddings.readers.READERS[".spy"] = "spy"
sys.modules["embeddings.readers.spy"] = sys.modules[__name__]
"""
PARENT = """
import sys
from embeddings.readers.subprocess_parser import open_parser
with open_parser() as parser:
    print(parser.parse(sys.argv[1].encode(), "a.spy").text)
    print(parser.parse(b"Some words.", "a.md").text)
"""


def test_the_process_inherits_nothing_but_what_python_needs() -> None:
    needed = {"PATH": "/bin", "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp"}
    secrets = {"TELEGRAM_BOT_TOKEN": "1:a", "INVITE_CODE": "b", "PGPASS": "c", "PYTHON_X": "d"}
    inherited = child_environment(needed | secrets | {"PYTHONPATH": "/libraries"})
    assert inherited.items() >= needed.items()
    assert inherited["PYTHONPATH"].endswith(f"{os.pathsep}/libraries")
    assert not inherited.keys() & secrets.keys()


@pytest.mark.skipif(landlock_version() < 1, reason="this system has no Landlock")
def test_a_reader_taken_over_by_its_file_finds_no_secret(tmp_path: Path) -> None:
    spy, home = tmp_path / "spy", tmp_path / "home" / "work"
    for file, text in (
        (spy / "sitecustomize.py", "import spy_reader"),
        (spy / "spy_reader.py", SPY),
        (home / ".env", "TELEGRAM_BOT_TOKEN=secret"),
        (home.parent / ".env", "TELEGRAM_BOT_TOKEN=secret"),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    environment = dict.fromkeys(("TELEGRAM_BOT_TOKEN", "ADMIN_IDS", "PYTHON_X"), "secret")
    path = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(spy)))}
    done = run_python(PARENT, home, cwd=home, **environment | path)
    assert done.returncode == 0, done.stderr
    assert "secret" not in done.stdout
    assert done.stdout.count("refused") == 12
    assert done.stdout.endswith("Some words.\n")
    assert not (home / "new").exists()


def test_a_child_that_was_stopped_is_no_fault_of_the_next_file(parser: Parser) -> None:
    for _ in range(5):
        parser.start()
        stop_reading()
        assert parser.parse(GOOD, "tea.md").title == "Tea"
