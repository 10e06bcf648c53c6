"""Files in the format of SQuAD become data sets; questions may be in another language."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from embeddings.quality.dataset import load_questions
from embeddings.quality.squad import main


def file(folder: Path, language: str, questions: list[str], answers: list[str]) -> str:
    qas: list[Any] = [
        {"id": str(n), "question": question, "answers": [{"text": answer}] if answer else []}
        for n, (question, answer) in enumerate(zip(questions, answers, strict=True))
    ]
    paragraphs = [{"context": "The ferry\nis old.", "qas": qas}]
    path = folder / f"squad.{language}.json"
    path.write_text(json.dumps({"data": [{"title": "Old_ferry", "paragraphs": paragraphs}]}))
    return str(path)


def test_questions_of_two_languages_over_one_article(tmp_path: Path) -> None:
    english = file(tmp_path, "en", ["How old?", "Whose?"], ["old", ""])
    russian = file(tmp_path, "ru", ["Какой?", "Чей?"], ["старый", ""])
    out = tmp_path / "set"
    result = CliRunner().invoke(main, [english, english, russian, "--output", str(out)])
    assert result.exit_code == 0, result.output
    assert (out / "seeds" / "Old_ferry.txt").read_text() == "Old ferry\n\nThe ferry is old.\n"
    asked = [(q.language, q.text, q.article, q.answers) for q in load_questions(out)]
    assert asked == [
        ("en", "How old?", "Old_ferry.txt", ("old",)),
        ("ru", "Какой?", "Old_ferry.txt", ("old",)),
    ]
