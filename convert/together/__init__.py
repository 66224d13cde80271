"""Several files of one run as one program: which can reach the classes of which, and what they do to them."""

from __future__ import annotations

from .reach import FileFacts as FileFacts
from .reach import elsewhere_of as elsewhere_of
from .reach import file_facts as file_facts
