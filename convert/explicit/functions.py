"""A group of functions as a unit of work: decided, written, judged by what became of its class, and told of."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from ..diagnostics import Diagnostic, diagnose
from ..outcome import ModelOutcome, StateMove
from ..parameters import parameters_of
from .candidate import Candidate, candidate_of
from .finish import Words, as_before, grouped, outcome_of, relocated
from .gain import plain_calls
from .pieces import Origins, Patched
from .shared import Variables, shared_candidate
from .takers import Taker, Takers
from .write import Writer


@dataclass(frozen=True)
class Functions:
    """Functions that share weights, before anything is decided."""

    takers: Takers
    group: list[Taker]
    variables: Variables | None

    @property
    def place(self) -> ast.stmt:
        """What a reason without a place of its own is about."""
        return self.group[0].function

    def sites(self) -> Iterator[tuple[ast.expr, str]]:
        """The calls of torch that take weights, and the function that each stands in."""
        for taker in self.group:
            for call in (*taker.weighted, *taker.touched):
                yield call.node, taker.name
            if self.variables is not None:  # tensors that train: a model, whatever it does with them
                yield from ((call, taker.name) for call in plain_calls(self.takers, taker))

    def decided(self, taken: Collection[str], number: int) -> DecidedFunctions:
        """What becomes of them. Raises Kept."""
        if self.variables is None:
            return DecidedFunctions(self.takers, candidate_of(self.takers, self.group, taken, number))
        group = [replace(taker) for taker in self.group]
        return DecidedFunctions(self.takers, shared_candidate(self.takers, group, self.variables, taken, number))


@dataclass(frozen=True)
class DecidedFunctions:
    """Functions that are to be a class."""

    takers: Takers
    candidate: Candidate

    @property
    def name(self) -> str:
        return self.candidate.name

    @property
    def place(self) -> ast.stmt:
        """What a reason without a place of its own is about."""
        return self.candidate.root.function

    @property
    def new_names(self) -> set[str]:
        """Names that the new text binds."""
        return {self.name, *self.candidate.instances.values()}

    @property
    def old_names(self) -> set[str]:
        """Names of the module that go away, or mean something else."""
        candidate = self.candidate
        names = {taker.name for taker in (*candidate.members, *candidate.callers)}
        names |= {holder.name for holder in candidate.holders if holder.statement in self.takers.source.tree.body}
        making = candidate.making
        if making.function is not None:
            names.add(making.name)
        for statement in making.statements if candidate.is_shared else ():
            names |= {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and _is_store(one)}
        return names - {candidate.root.name} if candidate.is_shared else names

    def write(self, patched: Patched, nn: str) -> None:
        """Add the patches. Raises Kept."""
        Writer(self.takers, self.candidate, patched, nn).write()

    def restore(self) -> dict[str, str]:
        """Attribute → the key that it should come to have."""
        return self.candidate.titles.restore()

    def problem(self, outcome: ModelOutcome, text: str, origins: Origins) -> Diagnostic | None:
        """Why the class is not what it should be; None where all keys with dots have their layers."""
        candidate, source = self.candidate, self.takers.source
        moved = 0
        for key, attribute in candidate.titles.attributes.items():
            move = outcome.state_map.get(attribute)
            if move is not None and move.key != attribute:
                moved += 1
                continue
            if candidate.titles.is_same(key) or key.isdigit():
                continue
            about = [one for one in outcome.kept if f"self.{attribute}" in one.what]
            if about:
                return relocated(source, about[0], origins, candidate)
            return diagnose("NF295", candidate.root.function.lineno, 0, key=key, function=candidate.root.name)
        if moved or (outcome.converted and any(plain_calls(self.takers, one) for one in candidate.members)):
            return self._unlike(outcome, text)
        about = [one for one in outcome.kept if as_before(candidate, one.what) != one.what]
        if about:
            return relocated(source, about[0], origins, candidate)
        return diagnose("NF230", candidate.root.function.lineno, 0, function=candidate.root.name)

    def _unlike(self, outcome: ModelOutcome, text: str) -> Diagnostic | None:
        """A use that would see that the names or the order of the weights have changed."""
        candidate, source = self.candidate, self.takers.source
        if (turned := self._turned(outcome)) is not None:
            return turned
        if not candidate.by_name and not candidate.by_order:
            return None
        attributes = candidate.titles.attributes
        words = Words(source, {candidate.name: candidate}, {candidate.name: outcome})
        moves = [outcome.state_map.get(attribute, StateMove(attribute)).key for attribute in attributes.values()]
        now = [words.in_key(key) for key in moves]
        order = parameters_of(text)[candidate.name].order
        listed = None if order is None else grouped([words.in_key(key) for key in order])
        moved = listed is None or [key for key in listed if key in now] != now
        renamed = moved or now != list(attributes)
        uses = [*(candidate.by_name if renamed else ()), *(candidate.by_order if moved else ())]
        if not uses:
            return None
        said = " ".join(source.says(source.statement(uses[0])).split())[:60]
        return diagnose("NF289", uses[0].lineno, uses[0].col_offset, name=uses[0].id, other=uses[0].lineno, text=said)

    def _turned(self, outcome: ModelOutcome) -> Diagnostic | None:
        """A use that would see that a weight lies the other way."""
        attributes, source = self.candidate.titles.attributes, self.takers.source
        moves = {key: outcome.state_map.get(attribute) for key, attribute in attributes.items()}
        turned = [key for key, move in moves.items() if move is not None and move.transform]
        for key, node in self.candidate.by_layout if turned else ():
            if not key or key in turned:
                statement = source.statement(node)
                text = " ".join(source.says(statement).split())[:60]
                found = diagnose("NF261", node.lineno, node.col_offset, name=attributes[key or turned[0]], text=text)
                return replace(found, message=as_before(self.candidate, found.message))
        return None

    def told(self, outcome: ModelOutcome, words: Words, origins: Origins) -> ModelOutcome:
        """What became of it, in the words of the file."""
        return outcome_of(self.candidate, outcome, words, origins)


def _is_store(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)
