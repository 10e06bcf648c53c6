"""Makes a data set for `eval` and `calibrate` of files in the format of SQuAD.

    python -m embeddings.quality.squad ARTICLES.json QUESTIONS.json... --output DIR [--every N]
        [--article TITLE]...

The questions may be in other languages than the articles; files of XQuAD are aligned: the same
article, paragraph and question by position. The language is the last part of a file's name,
`xquad.uk.json`. A question that the paragraphs do not answer (`is_impossible`) is left out.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("articles", type=click.Path(exists=True, path_type=Path))
@click.argument("questions", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--output", required=True, type=click.Path(path_type=Path))
@click.option("--every", default=1, show_default=True, help="Take every Nth question.")
@click.option("--article", "titles", multiple=True, help="Take this article only, or these.")
def main(
    articles: Path,
    questions: tuple[Path, ...],
    output: Path,
    every: int,
    titles: tuple[str, ...],
) -> None:
    """Write `seeds/` and `questions.jsonl`."""
    (output / "seeds").mkdir(parents=True, exist_ok=True)
    original = _read(articles)
    taken = [n for n, entry in enumerate(original) if not titles or entry["title"] in titles]
    entries = [original[n] for n in taken]
    for entry in entries:
        paragraphs = [_one_line(paragraph["context"]) for paragraph in entry["paragraphs"]]
        text = "\n\n".join([entry["title"].replace("_", " "), *paragraphs])
        (output / "seeds" / _file_name(entry)).write_text(f"{text}\n", encoding="utf-8")
    lines = [line for path in questions for line in list(_lines(original, path, taken))[::every]]
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (output / "questions.jsonl").write_text(content, encoding="utf-8")


def _lines(entries: list[Any], path: Path, taken: list[int]) -> Iterator[dict[str, Any]]:
    language = path.stem.rpartition(".")[2]
    pairs = list(zip(entries, _read(path), strict=True))
    for entry, other in (pairs[n] for n in taken):
        for paragraph, asked in zip(entry["paragraphs"], other["paragraphs"], strict=True):
            for answered, question in zip(paragraph["qas"], asked["qas"], strict=True):
                answers = sorted({_one_line(answer["text"]) for answer in answered["answers"]})
                if answers and not answered.get("is_impossible"):
                    yield {
                        "id": f"{question['id']}-{language}",
                        "lang": language,
                        "question": _one_line(question["question"]),
                        "article": _file_name(entry),
                        "answers": answers,
                    }


def _read(path: Path) -> list[Any]:
    data: list[Any] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return data


def _file_name(entry: Any) -> str:
    return f"{entry['title'].replace('/', '-')}.txt"


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
