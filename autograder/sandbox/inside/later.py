"""Modules that are imported when somebody looks into them.

Drawing takes half of the server's memory, and most notebooks import it and, when they are graded,
draw nothing. So `import matplotlib.pyplot as plt` gives a stand-in, and the first attribute that
is asked for brings the real modules: all that were put off together.
"""

import importlib
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

_WHAT_IMPORTS_ASK_FOR = ("__cached__", "__builtins__", "__wrapped__")


class Later(types.ModuleType):
    """Stands for a module; what is asked of it is asked of the real one."""

    def __getattr__(self, name: str) -> Any:
        if name in _WHAT_IMPORTS_ASK_FOR:
            raise AttributeError(name)
        return getattr(load(self.__name__), name)

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system itself sets what has two underscores.
        if name.startswith("__"):
            super().__setattr__(name, value)
        else:
            setattr(load(self.__name__), name, value)

    def __dir__(self) -> list[str]:
        return dir(load(self.__name__))


_waiting: dict[str, Sequence[str]] = {}
"""Each name, and all that are put off together with it."""

_loaded: dict[str, types.ModuleType] = {}
_then: dict[Sequence[str], Callable[[], None]] = {}


def put_off(names: Sequence[str], then: Callable[[], None] = lambda: None) -> list[str]:
    """Put stand-ins in the places of modules; `then` is called once the real ones are there.

    Parents come before their submodules. Returns the names that can't be imported at all.
    """
    missing = []
    for name in names:
        parent, _, own = name.rpartition(".")
        above = sys.modules.get(parent)
        spec = importlib.machinery.PathFinder.find_spec(name, above and above.__path__)
        if spec is None or (parent and parent not in _waiting):
            missing.append(name)
            continue
        module = Later(name)
        module.__spec__, module.__file__ = spec, spec.origin
        if spec.submodule_search_locations is not None:
            module.__path__ = spec.submodule_search_locations
        sys.modules[name] = module
        if parent:
            vars(above)[own] = module
        _waiting[name] = names
    _then[names] = then
    if not any(isinstance(finder, _Submodules) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Submodules())
    return missing


def load(name: str) -> types.ModuleType | None:
    """Import a module with all that were put off with it, if that was not done yet; return it."""
    together = _waiting.get(name)
    if together is not None:
        names = [each for each in together if each in _waiting]
        for each in names:
            del _waiting[each], sys.modules[each]
        _loaded.update({each: importlib.import_module(each) for each in names})
        _then[together]()
    return _loaded.get(name)


class _Submodules:
    """Brings the real packages before one of their other submodules is imported."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        parent = name.rpartition(".")[0]
        if parent not in _waiting:
            return None
        load(parent)
        module = sys.modules.get(name)
        if module is None:
            return None
        found = importlib.machinery.ModuleSpec(name, _Present(module, module.__spec__))
        # Of a module that was imported meanwhile the import system would take this spec, and so
        # import it again.
        module.__spec__ = None
        return found


class _Present:
    """Gives the import system a module that is there already."""

    def __init__(self, module: types.ModuleType, spec: Any) -> None:
        self.module, self.spec = module, spec

    def create_module(self, _: Any) -> types.ModuleType:
        return self.module

    def exec_module(self, module: types.ModuleType) -> None:
        module.__spec__ = self.spec
        module.__loader__ = self.spec.loader
