"""Reads files in a child process, so that a hostile file causes an error message and nothing else.

    with open_parser() as parser:
        article = parser.parse(data, "news/kenya.html")

The child starts with the first file, or with the block when `early` is set, reads all files that
follow, and is replaced when it has died or exceeded its limits. It ends with the block, or with its
parent. It also finds the sentences, which for some texts takes longer than reading them, and draws
pictures of pages. It answers in JSON, so that only text and numbers come back; `sandbox` limits its
rights.
"""

import contextlib
import json
import mimetypes
import os
import signal
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Event, Timer
from typing import IO, Any, TypeVar

from embeddings.articles.article import Article, Dropped, PageStart, Section
from embeddings.articles.formats import suffix_of
from embeddings.errors import UnreadableFile
from embeddings.readers import OUT_OF_MEMORY, errors_as_unreadable, parse
from embeddings.readers.more_time import listen
from embeddings.readers.sandbox import child_environment, confine
from embeddings.text.sentences import load_rules
from embeddings.translatable import Translatable, from_json, to_json

_GOING_ON = b"\n"
"""A line before an answer: the reader asks for more time. Requests and answers are lines, too."""
_LONGEST_ANSWER = 2**28
_Read = TypeVar("_Read")
_children: set[subprocess.Popen[bytes]] = set()
"""Those of all parsers of this process."""


@dataclass(frozen=True)
class Limits:
    """The limits for reading one file.

    Attributes:
        seconds: of elapsed time, and also of processor time.
        total: seconds in which a reader that asks for more time must end; see `more_time`.
        memory: bytes of address space, with that of libraries, where the system can limit it.
    """

    seconds: float = 60
    total: float = 960
    memory: int = 2 * 2**30


class Parser:
    """Turns the bytes of files into articles, one at a time."""

    def __init__(self, limits: Limits = Limits(), program: Sequence[str] | None = None) -> None:
        """Prepare a parser; its child starts with the first file.

        Args:
            limits: for each file.
            program: the command that starts the child; this module, where it is None.
        """
        self._limits = limits
        self._program = program or (sys.executable, "-P", "-m", __spec__.name)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start the child if there is none; it loads the sentence rules in the background."""
        if self._process and self._process.poll() is not None:
            self.close()  # it died while idle, so no file is to blame
        if self._process is None:
            limits = str(self._limits.seconds), str(self._limits.memory)
            self._process = subprocess.Popen(  # noqa: S603
                [*self._program, *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(os.environ),
            )
            _children.add(self._process)
        return self._process

    def parse(self, data: bytes, path: str) -> Article:
        """Turn the bytes of a file into an article.

        Raises:
            UnreadableFile: with the reason, as a person would say it.
        """
        request = {"suffix": suffix_of(path)}
        return self._answer(data, request, lambda fields: _article(fields, path))

    def page_images(
        self,
        data: bytes,
        passage_text: str,
        pages: Sequence[int],
        highlight: tuple[int, int] | None = None,
    ) -> list[bytes]:
        """Draw the pages of a PDF on which a passage stands; see the function of this name."""
        request = {"passage": [passage_text, list(pages), highlight]}
        return self._answer(data, request, lambda images: list(map(b64decode, images)))

    def _answer(
        self, data: bytes, request: Mapping[str, object], read: Callable[[Any], _Read]
    ) -> _Read:
        """Return the child's answer to a request about a file, as `read` makes it of JSON."""
        process = self.start()
        late = Event()
        timers: list[Timer] = []
        begun = time.monotonic()

        def stop() -> None:
            late.set()
            process.kill()

        def give_time() -> None:
            for timer in timers[-1:]:
                timer.cancel()
            left = begun + self._limits.total - time.monotonic()
            timers.append(Timer(max(0.0, min(self._limits.seconds, left)), stop))
            timers[-1].start()

        try:
            answer = _ask(process, data, request, give_time)
            is_last, reason = answer["last"], answer["reason"]
            result = read(answer["result"]) if reason is None else None
        except (OSError, ValueError, LookupError, TypeError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)  # its exit status says why it ended
            self.close()
            raise UnreadableFile(self._cause(process, late.is_set())) from None
        except BaseException:
            self.close()
            raise
        finally:
            for timer in timers:
                timer.cancel()
                timer.join()
        if late.is_set() or is_last:
            self.close()
        if result is None:
            raise UnreadableFile(from_json(reason))
        return result

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process:
            _children.discard(process)
            process.kill()
            with contextlib.suppress(OSError), process:
                pass  # this waits for it, and closes its streams

    def _cause(self, process: subprocess.Popen[bytes], late: bool) -> str:
        if late or process.returncode == -getattr(signal, "SIGXCPU", 0):
            seconds = f"{self._limits.seconds:g}"
            return Translatable("takes longer than {seconds} s to read", seconds=seconds)
        if process.returncode == _MEMORY_STATUS:
            return OUT_OF_MEMORY
        return Translatable("stops the program that reads it: damaged, or made to do so")


@contextlib.contextmanager
def open_parser(limits: Limits = Limits(), *, early: bool = False) -> Iterator[Parser]:
    """Yield a parser whose child ends with the block, and starts with it when `early`."""
    parser = Parser(limits)
    try:
        if early:
            parser.start()
        yield parser
    finally:
        parser.close()


def stop_reading() -> None:
    """Let no file that is being read be waited for: this process is about to end."""
    for child in tuple(_children):
        child.kill()
        child.wait()  # or the next file would be given to it, and be blamed for its end


def parse_file(data: bytes, name: str) -> Article:
    """Read one file in a child process of its own.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    with open_parser() as parser:
        return parser.parse(data, name)


def page_images(
    data: bytes,
    passage_text: str,
    pages: Sequence[int],
    highlight: tuple[int, int] | None = None,
) -> list[bytes]:
    """Draw the pages of a PDF on which a passage stands, in a child process of its own.

    Args:
        data: the PDF.
        passage_text: what to look for and to frame.
        pages: the numbers of the pages it may stand on, counted from 1.
        highlight: start and end of what to mark, in `passage_text`.

    Returns:
        A JPEG for each page on which something of it was found; else the first page, plain.

    Raises:
        UnreadableFile: with the reason, as a person would say it.
    """
    with open_parser() as parser:
        return parser.page_images(data, passage_text, pages, highlight)


# In the parent


def _ask(
    process: subprocess.Popen[bytes],
    data: bytes,
    request: Mapping[str, object],
    give_time: Callable[[], None],
) -> dict[str, Any]:
    """Send a request and wait for its answer; `give_time` is called first and for each page."""
    give_time()
    if process.stdin is None or process.stdout is None:
        raise OSError
    process.stdin.write(json.dumps({**request, "length": len(data)}).encode() + b"\n")
    process.stdin.write(data)
    process.stdin.flush()
    while (line := process.stdout.readline(_LONGEST_ANSWER)) == _GOING_ON:
        give_time()
    answer: dict[str, Any] = json.loads(line)
    return answer


def _article(fields: dict[str, Any], path: str) -> Article:
    """Make an article from an answer; raises when the answer does not have its form."""
    sections = tuple(
        Section(section["start"], tuple(section["headings"])) for section in fields["sections"]
    )
    parts = {
        "pages": tuple(PageStart(**page) for page in fields["pages"]),
        "dropped": tuple(Dropped(**one) for one in fields["dropped"]),
        "warnings": tuple(map(from_json, fields["warnings"])),
    }
    bounds = fields["sentences"]
    ascending = [0, *bounds, len(fields["text"])]
    if ascending != sorted(ascending):
        raise ValueError
    each = iter(bounds)
    sentences = tuple(zip(each, each, strict=True))
    return Article(**fields | parts | {"path": path, "sentences": sentences, "sections": sections})


# In the child


_MEMORY_STATUS = 70
"""Exit status of a process that ran out of memory."""


def _serve(requests: IO[bytes], answers: IO[bytes], limits: Limits) -> None:
    """Answer until there are no more files."""
    try:
        statm = os.open("/proc/self/statm", os.O_RDONLY)  # before confine() forbids it
    except OSError:
        statm = None
    mimetypes.init()  # openpyxl wants the system's list of them, which confine() forbids
    confine()

    def ask() -> None:
        answers.write(_GOING_ON)
        answers.flush()
        _limit_processor(limits.seconds)

    listen(ask)
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["length"])
        if len(data) < request["length"]:
            return
        _limit_processor(limits.seconds)
        answer: dict[str, Any] = {"result": None, "reason": None}
        try:
            answer["result"] = _result(data, request)
        except UnreadableFile as error:
            answer["reason"] = to_json(error.message)
        del data
        is_full = _address_space(statm) > limits.memory / 2
        answer["last"] = is_full or answer["reason"] == to_json(OUT_OF_MEMORY)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _result(data: bytes, request: Mapping[str, Any]) -> object:
    """Do what is asked with a file: read it, or draw the pages of a passage."""
    if "passage" not in request:
        return _fields(parse(data, f"file{request['suffix']}"))
    from embeddings.readers.pdf.page_image import page_image

    with errors_as_unreadable("a page"):
        return [b64encode(image).decode() for image in page_image(data, *request["passage"])]


def _fields(article: Article) -> dict[str, Any]:
    return vars(article) | {  # asdict() is slow with a million sentences
        "sentences": list(chain.from_iterable(article.sentences)),
        "sections": [vars(section) for section in article.sections],
        "pages": [vars(page) for page in article.pages],
        "dropped": [vars(one) for one in article.dropped],
        "warnings": list(map(to_json, article.warnings)),
    }


def _address_space(statm: int | None) -> int:
    """Return the bytes that count against the limit, 0 where the system does not show them."""
    if statm is None:
        return 0
    return int(os.pread(statm, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _limit_memory(memory: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor(seconds: float) -> None:
    """Limit the processor time of the next file, even if the parent has died."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _main() -> int:
    limits = Limits(float(sys.argv[1]), memory=int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when this process ends
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the output of libraries must not mix with the answers
    _limit_memory(limits.memory)
    try:
        from embeddings.text.language import detect

        load_rules()
        detect("Any text.")  # loads the language model, whose files cannot be opened later
        _serve(sys.stdin.buffer, answers, limits)
    except MemoryError:
        return _MEMORY_STATUS
    except BrokenPipeError:
        pass  # the parent has ended
    return 0


if __name__ == "__main__":
    sys.exit(_main())
