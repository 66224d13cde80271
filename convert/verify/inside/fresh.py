"""Each run of a model begins where its construction left it: the random streams, and what it keeps between calls.

A model may count its calls, or keep a hidden state in a plain attribute. Without this a search for inputs on one side
would make the two differ.
"""

from __future__ import annotations

import copy
import random
from collections import deque
from typing import Any

import numpy as np

from .backend import Backend

_COPIED = (list, dict, set, deque, bytearray, np.ndarray)
_PLAIN = (bool, int, float, complex, str, bytes, type(None), tuple, frozenset)
_ABSENT = object()
_seed_python, _seed_numpy, _deepcopy = random.seed, np.random.seed, copy.deepcopy


def seed(number: int, backend: Backend) -> None:
    """Starts the random streams of torch, numpy and Python anew."""
    backend.torch.manual_seed(number)
    _seed_python(number)
    _seed_numpy(number)


class Fresh:
    """The plain attributes that a model and its parts had when they were built."""

    def __init__(self, model: Any, backend: Backend) -> None:
        self._backend = backend
        self._of_torch = frozenset(vars(backend.torch.nn.Module()))
        self._memo: dict[int, Any] = {}  # what is state in its own right keeps its identity
        for part in model.modules():
            for one in (part, *part._parameters.values(), *part._buffers.values()):
                self._memo[id(one)] = one
        self._noted = [(part, self._attributes(part)) for part in model.modules()]

    def restore(self) -> None:
        """Puts copies of them back, and takes away what came on top."""
        for part, attributes in self._noted:
            own = vars(part)
            for name in [name for name in own if name not in attributes and name not in self._of_torch]:
                del own[name]
            own.update({name: self._copied(value) for name, value in attributes.items() if value is not _ABSENT})

    def changed(self) -> bool:
        """Whether a call left something behind in them: the next one may go another way."""
        for part, attributes in self._noted:
            own = vars(part)
            if any(name not in attributes and name not in self._of_torch for name in own):
                return True
            noted = ((name, value) for name, value in attributes.items() if value is not _ABSENT)
            if any(self._mark(own.get(name)) != self._mark(value) for name, value in noted):
                return True
        return False

    def _attributes(self, part: Any) -> dict[str, Any]:
        """Copies of what can be copied; of the rest the name alone."""
        return {name: self._copied(value) for name, value in vars(part).items() if name not in self._of_torch}

    def _copied(self, value: Any) -> Any:
        if id(value) in self._memo or isinstance(value, _PLAIN):
            return value
        if not (isinstance(value, _COPIED) or self._backend.is_tensor(value)):
            return _ABSENT
        try:
            return _deepcopy(value, dict(self._memo))
        except Exception:  # of a tensor inside a graph, of a lock
            return _ABSENT

    def _mark(self, value: Any) -> Any:
        """What is the same for a value and its copy."""
        if self._backend.is_tensor(value):
            return "tensor", self._backend.array(value).tobytes()
        if isinstance(value, np.ndarray):
            return "array", value.tobytes()
        if isinstance(value, dict):
            return [(repr(key), self._mark(one)) for key, one in value.items()]
        if isinstance(value, (list, tuple, deque)):
            return [self._mark(one) for one in value]
        return repr(value) if isinstance(value, (*_PLAIN, *_COPIED)) else type(value).__name__
