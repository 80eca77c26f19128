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

    def keys_for(self, name: str) -> set[str]:
        """Every keyword that reaches the `**` of a function: of its own calls, and of those that pass theirs on to it."""
        takers = self._takers(name)
        keys: set[str] = set()
        for home, module in enumerate(self.modules):
            for scope, call in _calls(module, module):
                called = _name(call.func)
                known = takers.get((_home(called, home), called))
                for keyword in call.keywords if known is not None else ():
                    if keyword.arg is None:
                        keys |= self._keys_of(keyword.value, scope)
                    elif keyword.arg not in known:
                        keys.add(keyword.arg)
        return keys

    def _takers(self, name: str) -> dict[tuple[int, str], set[str]]:
        """The functions by which one of a name is reached, by where they are known, with their own parameters."""
        functions = [
            (home, node)
            for home, module in enumerate(self.modules)
            for node in ast.walk(module)
            if isinstance(node, _Function) and node.args.kwarg is not None
        ]
        takers: dict[tuple[int, str], set[str]] = {}
        before = -1
        while before < len(takers):
            before = len(takers)
            for home, node in functions:
                if node.name == name or _passes_on(node, takers, home):
                    own = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                    takers[_home(node.name, home), node.name] = {one.arg for one in own}
        return takers

    def _keys_of(self, value: ast.expr, scope: ast.AST) -> set[str]:
        """The keys of what stands behind a `**`: a dict that is written out, or one that a function gives."""
        match value:
            case ast.Dict():
                return {key.value for key in value.keys if isinstance(key, ast.Constant)}
            case ast.IfExp():
                return self._keys_of(value.body, scope) | self._keys_of(value.orelse, scope)
            case ast.Name(id=name):
                given = [
                    node.value
                    for node in ast.walk(scope)
                    if isinstance(node, ast.Assign | ast.AnnAssign)
                    and node.value is not None
                    and name
                    in {
                        _name(one)
                        for one in (node.targets if isinstance(node, ast.Assign) else [node.target])
                    }
                ]
                return {key for one in given for key in self._keys_of(one, scope)}
            case ast.Call(func=ast.Name(id=name)):
                bodies = [node for node in self.nodes if isinstance(node, _Function) and node.name == name]
                back = [one.value for body in bodies for one in ast.walk(body) if isinstance(one, ast.Return)]
                return {key for one in back if one is not None for key in self._keys_of(one, scope)}
        return set()

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


def _home(name: str, home: int) -> int:
    """Where a function is known: one that begins with an underscore in its own module, others everywhere."""
    return home if name.startswith("_") else -1


def _passes_on(function: _Function, takers: dict[tuple[int, str], set[str]], home: int) -> bool:
    """Whether a function gives its own `**` to one of these."""
    own = function.args.kwarg.arg if function.args.kwarg else ""
    for _scope, call in _calls(function, function):
        called = _name(call.func)
        if (_home(called, home), called) in takers:
            return any(one.arg is None and _name(one.value) == own for one in call.keywords)
    return False


def _calls(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call with the function it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        yield from _calls(child, child if isinstance(child, _Function) else scope)
