"""Protocol descriptors → reference pages, examples, typed Python.

The whole program is one way: protos → descriptor set → :class:`Schema` →
a target's view models → templates → :data:`Files` → write or compare.

    from toolkit import compile_tree, load, PublishedReference
    schema = load(compile_tree([Path("protos")]))
    for path, text in PublishedReference(schema).pages(): ...
"""

from toolkit.catalog import Catalog, Publication, read_catalog
from toolkit.compile import Compilation, compile_tree, read_descriptor_set
from toolkit.dump import dump
from toolkit.errors import (
    ConfigError,
    InputError,
    LookupFailed,
    OutputError,
    Place,
    Problem,
    SchemaError,
    TemplateError,
    ToolkitError,
)
from toolkit.files import Files, write
from toolkit.loader import load
from toolkit.reference.pages import PublishedReference
from toolkit.reference.style import Style, style_of
from toolkit.rendering import Renderer
from toolkit.rules import Rules, read_rules
from toolkit.schema import Schema

__all__ = [
    "Catalog",
    "Compilation",
    "ConfigError",
    "Files",
    "InputError",
    "LookupFailed",
    "OutputError",
    "Place",
    "Problem",
    "Publication",
    "PublishedReference",
    "Renderer",
    "Rules",
    "Schema",
    "SchemaError",
    "Style",
    "TemplateError",
    "ToolkitError",
    "compile_tree",
    "dump",
    "load",
    "read_catalog",
    "read_descriptor_set",
    "read_rules",
    "style_of",
    "write",
]
