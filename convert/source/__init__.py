"""Reading a file: text, tree, places and the meaning of names."""

from .lines import Lines as Lines
from .lines import Span as Span
from .tree import Source as Source
