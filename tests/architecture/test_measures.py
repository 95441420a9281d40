"""The rules that have a number."""

import ast
import io
import statistics
import tokenize

import pytest

from tests.architecture.tree import CODE, Source, sources

ALL = sources(*CODE)


def percentile(values: list[int], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def comment_lines(source: Source) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    return sum(token.type == tokenize.COMMENT for token in tokens)


def test_files_are_short() -> None:
    lengths = [source.text.count("\n") for source in ALL if source.path.name != "__init__.py"]

    assert statistics.median(lengths) <= 90
    assert percentile(lengths, 90) <= 250
    assert max(lengths) <= 400


def test_functions_are_short() -> None:
    lengths = [lines_of(function) for source in ALL for function in source.functions]

    assert statistics.median(lengths) <= 10
    assert percentile(lengths, 90) <= 35


def test_comments_are_few() -> None:
    lines = sum(source.text.count("\n") for source in ALL)
    comments = sum(comment_lines(source) for source in ALL)

    assert comments / lines <= 0.08


def test_test_bodies_are_short() -> None:
    lengths = [
        lines_of(function)
        for source in sources("tests")
        for function in source.functions
        if function.name.startswith("test_")
    ]

    assert statistics.median(lengths) <= 15


@pytest.mark.parametrize("source", sources("functions"), ids=lambda source: source.name)
def test_handlers_are_a_few_lines(source: Source) -> None:
    if source.path.name == "handler.py" and (source.path.parent / "routes.py").exists():
        assert source.text.count("\n") <= 15
