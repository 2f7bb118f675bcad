"""Which code made a release.

A digest of what its computing modules say, however they are written down and wherever they lie.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ("portal", "grants", "startups", "reports")
ROOM = "reports.statistics"
ENTRY = f"{ROOM}.releasing.building"
# where results are kept: columns of the database and words of its pages, no arithmetic
KEPT = frozenset({f"{ROOM}.models"})


def code_version() -> str:
    """Sixteen hexadecimal digits.

    The same for the same computation, another one as soon as a figure could differ.
    """
    return digest(computing())[:16]


def computing() -> dict[str, str]:
    """Module → text of everything that building a release reaches inside this room."""
    found: dict[str, str] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is None or name in found or name in KEPT:
            continue
        found[name] = path.read_text(encoding="utf-8")
        for dotted in imported(ast.parse(found[name])).values():
            waiting += [dotted, dotted.rpartition(".")[0]]  # a module, or a name in one
    return found


def digest(sources: Mapping[str, str]) -> str:
    """SHA-256 over the definitions of all modules (dotted name → text) as one set.

    In which module each stands does not count.
    """
    definitions = sorted(
        text for source in sources.values() for text in _definitions(source, sources)
    )
    return hashlib.sha256("\n".join(definitions).encode()).hexdigest()


def imported(tree: ast.Module) -> dict[str, str]:
    """Name in the module → the dotted name of what it stands for."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return found


def _file(name: str) -> Path | None:
    """The file of a module of this room; None for anything else."""
    if not f"{name}.".startswith(f"{ROOM}."):
        return None
    path = ROOT.joinpath(*name.split("."))
    return next(
        (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None
    )


def _definitions(source: str, modules: Mapping[str, str]) -> Iterator[str]:
    tree = ast.parse(source)
    bare = _Bare(imported(tree), modules)
    for statement in tree.body:
        kept = bare.visit(statement)
        if kept is not None:
            yield _written(kept)


def _own_name(dotted: str) -> str:
    """Of the house the last part, so that files may move; of a library the whole."""
    first, _dot, _rest = dotted.partition(".")
    return dotted.rpartition(".")[2] if first in HOUSE else dotted


class _Bare(ast.NodeTransformer):
    """Takes off what computes nothing (imports, docstrings, annotations) and calls what was
    imported by its own name.
    """

    def __init__(self, names: Mapping[str, str], modules: Mapping[str, str]) -> None:
        self.modules = {name for name, dotted in names.items() if dotted in modules}
        self.names = {name: _own_name(dotted) for name, dotted in names.items()}

    def visit_Import(self, _node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, _node: ast.ImportFrom) -> None:
        return None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        said = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if said else self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)  # that a field is one counts, its type does not
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in self.modules:
            return ast.Name(node.attr)
        return self.generic_visit(node)


def _written(part: object) -> str:
    """An abstract syntax tree as text, the same under every version of Python.

    Fields that are empty or tell of the writing are left out.
    """
    if isinstance(part, ast.AST):
        fields = [
            f"{name}={_written(value)}"
            for name, value in ast.iter_fields(part)
            if name not in ("ctx", "kind", "type_comment") and value is not None and value != []
        ]
        return f"{type(part).__name__}({', '.join(fields)})"
    if isinstance(part, list):
        return f"[{', '.join(map(_written, part))}]"
    return repr(part)
