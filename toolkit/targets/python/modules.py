"""The module of a package: its view models and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from toolkit.descriptors.model import (
    Cardinality,
    Comment,
    Element,
    Enum,
    Field,
    Kind,
    Message,
    Method,
    Oneof,
    Presence,
    Schema,
    Service,
)
from toolkit.descriptors.references import without_targets
from toolkit.descriptors.well_known import ANY, EMPTY, NULL_VALUE
from toolkit.runtime.wellknown import WELL_KNOWN, WellKnown
from toolkit.semantics.checks import checks_of
from toolkit.semantics.facts import Facts
from toolkit.semantics.operations import Operation
from toolkit.semantics.remarks import Remarks, Setting, unsaid
from toolkit.semantics.sentences import message_sentences, sentences
from toolkit.targets.python.descriptors import extensions_of
from toolkit.targets.python.names import FORWARD_BUILT_IN
from toolkit.targets.python.naming import Naming, PackageNames
from toolkit.targets.python.text import constructor_doc, docstring, indented, literal, paragraphs, string, summary
from toolkit.targets.python.view import (
    AttributeView,
    CaseView,
    EnumView,
    ExtensionView,
    MessageView,
    MethodView,
    ModuleView,
    OneofView,
    ServiceView,
    ValueView,
)
from toolkit.targets.rendering import Renderer

_SCALARS = {"string": "str", "bytes": "bytes", "bool": "bool", "float": "float", "double": "float"}
_DEFAULTS = {"str": '""', "bytes": 'b""', "bool": "False", "float": "0.0", "int": "0"}
_PLAIN = (lambda code: f"`{code}`", lambda text: " ".join(text.split()))
"""How docstrings show code, and text that is not markup."""
_STANDARD = (("datetime", "_dt"), ("typing", "_t"))
_BUILT_IN = {ANY: "_rt.AnyMessage", EMPTY: "_rt.Empty", NULL_VALUE: "_rt.NullValue"}


@dataclass
class Module:
    """Writes the module of a package."""

    facts: Facts
    naming: Naming
    renderer: Renderer
    package: str
    _imports: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        """The model."""
        return self.facts.schema

    @cached_property
    def _names(self) -> PackageNames:
        return self.naming.of(self.package)

    def text(self) -> str:
        """The source of the module."""
        names, package = self._names, self.schema.packages[self.package]
        enums = [self._enum(self.schema.enums[name]) for name in package.enums if name in names.types]
        messages = [self._message(self.schema.messages[name]) for name in package.messages if name in names.types]
        files = [self.schema.files[name] for name in package.files if name in self.naming.files]
        extensions = [self._extension(e) for file in files for e in extensions_of(file.extensions)]
        services = [self._service(self.schema.services[n]) for n in package.services if n in names.services]
        top = [name for name in names.types.values() if "." not in name]
        imports = [self._imports[key] for key in sorted(self._imports)]
        code = "".join([*enums, *messages, *services, *(extension.hint for extension in extensions)])
        view = ModuleView(
            doc=docstring(
                paragraphs(
                    [
                        f"Bindings of {self.package or 'what has no package'}.",
                        without_targets(self.facts.comment(package).leading) if package.requested else "",
                    ]
                )
                + "\n\nGenerated from .proto files; changes are lost when it is generated again.",
                "",
            ),
            level="." * (names.module.count(".") + 2),
            standard=[(name, alias) for name, alias in _STANDARD if f"{alias}." in code or (alias == "_t" and imports)],
            imports=imports,
            classes=enums + messages,
            aliases=sorted(self._aliases.items()),
            extensions=extensions,
            services=services,
            exported=sorted([*top, *(name for four in names.services.values() for name in four)]),
        )
        return self.renderer.render("python/module.py.j2", view=view)

    @cached_property
    def _remarks(self) -> Remarks:
        return Remarks(self.facts, Setting(_code, lambda text, message: _code(text)))

    # References

    def _ref(self, full_name: str, hidden: Set[str] = frozenset()) -> str:
        """The name of a type in an annotation, inside a class body that defines the names in ``hidden``.

        An alias, if that name would be read as something else there.
        """
        if full_name in _BUILT_IN:
            return _BUILT_IN[full_name]
        element = self.schema.messages.get(full_name) or self.schema.enum(full_name)
        names = self.naming.of(element.package)
        made = names.types[full_name]
        if names is self._names:
            first, dot, rest = made.partition(".")
            if first in hidden or first in FORWARD_BUILT_IN:
                alias = self._free(f"_{first}", self._imports)
                self._aliases[alias] = first
                return f"{alias}{dot}{rest}"
            return made
        alias = self._free(f"_{names.module.replace('_', '__').replace('.', '_')}", self._aliases)
        above, _, last = names.module.rpartition(".")
        if element.package in self.naming.imported:
            self._imports[alias] = (above, last, alias, f"ROOT.other({string(names.module)})")
        else:
            dots = "." * (self._names.module.count(".") + 2)
            self._imports[alias] = (f"{dots}{above}", last, alias, f"ROOT.lazy({string(above)}, {string(last)})")
        return f"{alias}.{made}"

    def _free(self, name: str, others: Iterable[str]) -> str:
        """A private name that nothing else in the module has."""
        if name.startswith("__"):
            name = f"_x{name}"  # Python mangles such names in classes
        while name in self._names.used or name in others:
            name += "_"
        return name

    def _value_hint(self, field_: Field, hidden: Set[str] = frozenset()) -> str:
        """The type of a single value."""
        if field_.type.kind is Kind.SCALAR:
            return _SCALARS.get(field_.type.name, "int")
        known = WELL_KNOWN.get(field_.type.name)
        if known is None:
            return self._ref(field_.type.name, hidden)
        return _known_hint(known)

    def _hint(self, field_: Field, hidden: Set[str] = frozenset()) -> str:
        one = self._value_hint(field_, hidden)
        if field_.is_map:
            return f"dict[{_SCALARS.get(field_.key, 'int')}, {one}]"
        return f"list[{one}]" if field_.repeated else one

    # Elements

    def _doc(self, element: Element, indent: str, *more: str) -> str:
        return docstring(paragraphs(self._texts(element, *more)), indent)

    def _texts(self, element: Element, *more: str) -> list[str]:
        # Files included in the toolkit have their own documentation, which was written by others.
        requested = self.schema.files[element.location.file].requested
        comment = self.facts.comment(element) if requested else Comment()
        said = [*unsaid(self._remarks.labels(element), comment.text), *self._remarks.sentences(element)]
        deprecated = "Deprecated." if element.deprecated and "eprecated" not in comment.leading[:40] else ""
        return [without_targets(comment.text), *more, " ".join(said), deprecated]

    def _enum(self, enum: Enum) -> str:
        attributes = self._names.attributes
        values = [(v, attributes[f"{enum.full_name}.{v.name}"]) for v in enum.values]
        numbers = {v.number for v in enum.values}
        view = EnumView(
            name=self._names.types[enum.full_name].rpartition(".")[2],
            doc=self._doc(enum, "    ") or docstring(enum.name, "    "),
            proto=string(enum.full_name),
            renamed=[(string(v.name), string(name)) for v, name in values if name != v.name],
            values=[ValueView(name, v.number, self._doc(v, "    ")) for v, name in values],
            unknown=None if enum.closed else next(n for n in count() if n not in numbers),
        )
        return self.renderer.render("python/enum.py.j2", view=view)

    def _message(self, message: Message) -> str:
        names, full_name = self._names, message.full_name
        nested = [self._enum(self.schema.enums[name]) for name in message.enums]
        nested += [self._message(self.schema.messages[name]) for name in message.messages]
        attributes = [self._attribute(f, names.bodies[full_name]) for f in message.fields if not f.oneof]
        oneofs = [self._oneof(oneof, message) for oneof in message.oneofs]
        attributes += [
            self._oneof_attribute(oneof, view, message) for oneof, view in zip(message.oneofs, oneofs, strict=True)
        ]
        elements = [*message.oneofs, *(f for f in message.fields if not f.oneof)]
        renamed = [(e.name, names.attributes[e.full_name]) for e in elements if names.attributes[e.full_name] != e.name]
        texts = self._texts(message, " ".join(message_sentences(message, self.facts, *_PLAIN)))
        view = MessageView(
            name=names.types[full_name].rpartition(".")[2],
            base="_rt.Extendable" if message.extension_ranges else "_rt.Message",
            doc=docstring(paragraphs(texts) or message.name, "    "),
            init_doc=constructor_doc(summary(texts) or message.name, [(a.name, a.summary) for a in attributes]),
            proto=string(full_name),
            slots=[string(attribute.name) for attribute in attributes],
            renamed=[(string(name), string(made)) for name, made in renamed],
            nested=[indented(text) for text in nested],
            oneofs=oneofs,
            attributes=attributes,
            extensions=[self._extension(e, names.bodies[full_name]) for e in extensions_of(message.extensions)],
            constraints=[literal(check) for check in checks_of(message, self.facts)],
            extendable=bool(message.extension_ranges),
        )
        return self.renderer.render("python/message.py.j2", view=view)

    def _sentences(self, field_: Field) -> str:
        required = ["Required."] if self.facts.required(field_) else []
        return " ".join([*required, *sentences(field_, self.facts, *_PLAIN)])

    def _attribute(self, field_: Field, hidden: Set[str]) -> AttributeView:
        name, hint = self._names.attributes[field_.full_name], self._hint(field_, hidden)
        value = name
        if field_.cardinality is not Cardinality.SINGULAR:
            argument = f"{hint} | None = None"
            value = f"{'{}' if field_.is_map else '[]'} if {name} is None else {name}"
        elif field_.presence is not Presence.IMPLICIT:
            hint = f"{hint} | None"
            argument = f"{hint} = None"
        elif field_.type.kind is Kind.ENUM:
            argument = f"{hint} = _rt.FIRST"
            value = f"{self._ref(field_.type.name, self._arguments(field_))}(0) if {name} is _rt.FIRST else {name}"
        else:
            argument = f"{hint} = {_DEFAULTS[hint]}"
        texts = self._texts(field_, self._sentences(field_), _default_of(field_))
        return AttributeView(name, hint, docstring(paragraphs(texts), "    "), argument, value, summary(texts))

    def _arguments(self, field_: Field) -> Set[str]:
        """The argument names in the constructor of the message that contains a field."""
        message = self.schema.message(field_.parent)
        elements = [*message.oneofs, *(f for f in message.fields if not f.oneof)]
        own = {"self", "_extensions", "_unknown"}
        return own | {self._names.attributes[element.full_name] for element in elements}

    def _oneof(self, oneof: Oneof, message: Message) -> OneofView:
        cases = []
        hidden = {self._names.case_classes[f"{message.full_name}.{name}"] for name in oneof.fields}
        for name in oneof.fields:
            member = message.field(name)
            if member is not None:
                cases.append(
                    CaseView(
                        name=self._names.case_classes[member.full_name],
                        doc=self._doc(member, " " * 12, self._sentences(member)),
                        field=string(name),
                        hint=self._value_hint(member, hidden),
                    )
                )
        attribute = self._names.attributes[oneof.full_name]
        return OneofView(
            name=self._names.oneof_classes[oneof.full_name],
            proto=string(oneof.name),
            attribute=string(attribute),
            doc=docstring(f"The cases of `{attribute}`.", " " * 8),
            cases=cases,
        )

    def _oneof_attribute(self, oneof: Oneof, view: OneofView, message: Message) -> AttributeView:
        name = self._names.attributes[oneof.full_name]
        # Qualified, since pyright resolves annotations in the module first, and mypy in the class.
        outer = self._ref(message.full_name, self._names.bodies[message.full_name])
        hint = " | ".join([*(f"{outer}.{view.name}.{case.name}" for case in view.cases), "None"])
        required = self.facts.oneof_required(oneof)
        texts = self._texts(oneof, "Exactly one of these must be set." if required else "")
        doc = docstring(paragraphs(texts), "    ")
        return AttributeView(name, hint, doc, f"{hint} = None", name, summary(texts))

    def _extension(self, field_: Field, hidden: Set[str] = frozenset()) -> ExtensionView:
        name = self._names.types[field_.full_name].rpartition(".")[2]
        hint = self._hint(field_, hidden)
        doc = self._doc(field_, "    " if hidden else "")
        return ExtensionView(name, hint, doc, string(field_.full_name), string(field_.extendee))

    # Services

    def _service(self, service: Service) -> str:
        client, async_client, servicer, async_servicer = self._names.services[service.full_name]
        hidden = {self._names.attributes[method.full_name] for method in service.methods}
        view = ServiceView(
            proto=string(service.full_name),
            doc=self._doc(service, "    ") or docstring(service.name, "    "),
            client=client,
            async_client=async_client,
            servicer=servicer,
            async_servicer=async_servicer,
            methods=[self._method(method, frozenset(hidden)) for method in service.methods],
        )
        return self.renderer.render("python/service.py.j2", view=view)

    def _method(self, method: Method, hidden: Set[str]) -> MethodView:
        operation, pagination = self.facts.operation(method), self.facts.pagination(method)
        streams = ("stream" if method.client_streaming else "unary", "stream" if method.server_streaming else "unary")
        hints, call, item, items = "", "", "", ""
        if operation is not None and operation.is_typed:
            hints = ", ".join(self._operation_hint(name, hidden) for name in (operation.metadata, operation.response))
            call = _operation_call(operation)
        if pagination is not None:
            item = self._shown(self._value_hint(pagination.items, hidden), hidden)
            response = self.schema.message(method.output)
            items = self.naming.of(response.package).attributes[pagination.items.full_name]
        return MethodView(
            name=self._names.attributes[method.full_name],
            proto=string(method.name),
            doc=self._doc(method, "        "),
            kind="_".join(streams),
            request=self._message_hint(method.input, hidden),
            response=self._message_hint(method.output, hidden),
            request_proto=string(method.input),
            response_proto=string(method.output),
            operation=hints,
            operation_types=call,
            pager=self._names.pagers.get(method.full_name, ""),
            item=item,
            items=string(items),
        )

    def _message_hint(self, full_name: str, hidden: Set[str]) -> str:
        """The type of a request or response in a client: a message, or the Python type of a well-known one."""
        known = WELL_KNOWN.get(full_name)
        return self._ref(full_name, hidden) if known is None else self._shown(_known_hint(known), hidden)

    def _operation_hint(self, full_name: str, hidden: Set[str]) -> str:
        if not full_name or not self._is_generated(full_name):
            return "_rt.Message"
        return self._message_hint(full_name, hidden)

    def _shown(self, hint: str, hidden: Set[str]) -> str:
        """A type hint in a class body that may shadow built-in types, such as with a method called ``list``."""
        for name in sorted(hidden & set(re.findall(r"(?<!\.)\b[a-z]+\b", hint))):
            self._aliases[f"_{name}"] = name
            hint = re.sub(rf"(?<!\.)\b{name}\b", f"_{name}", hint)
        return hint

    def _is_generated(self, full_name: str) -> bool:
        if full_name in _BUILT_IN or full_name in WELL_KNOWN:
            return True
        return self.schema.messages[full_name].location.file in self.naming.files


def _code(text: str) -> str:
    return f"`{text}`"


def _known_hint(known: WellKnown) -> str:
    return known.hint.replace("datetime.", "_dt.").replace("Any", "_t.Any")


def _default_of(field_: Field) -> str:
    return f"Default: {field_.default}." if field_.default is not None else ""


def _operation_call(operation: Operation) -> str:
    arguments = [
        f"metadata={string(operation.metadata)}",
        f"response={string(operation.response)}",
        f"id_field={string(operation.id_field)}",
    ]
    service = operation.service
    if service is not None:
        arguments += [
            f"get={string(_path(service.get))}",
            f"get_request={string(service.get.input)}",
            f"get_field={string(service.get_field)}",
        ]
        if service.cancel is not None:
            arguments += [
                f"cancel={string(_path(service.cancel))}",
                f"cancel_request={string(service.cancel.input)}",
                f"cancel_response={string(service.cancel.output)}",
                f"cancel_field={string(service.cancel_field)}",
            ]
    return ", ".join(arguments)


def _path(method: Method) -> str:
    return f"/{method.parent}/{method.name}"
