"""Makes a data set for `eval` and `calibrate` of files in the format of SQuAD.

    python -m embeddings.quality.squad ARTICLES.json QUESTIONS.json... --output DIR [--every N]

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
def main(articles: Path, questions: tuple[Path, ...], output: Path, every: int) -> None:
    """Write `seeds/` and `questions.jsonl`."""
    (output / "seeds").mkdir(parents=True, exist_ok=True)
    entries = _read(articles)
    for entry in entries:
        paragraphs = [_one_line(paragraph["context"]) for paragraph in entry["paragraphs"]]
        text = "\n\n".join([entry["title"].replace("_", " "), *paragraphs])
        (output / "seeds" / _file_name(entry)).write_text(f"{text}\n", encoding="utf-8")
    lines = [line for path in questions for line in list(_lines(entries, path))[::every]]
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (output / "questions.jsonl").write_text(content, encoding="utf-8")


def _lines(entries: list[Any], path: Path) -> Iterator[dict[str, Any]]:
    language = path.stem.rpartition(".")[2]
    for entry, other in zip(entries, _read(path), strict=True):
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
