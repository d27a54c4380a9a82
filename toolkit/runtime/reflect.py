"""The official descriptors of generated classes, and what fields are if they are not set."""

from __future__ import annotations

from typing import Any


def descriptor_of(cls: Any) -> Any:
    """The official descriptor of a message, an enum, or the service of a client or servicer.

    Its options are those of the .proto file. Custom ones are known to it once the official module that declares them is
    imported; :func:`options_of` always knows them.
    """
    if hasattr(cls, "__service__"):
        return cls.__root__.descriptor(cls.__service__)
    root, full_name = cls.__proto__
    return root.descriptor(full_name)


def options_of(cls: Any, name: str = "") -> dict[str, Any]:
    """The custom options of a message, an enum, or the service of a client or servicer, or of something in it.

    ``name`` is that of a field, a oneof, an enum value or a method in the .proto file; LookupError if there is none.
    The options have their full names, and values as in ProtoJSON, but with the names of the .proto file.
    """
    descriptor = descriptor_of(cls)
    root = cls.__root__ if hasattr(cls, "__service__") else cls.__proto__[0]
    if name:
        kinds = ("fields_by_name", "oneofs_by_name", "values_by_name", "methods_by_name")
        found = [known[name] for known in (getattr(descriptor, kind, {}) for kind in kinds) if name in known]
        if not found:
            raise LookupError(f"{descriptor.full_name} has nothing called {name!r}")
        descriptor = found[0]
    options: dict[str, Any] = root.options(descriptor)
    return options


def default_of(cls: Any, name: str) -> Any:
    """What the .proto file says a field is if it is not set, such as ``-85`` for ``[default = -85]``.

    ``name`` is that of the field in the .proto file; LookupError if there is none. The default of a message is None.
    """
    field = next((field for field in cls.__codec__.fields if field.name == name), None)
    if field is None:
        raise LookupError(f"{cls.__proto__[1]} has no field {name!r}")
    if not field.single or field.kind in ("message", "group"):
        return None if field.single else {} if field.key else []
    value = cls.__codec__.official.DESCRIPTOR.fields_by_name[name].default_value
    return cls.__proto__[0].enum(field.type_name)(value) if field.kind == "enum" else value
