"""Answers the parent's requests inside the child: load, build, infer, prepare, observe, value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..literals import packed, unpacked
from ..specs import assembled
from ..wire import Message
from .arguments import MissingArgument, guesses, required, told
from .backend import Array, Backend, dtype_name
from .examples import constructions
from .explicit import explicit_models
from .find_inputs import InputFinder, by_convention, draw
from .fresh import Fresh
from .fresh import seed as begin
from .load import Failure, Loaded, described, load
from .names import missing_names
from .observe import Names, Observed, add_state, observe
from .state import Fill, entries, inventory, prepared, restore, sketch, stepped, untouched
from .trace import Tracer
from .usage import uses
from .variants import defaults, variants

_CONSTRUCTION_SEED = 0
_MOST_EXAMPLES = 6
_CONVENTIONS = ("get_init_inputs", "get_inputs", "example_inputs")


class Server:
    """Holds the loaded file and the one model being looked at, between requests."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._loaded: Loaded | None = None
        self._model: Any = None
        self._built_with: dict[str, tuple[list[Any], dict[str, Any]]] = {}  # by model
        self._made_with: tuple[list[Any], dict[str, Any]] = ([], {})
        self._names = Names({}, frozenset())
        self._ready: list[tuple[str, Array]] = []
        self._own: list[tuple[str, Array]] = []
        self._tracer: Tracer | None = None
        self._fresh: Fresh | None = None

    def answer(self, request: Message) -> Message:
        """The answer to one request; what the user's code raises is an answer too."""
        handlers: dict[str, Callable[[dict[str, Any], tuple[bytes, ...]], Message]] = {
            "load": self._load,
            "build": self._build,
            "variants": self._variants,
            "initial": self._initial,
            "infer": self._infer,
            "uses": self._uses,
            "prepare": self._prepare,
            "observe": self._observe,
            "value": self._value,
        }
        try:
            return handlers[request.body["ask"]](request.body, request.blobs)
        except Failure as failure:
            return Message({"failure": {**failure.body, "wanted": self._asked_of(request.body)}})

    def _asked_of(self, body: dict[str, Any]) -> list[str]:
        """The constructor's arguments that somebody has to give, where it is a constructor that failed."""
        if body["ask"] != "build" or self._loaded is None:
            return []
        try:
            return [one.name for one in required(self._file.models[body["model"]].__init__, skip_first=True)]
        except (TypeError, ValueError):
            return []

    @property
    def _file(self) -> Loaded:
        assert self._loaded is not None
        return self._loaded

    def _load(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        missing = missing_names(body["torch_names"], self._backend.torch)
        try:
            self._loaded = load(body["text"], body["path"], self._backend.torch, lenient=body.get("lenient", False))
        except Failure as failure:
            return Message({"failure": failure.body, "missing": missing})
        given = [name for name in _CONVENTIONS if hasattr(self._file.module, name)]
        found = {"models": list(self._file.models), "conventions": given, "missing": missing}
        explicit = explicit_models(body.get("explicit", ()), vars(self._file.module), self._backend.torch)
        new = {name: model for name, model in explicit.items() if name not in self._file.models}
        self._file.models.update(new)
        return Message({**found, "explicit": list(new), "left_out": self._file.left_out, "stopped": self._file.stopped})

    def _build(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """Constructs a model under a seed, from given arguments or from guessed ones."""
        model_class = self._file.models[body["model"]]
        tried: list[tuple[list[Any], dict[str, Any]]]
        if "changed" in body:
            positional, named = self._built_with[body["model"]]
            return self._built(body, self._construct(model_class, [(positional, {**named, **body["changed"]})]), 0)
        if body.get("arguments") is not None:
            tried = [([], unpacked(body["arguments"]))]
        elif body.get("by_convention"):
            tried = [_as_call(by_convention(self._file, "get_init_inputs"))]
        else:
            tried = self._candidates(model_class)[body.get("skip", 0) :]
        positional, named = self._built_with[body["model"]] = self._constructed(model_class, tried)
        place = next(at for at, one in enumerate(tried, 1) if one[1] is named)
        return self._built(body, (positional, named), body.get("skip", 0) + place if place < len(tried) else 0)

    def _built(self, body: dict[str, Any], built_with: tuple[list[Any], dict[str, Any]], following: int) -> Message:
        """Tells of the model that was made."""
        self._made_with = positional, named = built_with
        self._names, self._tracer = Names({}, frozenset()), None
        self._fresh = Fresh(self._model, self._backend)
        listed, carried = inventory(self._model, self._backend)
        arguments = None if positional else _carried(named)
        built = "" if body.get("by_convention") else told((positional, named))
        told_all = {"state": listed, "arguments": arguments, "built": built, "forward": self._wanted()}
        return Message({**told_all, "next": following}, tuple(carried))

    def _candidates(self, model_class: type[Any]) -> list[tuple[list[Any], dict[str, Any]]]:
        """Arguments as the file itself gives them where it builds the model; where those fail, guessed ones."""
        names = vars(self._file.module)
        shown: list[tuple[list[Any], dict[str, Any]]] = []
        if required(model_class.__init__, skip_first=True):
            shown = list(constructions(self._file.text, names, model_class.__name__))[:_MOST_EXAMPLES]
        try:
            found = guesses(model_class, names, self._file.text, self._backend.torch)
            guessed: list[tuple[list[Any], dict[str, Any]]] = [([], one) for one in found]
        except MissingArgument as missing:
            if not shown:
                raise Failure({**_open_argument(missing.name), "tried": _literals(missing.others)}) from None
            return shown
        return [*shown, *guessed]

    def _variants(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """Other arguments the model could be built with."""
        model_class = self._file.models[body["model"]]
        given = defaults(model_class)
        words = any(type(value) is str for value in given.values())
        used = uses(self._file.text, model_class.__name__) if words else {}
        return Message({"defaults": given, "variants": list(variants(given, used))})

    def _initial(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """The first values of every entry over several seeds, sorted; the model being looked at stays the same one."""
        kept, seen = self._model, []
        try:
            for seed in body["seeds"]:
                self._construct(type(kept), [self._made_with], seed)
                seen.append({key: self._backend.array(tensor).copy() for key, _, tensor in entries(self._model)})
        finally:
            self._model = kept
        return Message({"values": {key: sketch([one[key] for one in seen]) for key in seen[0]}})

    def _constructed(
        self, model_class: type[Any], tried: Sequence[tuple[list[Any], dict[str, Any]]]
    ) -> tuple[list[Any], dict[str, Any]]:
        """As `_construct`; a failure says what was tried first."""
        try:
            return self._construct(model_class, tried)
        except Failure as failure:
            failure.body["tried"] = _literals(tried[0][1])
            raise

    def _construct(
        self, model_class: type[Any], tried: Sequence[tuple[list[Any], dict[str, Any]]], seed: int = _CONSTRUCTION_SEED
    ) -> tuple[list[Any], dict[str, Any]]:
        first: Failure | None = None
        for positional, named in tried:
            begin(seed, self._backend)
            try:
                self._model = model_class(*positional, **named)
                return positional, named
            except BaseException as error:
                first = first or Failure(described(error, self._file.path, "construction"))
        assert first is not None
        raise first

    def _wanted(self) -> list[str]:
        """Names of the inputs that forward cannot do without."""
        try:
            return [one.name for one in required(type(self._model).forward, skip_first=True)]
        except (TypeError, ValueError):
            return ["x"]

    def _infer(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """Inputs by the file's own convention, else by trying."""
        finder = InputFinder(self._model, self._file, self._backend)
        answer, carried = finder.found(self._wanted() or ["x"], body["conventions"], body["seconds"])
        return Message(answer, tuple(carried))

    def _uses(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """One run in eval mode in which every entry of the state has its own key for a name."""
        self._names = Names({key: key for key, _, _ in entries(self._model)}, frozenset())
        return self._observe({**body, "training": False, "trace": True, "digests": False}, blobs)

    def _prepare(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """Takes the plan of the state: what is filled with what, and under which common names."""
        plan = [_fill(item, blobs) for item in body["plan"]]
        turned = frozenset(fill.key for fill in plan if fill.transposed)
        self._names = Names({fill.key: fill.name for fill in plan}, turned)
        self._ready = prepared(self._model, plan, self._backend)
        self._own = untouched(self._model, plan, self._backend)
        return Message({})

    def _observe(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """Two steps in one mode under one seed; the second shows what the first and one optimiser step left behind."""
        cast = self._backend.torch.nn.Module
        if body.get("double"):
            cast.double(self._model)
        try:
            return self._observed(body, blobs)
        finally:
            if body.get("double"):
                cast.float(self._model)

    def _observed(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        assert self._fresh is not None
        self._fresh.restore()
        restore(self._model, [*self._ready, *self._own], self._backend)
        self._model.train(body["training"])
        self._tracer = Tracer(self._backend, self._file.path, digests=body["digests"]) if body["trace"] else None
        seed, path = body["seed"], self._file.path
        arguments = self._arguments(body, blobs, f"seed {seed}")
        seen = observe(self._model, arguments, seed, self._names, self._backend, path, self._tracer)
        add_state(self._model, seen, self._names, self._backend, "buffer")
        if body["training"]:
            stepped(self._model, self._backend)
            add_state(self._model, seen, self._names, self._backend, "parameter")
            again = self._arguments(body, blobs, f"seed {seed} again")
            second = observe(self._model, again, seed + 1000, self._names, self._backend, path, None)
            add_state(self._model, second, self._names, self._backend, "buffer")
            _append(seen, second, "second step")
        trace = self._tracer.finished() if self._tracer else None
        reads = self._tracer.reads_host if self._tracer else False
        told = {"entries": seen.entries, "trace": trace, "reads_host": reads, "keeps": self._fresh.changed()}
        return Message(told, tuple(seen.blobs))

    def _arguments(self, body: dict[str, Any], blobs: tuple[bytes, ...], name: str) -> list[Any]:
        def make(spec: dict[str, Any], called: str) -> Any:
            return self._argument(spec, blobs, called)

        given = [assembled(spec, make, f"{name} input {index}") for index, spec in enumerate(body["inputs"])]
        return [self._doubled(value) for value in given] if body.get("double") else given

    def _doubled(self, value: Any) -> Any:
        """The same numbers in float64, where they were in float32."""
        if isinstance(value, dict):
            return {key: self._doubled(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._doubled(one) for one in value)
        if not self._backend.is_tensor(value) or dtype_name(value) != "float32":
            return value
        return value.detach().double().requires_grad_(value.requires_grad)

    def _argument(self, spec: dict[str, Any], blobs: tuple[bytes, ...], name: str) -> Any:
        if "literal" in spec:
            return unpacked(spec["literal"])
        if "blob" in spec:
            values = np.frombuffer(blobs[spec["blob"]], dtype=spec["dtype"]).reshape(spec["shape"]).copy()
            return self._backend.tensor(values, spec["dtype"])
        return draw(spec, name, self._backend)

    def _value(self, body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
        """The numbers one operation of the last trace gave."""
        assert self._tracer is not None
        tensor = self._tracer.value(body["index"], body["position"])
        if not self._backend.is_tensor(tensor):
            return Message({"dtype": None})
        array = np.ascontiguousarray(self._backend.array(tensor))
        return Message({"dtype": str(array.dtype), "shape": list(array.shape)}, (array.tobytes(),))


def _fill(item: dict[str, Any], blobs: tuple[bytes, ...]) -> Fill:
    value = None
    if "blob" in item:
        value = np.frombuffer(blobs[item["blob"]], dtype=item["dtype"]).reshape(item["shape"])
        value = value.T if item["transposed"] else value
    return Fill(item["key"], item["name"], item["kind"], item["transposed"], value)


def _append(seen: Observed, second: Observed, prefix: str) -> None:
    offset = len(seen.blobs)
    for entry in second.entries:
        moved = {**entry, "name": f"{prefix} {entry['name']}".rstrip()}
        if "blob" in moved:
            moved["blob"] += offset
        seen.entries.append(moved)
    seen.blobs += second.blobs


def _carried(value: Any) -> Any:
    """A value for the other process; None where it is more than literals."""
    try:
        return packed(value)
    except TypeError:
        return None


def _literals(arguments: dict[str, Any]) -> dict[str, Any]:
    """Those arguments that can be written down, for the other process."""
    return {name: carried for name, value in arguments.items() if (carried := _carried(value)) is not None}


def _as_call(values: Any) -> tuple[list[Any], dict[str, Any]]:
    if isinstance(values, dict):
        return [], values
    if isinstance(values, (list, tuple)):
        return list(values), {}
    return [values], {}


def _open_argument(name: str) -> dict[str, Any]:
    message = f"no value is known for the constructor's argument {name!r}"
    return {"stage": "arguments", "type": "MissingArgument", "message": message, "line": None, "missing": False}
