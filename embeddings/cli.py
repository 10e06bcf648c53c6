"""The command line: build, watch, search, eval, calibrate, info, verify.

Results go to standard output, everything else to standard error. Exit status: 0 done, 1 the work
failed, 2 wrong usage.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from embeddings.errors import PassageBotError, Stopped, UsageError
from embeddings.process import configure_process

if TYPE_CHECKING:
    from embeddings.index.build import BuildResult
    from embeddings.model.encoder import Model

logger = logging.getLogger(__name__)

_INTERRUPTED = 130

_BATCH = 32
"""Questions of a file that are encoded at once."""


def main() -> None:
    """Run the command line and end the process."""
    configure_process()
    sys.exit(_status_of(_read_environment) or run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    return _status_of(
        lambda: commands.main(arguments, prog_name="python -m embeddings", standalone_mode=False)
    )


def _status_of(work: Callable[[], object]) -> int:
    """Do some work and return the exit status; an error is printed in one line."""
    try:
        work()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code
    except PassageBotError as error:
        click.echo(f"Error: {error}", err=True)
        return 2 if isinstance(error, UsageError) else 1
    except SystemExit:  # click and rich: standard output was closed by its reader
        return 0
    except Exception as error:
        logger.debug("unexpected", exc_info=True)
        click.echo(
            f"Error: something unexpected went wrong ({type(error).__name__}). "
            "LOG_LEVEL=DEBUG shows where.",
            err=True,
        )
        return 1
    return 0


def _read_environment() -> None:
    from dotenv import load_dotenv

    try:
        load_dotenv(Path(".env"))
    except (OSError, ValueError) as error:
        raise UsageError("The file .env cannot be read; it must be text in UTF-8.") from error
    level = os.environ.get("LOG_LEVEL") or "WARNING"
    if level.upper() not in logging.getLevelNamesMapping():
        raise UsageError(f"LOG_LEVEL is {level!r}; it can be DEBUG, INFO, WARNING or ERROR.")
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(message)s")


_index_option = click.option(
    "--index",
    envvar="INDEX_DIR",
    default="var/index",
    show_default=True,
    show_envvar=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the index is.",
)
_seeds_option = click.option(
    "--seeds",
    envvar="SEEDS_DIR",
    default="seeds",
    show_default=True,
    show_envvar=True,
    type=click.Path(path_type=Path),
    help="Where the articles are.",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="passage-bot", message="%(version)s")
def commands() -> None:
    """Build an index of a folder of articles, and ask it questions."""


@commands.command("build")
@_seeds_option
@_index_option
@click.option("--full", is_flag=True, help="Encode everything again.")
@_json_option
def build_command(seeds: Path, index: Path, full: bool, as_json: bool) -> None:
    """Bring the index up to date with the articles."""
    from dataclasses import asdict

    from embeddings.index.build import build_index
    from embeddings.progress import progress_bar

    with progress_bar() as progress:
        result = build_index(seeds, index, _model(), full=full, progress=progress)
    _print_skipped(result, seeds)
    if as_json:
        _print_json(asdict(result))
    else:
        _print_build(result)


@commands.command("watch")
@_seeds_option
@_index_option
def watch_command(seeds: Path, index: Path) -> None:
    """Keep the index up to date with the articles, until interrupted."""
    import signal
    from threading import Event

    from embeddings.articles.watch import watch_folder
    from embeddings.index.build import build_index
    from embeddings.progress import cancellable, progress_bar

    stop, model = Event(), _model()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def build(last: "BuildResult | None") -> "BuildResult | None":
        try:
            with progress_bar() as progress:
                result = build_index(seeds, index, model, progress=cancellable(stop, progress))
        except Stopped:
            return last
        except PassageBotError as error:  # the next change may mend it
            click.echo(f"Error: {error}", err=True)
            return last
        if last is None or (result.skipped, result.warnings) != (last.skipped, last.warnings):
            _print_skipped(result, seeds)
        if last is None or result.published:
            _print_build(result)
        return result

    changes = watch_folder(seeds, stop)  # watches already: an edit during the build is not lost
    result = build(None)
    click.echo(f"Watching {seeds}.", err=True)
    for _ in changes:
        result = build(result)


@commands.command()
@click.argument("question", required=False)
@click.option(
    "--input",
    "input_file",
    type=click.File(encoding="utf-8-sig"),
    help='A JSON object with "question" on each line; "-" is standard input.',
)
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 100), help="How many.")
@_index_option
@_json_option
def search(
    question: str | None, input_file: IO[str] | None, k: int, index: Path, as_json: bool
) -> None:
    """Print the passages that answer a question best."""
    from embeddings.console import print_answer
    from embeddings.search.search import Searcher, normalise

    if (question is None) == (input_file is None):
        raise UsageError("Give one question, or --input with a file of them.")
    if input_file is not None and not as_json:
        raise UsageError("--input prints JSON: add --json.")
    if question is not None:
        if not normalise(question):
            raise UsageError("There are no words in the question.")
        _check_length(question, "The question")
    entries = _read_questions(input_file) if input_file else []
    with closing(Searcher.open(index, _model(), **_answer_settings())) as searcher:
        if question is not None:
            answer = searcher.search(question, k)
            if as_json:
                _print_json(answer.to_json())
            else:
                print_answer(answer)
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            encoded = searcher.encode([entry["question"] for entry in batch])
            for entry, one in zip(batch, encoded, strict=True):
                share = replace(one, took_ms=one.took_ms / len(batch))  # of what they took together
                _print_json({**entry, **searcher.answer(share, k).to_json()}, indent=None)


@commands.command("eval")
@click.argument("dataset", type=click.Path(path_type=Path))
@_index_option
@_json_option
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write a report with charts and misses there."
)
@click.option("--near-misses", is_flag=True, help="Ask again without the passages that answer.")
def eval_command(
    dataset: Path, index: Path, as_json: bool, report: Path | None, near_misses: bool
) -> None:
    """Ask every question of a data set, and print metrics of the answers."""
    from embeddings.progress import progress_bar
    from embeddings.quality.evaluate import evaluate

    settings = {**_answer_settings(), "near_misses": near_misses}
    with progress_bar() as progress:
        evaluation = evaluate(
            dataset, index_of(dataset, index), _model(), **settings, progress=progress
        )
    if report is not None:
        from embeddings.quality.report import write_report

        write_report(evaluation, report)
        click.echo(f"The report is {report / 'report.md'}.", err=True)
    if as_json:
        _print_json(evaluation.to_json())
        return
    from embeddings.quality.report import table

    click.echo(table(evaluation))


@commands.command()
@click.argument("datasets", type=click.Path(path_type=Path), nargs=-1, required=True)
@_index_option
@click.option(
    "--output",
    default="var/calibration.json",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; name the file in CALIBRATION to use it.",
)
def calibrate(datasets: tuple[Path, ...], index: Path, output: Path) -> None:
    """Fit on your own data sets what counts as an answer."""
    from embeddings.progress import progress_bar
    from embeddings.quality.calibrate import calibrate as fit
    from embeddings.storage.files import write_atomically

    with progress_bar() as progress:
        pairs = [(dataset, index_of(dataset, index)) for dataset in datasets]
        calibration = fit(pairs, _model(), progress)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, calibration.to_json() + "\n")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"Written to {output}. To use it: CALIBRATION={output}")


@commands.command()
@_index_option
@_json_option
def info(index: Path, as_json: bool) -> None:
    """Print what the index holds and what it was built from."""
    from dataclasses import asdict

    from embeddings.index.local.generation import current_manifest, current_name
    from embeddings.text.file_names import printable

    manifest = current_manifest(index)
    name = current_name(index)
    size = sum(entry.bytes for entry in manifest.files.values())
    if as_json:
        _print_json({"generation": name, "bytes": size, **asdict(manifest)})
        return
    click.echo(f"Generation  {name}, built {manifest.created}, {size / 2**20:.1f} MB")
    click.echo(f"Model       {manifest.model.name}, {manifest.model.dimension} dimensions")
    click.echo(f"Articles    {len(manifest.articles)}, {manifest.passages} passages")
    for article in manifest.articles:
        click.echo(
            f"  {printable(article.path)}: {article.title} "
            f"({article.language}, {article.passages} passages)"
        )
    for entry in manifest.skipped:
        click.echo(f"  {printable(entry.path)}: skipped, {entry.reason}")


@commands.command()
@_index_option
@_json_option
def verify(index: Path, as_json: bool) -> None:
    """Check every byte of the index against its manifest, and the manifest against itself."""
    from embeddings.index.local.verify import verify as check

    result = check(index)
    if as_json:
        _print_json({"generation": result.generation, "ok": True, "passages": result.passages})
        return
    click.echo(
        f"Whole: generation {result.generation}, {result.files} files, {result.passages} passages."
    )


def _print_skipped(result: "BuildResult", seeds: Path) -> None:
    from embeddings.text.file_names import printable

    for entry in result.skipped:
        click.echo(f"Skipped {printable(entry.path)}: {entry.reason}.", err=True)
    for path, warning in result.warnings:
        click.echo(f"Read with difficulty, {printable(path)}: {warning}.", err=True)
    if not result.articles:
        click.echo(f"There are no articles in {seeds}: the index is empty now.", err=True)


def _print_build(result: "BuildResult") -> None:
    from embeddings.console import build_lines

    for line in build_lines(result):
        click.echo(line)


def index_of(dataset: Path, index: Path) -> Path:
    """Return the directory of a data set's own index, beside the usual one."""
    from hashlib import sha256

    path = dataset.resolve()
    return index.parent / "eval" / f"{path.name}-{sha256(str(path).encode()).hexdigest()[:8]}"


def _answer_settings() -> dict[str, Any]:
    """Return the calibration and the reranker that the environment names."""
    calibration = os.environ.get("CALIBRATION")
    return {
        "calibration": Path(calibration) if calibration else None,
        "reranker": os.environ.get("RERANKER_MODEL") or None,
    }


def _model() -> "Model":
    from embeddings.model.runtimes import find_model
    from embeddings.model.source import DEFAULT_MODEL

    name = os.environ.get("EMBEDDING_MODEL") or DEFAULT_MODEL
    return find_model(name, runtime=os.environ.get("ENCODER_RUNTIME") or "auto")


def _read_questions(file: IO[str]) -> list[dict[str, Any]]:
    """Read and check all lines, so that an invalid one is named before anything is answered."""
    try:
        lines = list(enumerate(file, start=1))
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is not UTF-8.") from error
    return [_parse_question(line, number) for number, line in lines if line.strip()]


def _parse_question(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise UsageError(f"Line {number} of the input is not JSON.") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("question"), str):
        raise UsageError(f'Line {number} of the input has no "question".')
    _check_length(entry["question"], f"The question in line {number} of the input")
    return entry


def _check_length(question: str, what: str) -> None:
    from embeddings.search.search import LONGEST_QUESTION

    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"{what} has {len(question)} characters; up to {LONGEST_QUESTION} are read."
        )


def _print_json(value: dict[str, Any], indent: int | None = 1) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:  # another encoding than UTF-8, or half a character
        text = json.dumps(value, indent=indent)
    click.echo(text)
