"""Services and their methods."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.changes.common import comment_and_options
from toolkit.changes.model import Change, Detail, Kind, changed
from toolkit.changes.pair import Pair
from toolkit.descriptors.model import HttpRule, Method, Service
from toolkit.semantics.path_templates import InvalidTemplate, Variable, parse


def service_changes(pair: Pair, old: Service, new: Service) -> Iterator[Change]:
    """The changes inside a service that is in both."""
    package = new.package
    before, after = ({m.name: m for m in service.methods} for service in (old, new))
    for name, method in before.items():
        if name in after:
            yield from comment_and_options(pair, "method", method, after[name])
            yield from _method(package, method, after[name])
        else:
            message = f"method {name} removed"
            rules = ["RPC_NO_DELETE", *(["REST_BINDING_NO_DELETE"] if method.http else [])]
            yield changed(Kind.REMOVED, "method", method, None, message, package=package, rules=rules, parent=new)
    for name, method in after.items():
        if name not in before:
            yield changed(Kind.ADDED, "method", None, method, "added", package=package)


def _method(package: str, old: Method, new: Method) -> Iterator[Change]:
    for what, was, now, rule in (
        ("request", old.input, new.input, "RPC_SAME_REQUEST_TYPE"),
        ("response", old.output, new.output, "RPC_SAME_RESPONSE_TYPE"),
    ):
        if was != now:
            message = f"{what} changed from {was} to {now}"
            detail = Detail.of(what, was, now)
            yield changed(Kind.SIGNATURE, "method", old, new, message, package=package, rules=[rule], detail=detail)
    for side, before, after in (
        ("client", old.client_streaming, new.client_streaming),
        ("server", old.server_streaming, new.server_streaming),
    ):
        if before != after:
            message = f"{side} {'now streams' if after else 'no longer streams'}"
            rules = [f"RPC_SAME_{side.upper()}_STREAMING"]
            detail = Detail.of(side, "stream" if before else "", "stream" if after else "")
            yield changed(Kind.STREAMING, "method", old, new, message, package=package, rules=rules, detail=detail)
    if old.http != new.http:
        message = f"HTTP binding changed from {_http(old.http)} to {_http(new.http)}"
        detail = Detail("", tuple(map(_binding, old.http)), tuple(map(_binding, new.http)))
        rules = [*_broken(old, new)]
        yield changed(Kind.HTTP, "method", old, new, message, package=package, rules=rules, detail=detail)


def _broken(old: Method, new: Method) -> Iterator[str]:
    """The rules that the bindings of a method break: a path stays the same if its parameters have other names."""
    after = {_address(rule): rule for rule in new.http}
    kept = [(rule, after.get(_address(rule))) for rule in old.http]
    if any(now is None for _, now in kept):
        yield "REST_BINDING_NO_DELETE"
    if any(now is not None and (was.body, was.response_body) != (now.body, now.response_body) for was, now in kept):
        yield "REST_BINDING_SAME_BODY"


def _address(rule: HttpRule) -> tuple[object, ...]:
    """The verb and the path of a binding without the names of its parameters; an invalid path as it is."""
    try:
        template = parse(rule.path)
    except InvalidTemplate:
        return rule.verb, rule.path
    segments = (one.pattern if isinstance(one, Variable) else one for one in template.segments)
    return rule.verb, *segments, template.verb


def _http(rules: tuple[HttpRule, ...]) -> str:
    return ", ".join(_binding(rule) for rule in rules) or "none"


def _binding(rule: HttpRule) -> str:
    more = [f"body {rule.body}"] if rule.body else []
    more += [f"response body {rule.response_body}"] if rule.response_body else []
    return f"{rule.verb} {rule.path}" + (f" ({', '.join(more)})" if more else "")
