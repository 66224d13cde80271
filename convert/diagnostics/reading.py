"""NF1xx: the file cannot be read."""

from __future__ import annotations

from .code import Code

READING = (
    Code(
        "NF101",
        "not-python",
        "{reason}",
        "Only a file that Python itself can parse is read; a newer Python may read newer syntax.",
        "Correct the file, or run nnflip under the Python version that the file is written for.",
    ),
    Code(
        "NF102",
        "too-deep",
        "the expressions are nested too deeply to be parsed",
        "Python's own parser gives up on such nesting.",
        "Split the expression over several statements.",
    ),
    Code(
        "NF103",
        "unreadable-file",
        "{reason}",
        "The bytes could not be had or are not text in the encoding that the file declares.",
        "Check the path, the permissions and the encoding cookie on the first two lines.",
    ),
)
