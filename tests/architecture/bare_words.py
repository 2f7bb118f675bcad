"""Where a module says the word of a state instead of the state."""

import ast
import re
from collections.abc import Iterator

# what holds a state: an attribute, a name or a column of these names
HOLDERS = {"state", "before", "after", "source", "target"}
KEYWORD = re.compile(r"(^|__)state(__\w+)?$")


def holds_a_state(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in HOLDERS
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name == "state"
        case ast.Tuple(elts=parts):
            return any(map(holds_a_state, parts))
    return False


def asked(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that a state is compared with, chosen by, filtered by or moved to."""
    match node:
        case ast.Compare(left=left, comparators=others) if any(map(holds_a_state, [left, *others])):
            return [left, *others]
        case ast.keyword(arg=str(name), value=value) if KEYWORD.search(name):
            return [value]
        case ast.Call(keywords=keywords) if {"source", "target"} <= {k.arg for k in keywords}:
            return [k.value for k in keywords if k.arg in ("source", "target")]
        case ast.Call(func=ast.Attribute(value=table), args=[first, *_]) if holds_a_state(first):
            return [table]
        case ast.Call(func=ast.Attribute(value=column, attr="isin"), args=args) if holds_a_state(
            column
        ):
            return list(args)
        case ast.Subscript(value=table, slice=key) if holds_a_state(key):
            return [table]
        case ast.match_case(pattern=pattern):
            return [pattern]
    return []


def bare_words(source: str, words: set[str]) -> Iterator[tuple[int, str]]:
    """(line, word) of each word of a state that stands where the state itself should."""
    for node in ast.walk(ast.parse(source)):
        for part in asked(node):
            for leaf in ast.walk(part):
                if isinstance(leaf, ast.Constant) and leaf.value in words:
                    yield leaf.lineno, str(leaf.value)
