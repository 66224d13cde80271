"""numpy torch."""

from . import methods as _methods
