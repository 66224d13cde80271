"""`torch.jit.annotations`, from which older files take the names of typing."""

# ruff: noqa: UP035 - the names are what it is for

from __future__ import annotations

from typing import Any as Any
from typing import Dict as Dict
from typing import List as List
from typing import Optional as Optional
from typing import Tuple as Tuple
from typing import Union as Union

from .missing import refusing

__getattr__ = refusing("torch.jit.annotations")
