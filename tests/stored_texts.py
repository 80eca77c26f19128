"""Texts that the source has the machine store, read from its syntax: what the audit log and histories are told."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings

# These look things up by a text, and store none.
ASKS = {"filter", "exclude", "Q", "get", "values"}
# These give back the text they are given, or its like in another language.
SAME = {"_", "_t", "gettext", "str"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """What calls in some apps give to parameters of a name. `samples` has values for what varies in a text."""

    def __init__(self, apps: list[str], samples: dict[str, list[str]]) -> None:
        self.samples = samples
        files = [path for app in apps for path in sorted((settings.BASE_DIR / app).rglob("*.py"))]
        left_out = {"migrations", "demo"}  # written once, and never by the machine
        self.modules = [ast.parse(path.read_text()) for path in files if not left_out & set(path.parts)]
        self.nodes = [node for module in self.modules for node in ast.walk(module)]
        self.calls = [found for module in self.modules for found in _calls(module, module)]
        self.constants = {
            target.id: node.value
            for module in self.modules
            for node in module.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def given_as(self, *names: str, first_of: str = "") -> set[str]:
        """Every text that a call gives to a parameter of one of the names, or as the first of a certain call."""
        places = self._places(names)
        places[first_of] = {0}
        found: set[str] = set()
        for scope, call in self.calls:
            called = _name(call.func)
            if called in ASKS:
                continue
            by_name = [keyword.value for keyword in call.keywords if keyword.arg in names]
            by_place = [call.args[at] for at in places.get(called, ()) if at < len(call.args)]
            for value in (*by_name, *by_place):
                found |= self._texts(value, scope)
        return {text for text in found if any(letter.isalpha() for letter in text)}

    def _places(self, names: tuple[str, ...]) -> dict[str, set[int]]:
        """Where functions and small classes take such a parameter, when it is not named."""
        places: dict[str, set[int]] = defaultdict(set)
        for node in self.nodes:
            if isinstance(node, _Function):
                known = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
            elif isinstance(node, ast.ClassDef):
                known = [_name(line.target) for line in node.body if isinstance(line, ast.AnnAssign)]
            else:
                continue
            places[node.name] |= {at for at, name in enumerate(known) if name in names}
        return places

    def _texts(self, value: ast.expr, scope: ast.AST) -> set[str]:
        """What an expression may be; nothing where people type it or somebody else's machine says it."""
        match value:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp():
                return self._texts(value.body, scope) | self._texts(value.orelse, scope)
            case ast.BoolOp():
                return {text for one in value.values for text in self._texts(one, scope)}
            case ast.Call(func=ast.Name(id=name), args=[text]) if name in SAME:
                return self._texts(text, scope)
            case ast.BinOp(op=ast.Mod()):
                return self._texts(value.left, scope)
            case ast.Subscript():
                return self._texts(value.value, scope)
            case ast.JoinedStr():
                return self._filled(value, scope)
            case ast.Name(id=name):
                here = [
                    node.value
                    for node in ast.walk(scope)
                    if isinstance(node, ast.Assign) and any(_name(one) == name for one in node.targets)
                ]
                known = here or [one for one in [self.constants.get(name)] if one is not None]
                return {text for one in known for text in self._texts(one, scope)}
        return set()

    def _filled(self, value: ast.JoinedStr, scope: ast.AST) -> set[str]:
        texts = {""}
        for part in value.values:
            if isinstance(part, ast.FormattedValue):
                source = ast.unparse(part.value)
                options = set(self.samples.get(source, [])) or self._texts(part.value, scope) or {"7"}
            else:
                options = self._texts(part, scope)
            texts = {text + option for text in texts for option in options}
        return texts


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _calls(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call with the function it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        yield from _calls(child, child if isinstance(child, _Function) else scope)
