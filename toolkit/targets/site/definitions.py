"""The definitions of elements in the language of .proto files, for their pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from toolkit.descriptors.model import Enum, Message, Method
from toolkit.targets.proto.printer import Printer
from toolkit.targets.site.prose import Prose
from toolkit.targets.site.sampling import Tab, tab

_LABEL = "Proto"


@dataclass(frozen=True)
class Definitions:
    """Makes them of what is shown, with the first sentences of comments: the sources may have more."""

    prose: Prose
    _messages: dict[str, str] = field(default_factory=dict)

    def of_method(self, method: Method, name: str) -> Tab:
        """A method in its service, with its request and response; ``name`` is that of the page."""
        schema = self.prose.layout.schema
        service = schema.service_of(method)
        parts = [self._printer.service(service, [method])]
        for message in map(schema.message, dict.fromkeys((method.input, method.output))):
            elsewhere = f"// In {message.parent}:\n\n" if message.parent != service.package else ""
            parts.append(elsewhere + self._message(message))
        return _tab(name, "\n".join(parts))

    def of_type(self, element: Message | Enum, name: str) -> Tab:
        """A message with what is declared in it, or an enum."""
        return _tab(name, self._message(element) if isinstance(element, Message) else self._printer.enum(element))

    def _message(self, message: Message) -> str:
        """The definition of a message, which its page has, and those of the methods that take or return it."""
        found = self._messages.get(message.full_name)
        if found is None:
            found = self._messages[message.full_name] = self._printer.message(message)
        return found

    @cached_property
    def _printer(self) -> Printer:
        return Printer(self.prose.layout.schema, self.prose.words)


def _tab(name: str, text: str) -> Tab:
    return tab(f"{name}.proto.txt", _LABEL, "protobuf", text)
