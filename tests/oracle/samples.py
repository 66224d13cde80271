"""The lists of samples that torch ships, once its test support can be imported without what it does not need here."""

from __future__ import annotations

import importlib.util
import sys
import unittest
from types import ModuleType

if importlib.util.find_spec("expecttest") is None:  # only the base class of torch's own tests needs it
    stand_in = ModuleType("expecttest")
    stand_in.TestCase = unittest.TestCase  # type: ignore[attr-defined]
    sys.modules["expecttest"] = stand_in

from . import modules, ops, second

__all__ = ["modules", "ops", "second"]
