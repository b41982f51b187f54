"""What is known of wrong functions on a round's inputs, found out once for all workers.

It is a file beside the round that only grows: each worker adds what it has worked out, and reads
what others added. It spares time and nothing else, so what can't be read or written is left out.
"""

import contextlib
import json
import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Bare = tuple[tuple[str, ...], array]
"""The imprints of one case: their structures, and the numbers of all of them in a row."""


@dataclass
class Shelf:
    """The imprints of functions on one set of inputs, by function and case.

    `fitting` and `misfits` are the combinations of causes that go together in one function, and
    those that do not, as far as that is known.
    """

    imprints: dict[tuple[str, str], Bare] = field(default_factory=dict)
    fitting: set[str] = field(default_factory=set)
    misfits: set[str] = field(default_factory=set)
    fresh: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, case: str, bare: Bare) -> None:
        """Keep what was worked out of a function in one case."""
        self.imprints[name, case] = bare
        self.fitting.add(name)
        self.fresh.append((name, case))

    def refuse(self, name: str) -> None:
        """Keep that causes do not go together."""
        self.misfits.add(name)
        self.fresh.append((name, ""))

    def take_fresh(self) -> Iterator[list]:
        """Yield what was kept since the last time, as it is written down."""
        fresh, self.fresh = self.fresh, []
        for name, case in fresh:
            texts, numbers = self.imprints.get((name, case), ((), array("d")))
            yield [name, case, list(texts), list(numbers)]

    def add(self, name: str, case: str, texts: list[str], numbers: list[float]) -> None:
        """Take over what another worker has written down."""
        if not case:
            self.misfits.add(name)
        elif (name, case) not in self.imprints:
            self.imprints[name, case] = tuple(texts), array("d", numbers)
            self.fitting.add(name)


class Known:
    """The shelves of one round. `path` is where workers share them; without one nothing is shared.

    `engine` is the hash of what decides a verdict: what another one worked out is not taken.
    """

    def __init__(self, path: Path | None = None, engine: str = "") -> None:
        self.path, self.engine = path, engine
        self.shelves: dict[str, Shelf] = {}
        self._read_to = 0

    def shelf(self, name: str) -> Shelf:
        """Return the shelf of one exercise's inputs, with what others have put there."""
        self._read()
        return self.shelves.setdefault(name, Shelf())

    def forget(self, name: str) -> None:
        """Let go of one exercise's inputs."""
        self.shelves.pop(name, None)

    def share(self) -> None:
        """Write down what is new, for others."""
        lines = [
            json.dumps([self.engine, name, *entry])
            for name, shelf in self.shelves.items()
            for entry in shelf.take_fresh()
        ]
        if not lines or self.path is None:
            return
        # Begun on a line of its own, should another writer have been killed in the middle of one.
        data = ("\n" + "\n".join(lines) + "\n").encode()
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            place = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(place, data)
            finally:
                os.close(place)

    def _read(self) -> None:
        if self.path is None:
            return
        with contextlib.suppress(OSError), open(self.path, "rb") as file:
            if os.fstat(file.fileno()).st_size < self._read_to:
                # A new round has begun a new file.
                self._read_to = 0
            file.seek(self._read_to)
            text = file.read()
            # The rest of a line that is being written is read the next time.
            whole = text[: text.rfind(b"\n") + 1]
            self._read_to += len(whole)
            for line in whole.splitlines():
                with contextlib.suppress(ValueError, TypeError):
                    engine, name, *entry = json.loads(line)
                    if engine == self.engine:
                        self.shelves.setdefault(name, Shelf()).add(*entry)
