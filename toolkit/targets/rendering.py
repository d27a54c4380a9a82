"""The only Jinja2 environment: strict, without escaping, with templates that can be overridden one by one."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

from toolkit.errors import ConfigError, Location, TemplateError, ToolkitError
from toolkit.targets.templates import built_in_templates


class _Environment(jinja2.Environment):
    """Finds a template that is included without the locks of its cache, which cost more than a small template."""

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 — Jinja2's name
    ) -> jinja2.Template:
        """The template with a name."""
        found = self._found.get(name) if isinstance(name, str) else None
        if found is None:
            found = super().get_template(name, parent, globals)
            if isinstance(name, str):
                self._found[name] = found
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The global names of a template, as a dictionary: every include reads them."""
        return {**self.globals, **(d or {})}

    @cached_property
    def _found(self) -> dict[str, jinja2.Template]:
        return {}


@dataclass(frozen=True)
class Renderer:
    """Renders templates by name (``yfm/method.md.j2``); the user's directories come first."""

    folders: Sequence[Path] = ()
    _environment: list[jinja2.Environment] = field(default_factory=list, compare=False)

    def render(self, name: str, /, **members: object) -> str:
        """Render a template. An error in it raises :class:`TemplateError` with its file and line."""
        try:
            template = self._load(name)
            # Like Template.render, but without a copy of the globals, which costs more than a small template.
            environment = template.environment
            names = {**environment.globals, **members}
            context = environment.context_class(environment, names, template.name, template.blocks)
            try:
                return "".join(template.root_render_func(context))
            except Exception:
                return template.render(members)  # fails again, but with template lines in the traceback
        except jinja2.TemplateSyntaxError as error:
            file = error.filename or self._file(error.name or name)
            raise TemplateError(error.message or "syntax error", location=Location(file, error.lineno)) from None
        except jinja2.TemplateNotFound as error:
            raise TemplateError(f"there is no template {error.name!r}", location=_location(error, "")) from None
        except (ToolkitError, MemoryError):
            raise
        except Exception as error:  # members are finished strings, so the template is wrong
            raise TemplateError(f"{error}", location=_location(error, name)) from None

    def sources(self, folder: str) -> Iterator[tuple[str, str]]:
        """The path and text of the files in a directory that is copied unchanged; users can override each."""
        found: dict[str, Path] = {}
        for top in (built_in_templates(), *reversed(self.folders)):
            for path in (top / folder).rglob("*"):
                if path.is_file():
                    found[path.relative_to(top / folder).as_posix()] = path
        for name, path in sorted(found.items()):
            try:
                yield name, path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise TemplateError(f"cannot read it: {error}", location=Location(str(path))) from None

    def _load(self, name: str) -> jinja2.Template:
        if not self._environment:
            for folder in self.folders:
                if not folder.is_dir():
                    raise ConfigError(f"the template directory {str(folder)!r} does not exist")
            self._environment.append(
                _Environment(
                    loader=jinja2.FileSystemLoader([*self.folders, built_in_templates()]),
                    undefined=jinja2.StrictUndefined,
                    autoescape=False,
                    trim_blocks=True,
                    lstrip_blocks=True,
                    keep_trailing_newline=False,
                    auto_reload=False,
                )
            )
        return self._environment[0].get_template(name)

    def _file(self, name: str) -> str:
        """The file of a template, which some errors of Jinja2 don't name."""
        found = (folder / name for folder in self.folders)
        return next((str(path) for path in found if path.is_file()), name)


def _location(error: BaseException, name: str) -> Location | None:
    """The innermost template line in the traceback of an error, or else the template with this name."""
    location = Location(name) if name else None
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.endswith(".j2"):
            location = Location(code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return location
