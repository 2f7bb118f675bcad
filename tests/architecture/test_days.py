"""Sentences say days as pages do: 12月10日（木）, never 2026-12-10."""

import ast
from collections.abc import Iterator

from tests.architecture.test_house import modules, tree


def values(module: ast.AST) -> Iterator[ast.AST]:
    """What is put into sentences: right of `text % …`, and the `params` of a form's error."""
    for node in ast.walk(module):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            yield node.right
        if isinstance(node, ast.keyword) and node.arg == "params":
            yield node.value


def machine_days(module: ast.Module) -> list[int]:
    """The lines on which a day goes into a sentence as machines read it."""
    found = []
    for value in values(module):
        for node in ast.walk(value):
            by_name = isinstance(node, ast.Attribute) and node.attr == "isoformat"
            by_format = isinstance(node, ast.Constant) and "%Y-%m-%d" in str(node.value)
            if isinstance(node, ast.expr) and (by_name or by_format):
                found.append(node.lineno)
    return found


def test_no_sentence_says_a_day_as_machines_do() -> None:
    found = {f"{path}:{line}" for path in modules() for line in machine_days(tree(path))}
    assert found == set()


def test_such_days_are_found() -> None:
    for value in ("day.isoformat()", 'f"{day:%Y-%m-%d}"'):
        for sentence in (f'_("x") % {{"day": {value}}}', f'Error("x", params={{"day": {value}}})'):
            assert machine_days(ast.parse(sentence)) == [1]
    assert machine_days(ast.parse('_("x") % {"day": day_said(day)}')) == []
