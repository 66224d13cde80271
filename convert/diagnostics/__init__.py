"""The codes: everything the tool can say about a place in a user's file, in one table.

NF1xx: cannot read the file. NF2xx: a site is kept, because rewriting it would not be exact. NF3xx: a hazard, code that
runs but does not do what its author thinks. NF4xx: what verification says.
"""

from __future__ import annotations

from dataclasses import dataclass

from .code import Code as Code
from .explicit import EXPLICIT
from .hazard import HAZARDS
from .hazard import OPT_IN as OPT_IN
from .kept import KEPT
from .pure import PURE
from .reached import REACHED
from .reading import READING
from .verdict import VERDICTS

_TABLE = sorted((*READING, *KEPT, *REACHED, *PURE, *EXPLICIT, *HAZARDS, *VERDICTS), key=lambda row: row.code)
CODES: dict[str, Code] = {row.code: row for row in _TABLE}
"""Every code. Codes and slugs are unique and never reused after removal."""


@dataclass(frozen=True)
class Diagnostic:
    """One finding at one place. `line` counts from 1, `column` from 0 as in `ast`; `what` is the source of the site."""

    code: str
    line: int
    column: int
    message: str
    what: str = ""
    model: str | None = None
    advice: str = ""

    @property
    def slug(self) -> str:
        """The code's readable name."""
        return CODES[self.code].slug

    @property
    def cure(self) -> str:
        """What the user can do about it."""
        return self.advice or CODES[self.code].cure

    def render(self, path: str) -> str:
        """`net.py:14:9 NF203 shared-weight: …` and a `cure:` line, columns from 1 as editors count them."""
        place = f"{path}:{self.line}:{self.column + 1}"
        return f"{place} {self.code} {self.slug}: {self.message}\n  cure: {self.cure}"


def diagnose(
    code: str, line: int, column: int, *, what: str = "", model: str | None = None, **facts: object
) -> Diagnostic:
    """A finding whose message and cure are the code's templates filled with facts."""
    row = CODES[code]
    return Diagnostic(code, line, column, row.says.format(**facts), what, model, row.cure.format(**facts))
