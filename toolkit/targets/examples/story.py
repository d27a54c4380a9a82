"""Makes a request and its response one event: what is sent comes back, and what is new is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from toolkit.descriptors import well_known
from toolkit.descriptors.casing import snake_case
from toolkit.descriptors.model import Field, Kind, Message, Method, Schema
from toolkit.semantics.facts import Facts
from toolkit.semantics.path_templates import Variable
from toolkit.targets.examples import carry, demands, masks, names, payload, versions
from toolkit.targets.examples.builder import Builder
from toolkit.targets.examples.candidates import identifier, vocabulary, words
from toolkit.targets.examples.filling import Filler
from toolkit.targets.examples.values import at, copied, drop_others, has_other, levels, nested, ordered
from toolkit.targets.examples.views import Side, View
from toolkit.targets.examples.written import JSON

_SCALARS = (Kind.SCALAR, Kind.ENUM)


@dataclass(frozen=True)
class Stories:
    """The requests and responses of methods, as parts of one event each."""

    facts: Facts
    builder: Callable[[View], Builder]

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def _filler(self) -> Filler:
        return Filler(self.facts, self.builder, self._values)

    def prepare(self) -> None:
        """Compute what most methods need."""
        for service in self.schema.requested_services():
            for method in service.methods:
                self.facts.http(method)
                self.facts.graph.is_recursive(method.input)
                self.facts.graph.is_recursive(method.output)
        self._getters  # noqa: B018

    # Requests

    def request(self, method: Method, member: str = "", *, full: bool = False) -> dict[str, JSON]:
        """The request of a method; see :meth:`Examples.request`."""
        value: dict[str, JSON] = copied(self._sent(method, member, full=full))
        return value

    def _sent(self, method: Method, member: str = "", *, full: bool = True) -> Mapping[str, JSON]:
        """The same, not to be changed."""
        key = method.full_name, member, full
        if key not in self._requests:
            self._requests[key] = self._request(method, member, full=full)
        return self._requests[key]

    @cached_property
    def _requests(self) -> dict[tuple[str, str, bool], dict[str, JSON]]:
        return {}

    def _request(self, method: Method, member: str, *, full: bool) -> dict[str, JSON]:
        message = self.schema.message(method.input)
        written = self._written(method, message, member)
        if written is not None:
            return written
        mask = masks.update_mask(method, message)
        body = self.body(method)
        view = View(self._side(method, mask), minimal=not full)
        value: dict[str, JSON] = copied(self.builder(view).example(method.input, {}, member))
        if body is not None and body.json_name not in value and not has_other(value, body, message, self.facts):
            value[body.json_name] = copied(self.builder(view).example(body.type.name, {}))
        if not full:
            if body is None and mask is None:
                self._add_payload(method, message, value)
                if not value and view.side is Side.CREATE:
                    self._filler.place(value, message)
            self._filler.empty(
                value, message, body if mask is not None or view.side is Side.CREATE else None, view.side
            )
        whole = value if full else self._whole(method, view.side)
        self._fill_path(method, message, value, whole)
        self._name_sources(method, message, value)
        self._name_own(method, message, value)
        if mask is not None and not self._is_chosen(mask, message):
            masks.fill(value, whole, mask, message, body, self.facts, self._path_fields(method))
        for one in message.fields:
            reads = one.type.name == well_known.FIELD_MASK and one != mask and one.json_name in value
            if reads and not one.repeated and not self._is_chosen(one, message):
                masks.fill_reading(value, one, self._shown(method), self.facts)
        self._name_resource(method, value, message)
        self._agree(value, message, view, member)
        return ordered(value, message)

    def _agree(self, value: dict[str, JSON], message: Message, view: View, member: str) -> None:
        """Make all messages in an example about one version, unless a certain member is asked for."""
        if not member:
            made = self.builder(view).example
            versions.agree(value, message, self.schema, lambda of, one: made(of.full_name, {}, one.full_name))

    def _is_chosen(self, one: Field, message: Message) -> bool:
        """Whether someone chose the value of a field."""
        return self.builder(View(Side.REQUEST)).is_chosen(one, message)

    def _shown(self, method: Method) -> str:
        """Full name of the message that a method returns, or whose list it returns."""
        paged = self.facts.pagination(method)
        return paged.items.type.name if paged is not None else self._result(method)

    def _written(self, method: Method, message: Message, member: str) -> dict[str, JSON] | None:
        """The hand-written request of a method, or of its message."""
        if method.input in well_known.JSON_FORMS:
            return {}
        written = self.builder(View(Side.REQUEST)).written
        found = written.of_method(method, method.input)
        return written.of_message(message) if found is None and not member else found

    def _add_payload(self, method: Method, message: Message, value: dict[str, JSON]) -> None:
        """Add what a method changes to a request that would say only where."""
        one = payload.field(method, message, self._path_fields(method), value, self.facts)
        if one is not None:
            view = View(Side.CREATE, minimal=True)
            made = copied(self.builder(view).example(message.full_name, {}, one.full_name)).get(one.json_name)
            target = payload.where(message, self.facts) if not value else None
            if target is not None:
                value.update(dict.fromkeys([target.json_name], next(iter(self._values(target, 1)), "")))
            if made is not None:
                value[one.json_name] = made

    def _whole(self, method: Method, side: Side) -> Mapping[str, JSON]:
        """The request with all fields, whose values minimal requests borrow."""
        return self.builder(View(side)).example(method.input, {})

    def _side(self, method: Method, mask: Field | None) -> Side:
        verb = _verb(method)
        if mask is not None or verb in vocabulary("updating"):
            return Side.UPDATE
        return Side.CREATE if verb in vocabulary("creating") else Side.REQUEST

    def body(self, method: Method) -> Field | None:
        """The field of a request that contains the resource; None if the request is flat."""
        if method.full_name not in self._bodies:
            self._bodies[method.full_name] = self._body(method)
        return self._bodies[method.full_name]

    @cached_property
    def _bodies(self) -> dict[str, Field | None]:
        return {}

    def _body(self, method: Method) -> Field | None:
        message = self.schema.message(method.input)
        bindings = self.facts.http(method).bindings
        noun = snake_case(method.name).partition("_")[2]
        wanted = [bindings[0].body if bindings else "", noun, words(message).replace(" ", "_")]
        for name in wanted:
            one = message.field(name) if name else None
            if one is not None and self._contains_resource(one):
                return one
        result = self._result(method)
        same = [f for f in message.fields if result and f.type.name == result and self._contains_resource(f)]
        return same[0] if len(same) == 1 and result != method.input else None

    def _contains_resource(self, one: Field) -> bool:
        return self._filler.has_fields(one) and not one.repeated

    def _path_fields(self, method: Method) -> tuple[str, ...]:
        bindings = self.facts.http(method).bindings
        return bindings[0].path_fields if bindings else ()

    def _fill_path(self, method: Method, message: Message, value: dict[str, JSON], whole: Mapping[str, JSON]) -> None:
        """Set the fields in the path, so that they match its template."""
        bindings = self.facts.http(method).bindings
        for variable in bindings[0].template.variables if bindings else ():
            path = variable.field.split(".")
            one = self.facts.field_at(method.input, variable.field)
            if one is None or one.type.kind is Kind.MESSAGE:
                continue
            holder = self._holder(value, message, path[:-1])
            if holder is None:
                continue
            found = holder.get(one.json_name, at(whole, message, path, self.schema))
            tried = self._in_path(one, variable, found)
            fitting = (text for text in tried if text is not None and not variable.mismatch(str(text)))
            made = next(fitting, found)
            if made is not None:
                drop_others(holder, one, self.schema.message(one.parent), self.facts)
                holder[one.json_name] = made

    def _in_path(self, one: Field, variable: Variable, found: JSON) -> Iterator[JSON]:
        """Values to try for a field in the path."""
        yield found
        if one.type.name != "string" or not variable.keeps_slashes:
            yield from self._values(one, 3)
        elif found is not None:
            yield from names.of_field(one, self.facts)
        yield names.of_variable(variable)

    def _holder(self, value: dict[str, JSON], message: Message, path: list[str]) -> dict[str, JSON] | None:
        """The message at a path in a value, made if it is missing."""
        for name in path:
            one = message.field(name)
            if one is None or not self._contains_resource(one):
                return None
            if not isinstance(value.get(one.json_name), dict):
                drop_others(value, one, message, self.facts)
                value[one.json_name] = {}
            value, message = value[one.json_name], self.schema.message(one.type.name)
        return value

    def _values(self, one: Field, count: int) -> list[JSON]:
        holder = self.schema.messages.get(one.parent)
        if holder is None or one.type.kind not in _SCALARS:
            return []
        return list(islice(self.builder(View(Side.REQUEST)).values(one, holder), count))

    def _name_sources(self, method: Method, message: Message, value: dict[str, JSON]) -> None:
        """Give the source of a new resource an ID that differs from that of the resource."""
        result = self.schema.messages.get(self._result(method))
        if _verb(method) not in vocabulary("creating") or result is None:
            return
        for holder, holds in levels(value, message, self.schema):
            for one in holds.fields:
                if holder is value and not one.oneof and self.facts.required(one):
                    continue  # callers choose the ID of the new resource
                is_source = one.name == f"{snake_case(result.name)}_id" and one.type.name == "string"
                if is_source and isinstance(holder.get(one.json_name), str):
                    made = holder[one.json_name]
                    own = result.field("id")
                    new = self._values(own, 1) if own is not None else []
                    if made in new:
                        holder[one.json_name] = next((v for v in self._values(one, 4) if v not in new), made)

    def _name_resource(self, method: Method, value: dict[str, JSON], message: Message) -> None:
        """Give what messages only call the resource the ID that the resource of the service has elsewhere."""
        inner = [(each, holder) for _, _, each, holder in nested(value, message, self.schema)]
        for holder, holds in [(value, message), *inner]:
            one = holds.field("resource_id")
            if one is None or holder.get(one.json_name) != identifier("resource"):
                continue
            made = self._resource_id(method.parent)
            if made is not None and demands.fits(self.facts.constraints(one), made):
                holder[one.json_name] = made

    def _resource_id(self, service: str) -> JSON:
        """The ID of the resource that a service returns, or None."""
        if service not in self._resource_ids:
            result = next((result for name, result in self._getters if name == service), "")
            own = self.schema.message(result).field("id") if result else None
            made = self._values(own, 1) if own is not None and own.type.name == "string" else []
            self._resource_ids[service] = made[0] if made else None
        return self._resource_ids[service]

    @cached_property
    def _resource_ids(self) -> dict[str, JSON]:
        return {}

    def _name_own(self, method: Method, message: Message, value: dict[str, JSON]) -> None:
        """Set the ID that a caller chooses for a new resource to the last segment of its name."""
        result = self.schema.messages.get(self._result(method))
        resource = self.facts.resource(result) if result is not None else None
        for pattern in resource.patterns[:1] if resource is not None and self._is_new(method) else ():
            collection, _, last = pattern.rpartition("/")
            one = message.field(f"{last.strip('{}')}_id")
            if collection and one is not None and one.type.name == "string" and one.json_name in value:
                chosen = names.of_pattern(pattern).rpartition("/")[2]
                if demands.fits(self.facts.constraints(one), chosen) and not self._is_chosen(one, message):
                    value[one.json_name] = chosen

    # Responses

    def response(self, method: Method, member: str = "", *, done: bool = True) -> dict[str, JSON]:
        """The response of a method; see :meth:`Examples.response`."""
        key = method.full_name, member, done
        if key not in self._responses:
            self._responses[key] = self._response(method, member, done=done)
        value: dict[str, JSON] = copied(self._responses[key])
        return value

    @cached_property
    def _responses(self) -> dict[tuple[str, str, bool], Mapping[str, JSON]]:
        return {}

    def _response(self, method: Method, member: str, *, done: bool) -> dict[str, JSON]:
        types = self.facts.any_types(method)
        message = self.schema.message(method.output)
        value: dict[str, JSON] = copied(self.builder(View(Side.RESPONSE)).example(method.output, types, member))
        self._name_resource(method, value, message)
        self._agree(value, message, View(Side.RESPONSE), member)
        operation = self.facts.operation(method)
        if operation is not None and not done:
            value.pop("response", None)
            value.pop("error", None)
            value["done"] = False
            return ordered(value, message)
        name = self._result(method)
        result = self.schema.messages.get(name)
        if result is None or member:
            return value
        if operation is not None:
            inner = value.get("response")
            if isinstance(inner, dict) and name == operation.response:
                self._tell(method, inner, result)
        else:
            self._tell_all(method, value, message)
        return value

    def _tell_all(self, method: Method, value: dict[str, JSON], message: Message) -> None:
        """Make a response agree with its request, and a list with what its items are elsewhere."""
        paged = self.facts.pagination(method)
        if paged is None:
            self._tell(method, value, message)
            return
        items = value.get(paged.items.json_name)
        get = self._get(method, paged.items.type.name)
        if get is not None and isinstance(items, list) and items and isinstance(items[0], dict):
            items[0] = self.response(get)

    def _tell(self, method: Method, value: dict[str, JSON], message: Message) -> None:
        get = self._get(method, message.full_name)
        if get is not None and get is not method:
            own = {key: value[key] for key in ("@type",) if key in value}
            value.clear()
            value.update(own | self.response(get))
        request = self._sent(method)
        sent = self.schema.message(method.input)
        carrier = carry.Carrier(self.facts, self._is_new(method))
        body = self.body(method)
        if body is not None and body.type.name == message.full_name and body.json_name in request:
            carrier.same(request[body.json_name], value, message)
        carrier.flat(request, sent, value, message)
        self._name_result(method, request, value, message)

    def _is_new(self, method: Method) -> bool:
        return _verb(method) in vocabulary("creating")

    def _name_result(
        self, method: Method, request: Mapping[str, JSON], value: dict[str, JSON], message: Message
    ) -> None:
        """Give a resource the name that the request says: its own, or one below its parent."""
        resource = self.facts.resource(message)
        one = message.field(resource.name_field if resource is not None else "name")
        if one is None or one.type.name != "string":
            return
        sent = self.schema.message(method.input)
        parent = request.get("parent") if sent.field("parent") is not None else None
        if isinstance(parent, str) and self._is_new(method):
            fitting = [name for name in names.of_field(one, self.facts) if name.startswith(f"{parent}/")]
            value[one.json_name] = fitting[0] if fitting else self._below(method, parent, value.get(one.json_name))

    def _below(self, method: Method, parent: str, current: JSON) -> JSON:
        """The name of a new resource below a parent, in the collection that the path ends in."""
        bindings = self.facts.http(method).bindings
        segments = bindings[0].template.segments if bindings else ()
        if len(segments) < 2 or not isinstance(segments[-1], str) or "*" in segments[-1]:
            return current
        if not getattr(segments[-2], "keeps_slashes", False):
            return current
        return f"{parent}/{names.of_segments([segments[-1], '*'], 'resource')}"

    # Methods

    def _result(self, method: Method) -> str:
        """Full name of the message that a method returns or, if it starts an operation, ends in."""
        operation = self.facts.operation(method)
        return method.output if operation is None else operation.response

    def _get(self, method: Method, message: str) -> Method | None:
        """The method of the same service that returns one resource of a type."""
        return self._getters.get((method.parent, message))

    @cached_property
    def _getters(self) -> dict[tuple[str, str], Method]:
        found: dict[tuple[str, str], Method] = {}
        for method in self.schema.methods.values():
            if _verb(method) == "get" and method.is_unary:
                found.setdefault((method.parent, method.output), method)
        return found


def _verb(method: Method) -> str:
    return snake_case(method.name).partition("_")[0]
