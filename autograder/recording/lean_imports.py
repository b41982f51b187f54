"""Imports of parts of large packages, without all the rest that the packages import themselves."""

import contextlib
import importlib
import importlib.util
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_OWN = ("__all__", "__version__")
"""What a package's own lines may give of the names that Python itself asks every module for."""


class _Announced(types.ModuleType):
    """A package whose own lines were not run yet; `_held` are names, each with its module."""

    _held: Mapping[str, str]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _OWN:
            raise AttributeError(name)
        if name in self._held:
            held = importlib.import_module(f"{self.__name__}.{self._held[name]}")
            return getattr(held, name)
        module = f"{self.__name__}.{name}"
        if importlib.util.find_spec(module) is not None:
            return importlib.import_module(module)
        self.__class__ = types.ModuleType  # type: ignore[assignment]
        assert self.__spec__ is not None and self.__spec__.loader is not None
        try:
            self.__spec__.loader.exec_module(self)
        except BaseException:
            # The next one who asks gets the same error, as from a package that failed to import.
            self.__class__ = _Announced  # type: ignore[assignment]
            raise
        return getattr(self, name)


def announce(package: str, **held: str) -> None:
    """Have modules of a package imported without the package's own lines, which import them all.

    Those are run when something else is asked of it; `held` names what is in which module. A
    package within another one comes behind that one. One that was imported before, or is not there
    at all, is left alone.
    """
    if package in sys.modules or (spec := importlib.util.find_spec(package)) is None:
        return
    module = importlib.util.module_from_spec(spec)
    module.__class__ = _Announced
    vars(module)["_held"] = held
    sys.modules[package] = module
    parent, _, name = package.rpartition(".")
    if parent:
        vars(sys.modules[parent])[name] = module


@contextlib.contextmanager
def missing(*modules: str) -> Iterator[None]:
    """Have imports of modules that were not imported before fail for a while."""
    # None is Python's own mark for a module that is not to be found.
    blocked = [name for name in modules if sys.modules.setdefault(name, None) is None]  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]


@contextlib.contextmanager
def put_off(module: str, *functions: str) -> Iterator[None]:
    """Have functions of a module imported, for a while, that import it when they are called."""

    def later(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(module), name)(*arguments, **options)

        return call

    with contextlib.ExitStack() as stack:
        if module not in sys.modules:
            stand_in = types.ModuleType(module)
            vars(stand_in).update({name: later(name) for name in functions})
            sys.modules[module] = stand_in
            stack.callback(sys.modules.pop, module)
        yield
