"""`torch.hub` without a network: its names are there, and refuse when they are called."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import urlparse as urlparse  # timm takes it from here

from .missing import MissingUse, refusing

HASH_REGEX = re.compile(r"-([a-f0-9]*)\.")


def _home() -> str:
    cache = os.getenv("XDG_CACHE_HOME", "~/.cache")
    return os.path.expanduser(os.getenv("TORCH_HOME", os.path.join(cache, "torch")))


_get_torch_home = _home


def get_dir() -> str:
    """Where torch keeps what it has downloaded."""
    return os.path.join(_home(), "hub")


def load_state_dict_from_url(url: str, *args: Any, **options: Any) -> Any:
    """MissingUse: nothing is downloaded."""
    raise MissingUse("torch.hub.load_state_dict_from_url")


def download_url_to_file(url: str, dst: str, *args: Any, **options: Any) -> Any:
    """MissingUse: nothing is downloaded."""
    raise MissingUse("torch.hub.download_url_to_file")


def load(repo_or_dir: str, model: str, *args: Any, **options: Any) -> Any:
    """MissingUse: nothing is downloaded."""
    raise MissingUse("torch.hub.load")


__getattr__ = refusing("torch.hub")
