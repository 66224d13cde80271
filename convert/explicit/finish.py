"""The text and the outcome of a conversion by way of classes, told in the words of the file as it was."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..diagnostics import Diagnostic
from ..outcome import Converted, ModelOutcome, StateMove
from ..source import Source
from .candidate import Candidate
from .pieces import Origins
from .titles import containers, spelled
from .uses import ITEMS


class Words:
    """Placeholders of all candidates, and what they stand for once the layers are known."""

    def __init__(
        self, source: Source, candidates: Mapping[str, Candidate], outcomes: Mapping[str, ModelOutcome]
    ) -> None:
        self.source = source
        self.candidates = candidates
        self._spelled: dict[str, str] = {ITEMS: "named_parameters"}
        self._dotted: dict[str, str] = {}
        self._containers: dict[str, list[str]] = {}
        quote = "'" if source.text.count("'") > source.text.count('"') else '"'
        for name, candidate in candidates.items():
            self._layers(name, candidate, outcomes[name], quote)
        for name, candidate in candidates.items():
            self._weights(candidate, outcomes[name])

    def _layers(self, name: str, candidate: Candidate, outcome: ModelOutcome, quote: str) -> None:
        used = {move.key.partition(".")[0] for move in outcome.state_map.values()}
        paths = {word: path for word, path in candidate.titles.placeholders.items() if word in used}
        made = containers(paths.values())
        kinds = {container.path: container.kind for container in made}
        for word, path in paths.items():
            self._spelled[word] = spelled(path, kinds).replace('"', quote)
            self._dotted[word] = ".".join(path)
        self._containers[name] = [
            f"self.{spelled(container.path, kinds).replace(chr(34), quote)} = NN.{container.kind}()"
            for container in made
        ]

    def _weights(self, candidate: Candidate, outcome: ModelOutcome) -> None:
        titles = candidate.titles
        for key, attribute in titles.attributes.items():
            move = outcome.state_map.get(attribute, StateMove(attribute))
            head, dot, rest = move.key.partition(".")
            spelled = self._spelled.get(head, head) + dot + rest
            self._spelled[titles.read_word(key)] = spelled
            self._spelled[titles.read_word(key, values=True)] = spelled + (".t()" if move.transform else "")

    def in_text(self, text: str) -> str:
        """A text with the layers' own names."""
        return re.sub(
            r"nnflip_(?:layer|weight|values|items)_\d+_\d+_", lambda match: self._spelled[match.group()], text
        )

    def in_key(self, key: str) -> str:
        """A state key with the layers' own names."""
        head, dot, rest = key.partition(".")
        return self._dotted.get(head, head) + dot + rest

    def with_containers(self, text: str, nn: str) -> str:
        """The text in which the classes make what holds their layers, before the first of these."""
        tree = ast.parse(text)
        rows = text.split("\n")
        for node in sorted(tree.body, key=lambda node: -node.lineno):
            if isinstance(node, ast.ClassDef) and self._containers.get(node.name):
                init = next(one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__")
                for line in reversed(self._containers[node.name]):
                    place = _before_members(init, line.partition(" = ")[0])
                    indent = rows[place - 1][: init.body[0].col_offset]
                    end = "\r" if rows[place - 1].endswith("\r") else ""
                    rows.insert(place - 1, indent + line.replace("NN.", f"{nn}.") + end)
        return "\n".join(rows)


def _before_members(init: ast.FunctionDef, container: str) -> int:
    """The line before which a container is to be made: the first statement that mentions what it holds."""
    said = ast.unparse(ast.parse(container, mode="eval"))
    for statement in init.body:
        inner = [node for node in ast.walk(statement) if isinstance(node, (ast.Attribute, ast.Subscript))]
        if any(ast.unparse(node) == said for node in inner):
            return statement.lineno
    return init.body[-1].lineno


def grouped(keys: Sequence[str]) -> list[str]:
    """Keys in the order in which a module lists them: what a container holds stands together."""
    heads = dict.fromkeys(key.partition(".")[0] for key in keys)
    found: list[str] = []
    for head in heads:
        inner = [key.partition(".")[2] for key in keys if key.partition(".")[0] == head]
        found += [head] if inner == [""] else [f"{head}.{rest}" for rest in grouped(inner)]
    return found


def as_before(candidate: Candidate, text: str) -> str:
    """A sentence about the class in between, with the weights called as in the file."""
    for key, attribute in candidate.titles.attributes.items():
        said = candidate.shown.get(key, key)
        end = r"\b(?!\.)" if attribute == key else r"\b"  # a layer may come to be called like a key without dots
        text = re.sub(rf"\bself\.{re.escape(attribute)}{end}", lambda _, said=said: said, text)  # type: ignore[misc]
    return text


def outcome_of(candidate: Candidate, found: ModelOutcome, words: Words, origins: Origins) -> ModelOutcome:
    """What became of a candidate: its state map leads from its own keys."""
    moves = {
        key: replace(move, key=words.in_key(move.key))
        for key, attribute in candidate.titles.attributes.items()
        for move in [found.state_map.get(attribute, StateMove(attribute))]
    }
    line = candidate.root.function.lineno
    converted = [Converted(line, f"def {candidate.root.name} → class {candidate.name}")]
    for one in found.converted:
        converted.append(replace(one, line=origins.line(one.line), what=words.in_text(as_before(candidate, one.what))))
    return replace(
        found,
        line=line,
        style_before="functional",
        converted=tuple(sorted(converted, key=lambda one: one.line)),
        kept=tuple(relocated(words.source, one, origins, candidate, words) for one in found.kept),
        state_map=moves,
        added=tuple(words.in_key(key) for key in found.added),
        notes=tuple(words.in_text(note) for note in found.notes),
    )


def relocated(
    source: Source, found: Diagnostic, origins: Origins, candidate: Candidate | None = None, words: Words | None = None
) -> Diagnostic:
    """A finding in the new text, at its place in the file as it was."""
    line = origins.line(found.line)
    message, what, column = found.message, found.what, found.column
    if candidate is not None:
        message, what = as_before(candidate, message), as_before(candidate, what)
    if words is not None:
        message, what = words.in_text(message), words.in_text(what)
    name = what.partition("(")[0]
    for call in source.every(ast.Call):
        if call.lineno == line and source.says(call.func) == name:
            column = call.col_offset
            break
    return replace(found, line=line, column=column, message=message, what=what)


def moved_lines(outcome: ModelOutcome, source: Source, origins: Origins) -> ModelOutcome:
    """The outcome of a class that was there before, at its old lines."""
    return replace(
        outcome,
        line=origins.line(outcome.line),
        converted=tuple(replace(one, line=origins.line(one.line)) for one in outcome.converted),
        kept=tuple(relocated(source, one, origins) for one in outcome.kept),
    )
