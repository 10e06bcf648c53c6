"""The command line: build, watch, read, search, eval, calibrate, info, verify, copy, encode.

Results go to standard output, everything else to standard error. Exit status: 0 done, 1 the work
failed, 2 wrong usage. `search` and `database` (copy, encode) hold commands of their own, `common`
what all commands share; the others are here.
"""

import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embeddings.cli import common
from embeddings.cli.common import (
    answer_settings,
    dataset_index_option,
    index_option,
    json_option,
    print_json,
    seeds_option,
)
from embeddings.cli.database import copy, encode
from embeddings.cli.search import search
from embeddings.errors import IndexMissing, PassageBotError, SeedsError, Stopped, UsageError
from embeddings.index.location import DatabaseUrl, Location
from embeddings.process import configure_process

if TYPE_CHECKING:
    from embeddings.articles.article import Article
    from embeddings.index.build_result import BuildResult

logger = logging.getLogger(__name__)

_INTERRUPTED = 130


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
    except ModuleNotFoundError as error:
        click.echo(f"Error: this needs {error.name}, which is not installed here.", err=True)
        return 1
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="passage-bot", message="%(version)s")
def commands() -> None:
    """Build an index of a folder of articles, and ask it questions."""


commands.add_command(search)
commands.add_command(encode)
commands.add_command(copy)


@commands.command("build")
@seeds_option
@index_option
@click.option("--full", is_flag=True, help="Encode everything again.")
@click.option("--allow-empty", is_flag=True, help="Empty the index where no article is left.")
@json_option
def build_command(
    seeds: Path, index: Location, full: bool, allow_empty: bool, as_json: bool
) -> None:
    """Bring the index up to date with the articles."""
    from dataclasses import asdict

    from embeddings.index.build import build_index
    from embeddings.progress import progress_bar

    with progress_bar() as progress:
        result = build_index(
            seeds, index, common.model(), full=full, allow_empty=allow_empty, progress=progress
        )
    _print_skipped(result, seeds)
    if as_json:
        print_json(asdict(result))
    else:
        _print_build(result)


@commands.command("watch")
@seeds_option
@index_option
def watch_command(seeds: Path, index: Location) -> None:
    """Keep the index up to date with the articles, until interrupted."""
    from embeddings.articles.watch import watch_folder
    from embeddings.index.build import build_index
    from embeddings.progress import cancellable, progress_bar

    stop, model = common.set_by_signals(), common.model()

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


@commands.command("read")
@click.argument("file")
@seeds_option
@index_option
@click.option("--dropped", is_flag=True, help="Print what was left out instead, and why.")
@json_option
def read_command(file: str, seeds: Path, index: Location, dropped: bool, as_json: bool) -> None:
    """Print a file, an article of the folder, or else of the index, as it is read."""
    from embeddings.articles.folder import find_file, read_bytes
    from embeddings.console import article_lines, dropped_lines
    from embeddings.readers.subprocess_parser import parse_file

    found = find_file(file, seeds)
    article = parse_file(read_bytes(found), found.path) if found else _indexed(file, index)
    if dropped and not found:
        raise UsageError(f"What was left out of {file} can be told from the file only.")
    if as_json:
        print_json(article.to_json())
    else:
        click.echo("\n".join(dropped_lines(article) if dropped else article_lines(article)))
    for warning in article.warnings:
        click.echo(f"Read with difficulty: {warning}.", err=True)


def _indexed(path: str, index: Location) -> "Article":
    from embeddings.index.open import open_index
    from embeddings.index.stored_article import stored_article

    article = None
    with suppress(IndexMissing), closing(open_index(index)) as opened:
        article = opened.snapshot(lambda index: stored_article(index.passages, path))
    if article is None:
        raise SeedsError(f"There is no {path}: no file here, in the folder, or in the index.")
    return article


@commands.command("eval")
@click.argument("dataset", type=click.Path(path_type=Path))
@dataset_index_option
@json_option
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write a report with charts and misses there."
)
@click.option("--near-misses", is_flag=True, help="Ask again without the passages that answer.")
def eval_command(
    dataset: Path, index: Location, as_json: bool, report: Path | None, near_misses: bool
) -> None:
    """Ask every question of a data set, and print metrics of the answers."""
    from embeddings.progress import progress_bar
    from embeddings.quality.evaluate import evaluate

    settings = {**answer_settings(), "near_misses": near_misses}
    with progress_bar() as progress:
        evaluation = evaluate(
            dataset, index_of(dataset, index), common.model(), **settings, progress=progress
        )
    if report is not None:
        from embeddings.quality.report import write_report

        write_report(evaluation, report)
        click.echo(f"The report is {report / 'report.md'}.", err=True)
    if as_json:
        print_json(evaluation.to_json())
        return
    from embeddings.quality.report import table

    click.echo(table(evaluation))


@commands.command()
@click.argument("datasets", type=click.Path(path_type=Path), nargs=-1, required=True)
@dataset_index_option
@click.option(
    "--output",
    default="var/calibration.json",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; name the file in CALIBRATION to use it.",
)
def calibrate(datasets: tuple[Path, ...], index: Location, output: Path) -> None:
    """Fit on your own data sets what counts as an answer.

    With a calibration of your own the verifier's network is not asked, here and by every command.
    """
    from embeddings.progress import progress_bar
    from embeddings.quality.calibrate import calibrate as fit
    from embeddings.storage.files import write_atomically

    with progress_bar() as progress:
        pairs = [(dataset, index_of(dataset, index)) for dataset in datasets]
        calibration = fit(pairs, common.model(), progress)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, calibration.to_json() + "\n")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"Written to {output}. To use it: CALIBRATION={output}")


@commands.command()
@index_option
@json_option
def info(index: Location, as_json: bool) -> None:
    """Print what the index holds and what it was built from."""
    from dataclasses import asdict

    from embeddings.console import info_lines
    from embeddings.index.open import current_name_and_manifest

    name, manifest = current_name_and_manifest(index)
    if as_json:
        print_json({"generation": name, "bytes": manifest.bytes, **asdict(manifest)})
    else:
        click.echo("\n".join(info_lines(name, manifest)))


@commands.command()
@index_option
@json_option
def verify(index: Location, as_json: bool) -> None:
    """Check every byte of the index against its manifest, and the manifest against itself."""
    if isinstance(index, DatabaseUrl):
        from embeddings.index.postgres.verify import verify_database

        generation, passages = verify_database(index)
        whole = f"Whole: state {generation}, {passages} passages; all tables agree."
    else:
        from embeddings.index.local.verify import verify as check

        result = check(index)
        generation, passages = result.generation, result.passages
        whole = f"Whole: generation {generation}, {result.files} files, {passages} passages."
    if as_json:
        print_json({"generation": generation, "ok": True, "passages": passages})
    else:
        click.echo(whole)


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


def index_of(dataset: Path, index: Location) -> Location:
    """Return where a data set has its own index, beside the usual one."""
    from dataclasses import replace
    from hashlib import sha256

    path = dataset.resolve()
    digest = sha256(str(path).encode()).hexdigest()[:8]
    if isinstance(index, Path):
        return index.parent / "eval" / f"{path.name}-{digest}"
    return replace(index, schema=f"eval_{digest}")
