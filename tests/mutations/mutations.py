"""Faults to plant in the code, each with the tests that have to notice it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """A fault: in a file, ``old``, which is there once, becomes ``new``, and the tests must fail."""

    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


_PLANTED = [
    # JSON and bytes
    ("int64-as-number", "runtime/jsonvalues.py", "return str(int(value)) if wide else int(value)", "return int(value)", "runtime/test_json_numbers.py"),
    ("nan-as-number", "runtime/jsonvalues.py", "if value - value == 0:\n        return value\n    return \"NaN\"", "if value - value <= 1 or True:\n        return value\n    return \"NaN\"", "runtime/test_json_numbers.py"),
    ("range-ignored", "runtime/jsonvalues.py", "        if low <= value <= high:\n            return value  #", "        if low <= value:\n            return value  #", "runtime/test_messages.py runtime/test_kinds.py"),
    ("fraction-as-integer", "runtime/jsonvalues.py", "if value - value == 0 and value == int(value):", "if value - value == 0:", "runtime/test_messages.py runtime/test_kinds.py"),
    ("float-digits", "runtime/jsonvalues.py", "for digits in (6, 7, 8, 9):", "for digits in (9,):", "runtime/test_messages.py runtime/test_kinds.py runtime/test_round_trip.py"),
    ("json-name", "runtime/jsonout.py", "(field.name if style.preserve_names else field.json_name)!r}]\"\n    e.line(1, f\"v = m.{field.attribute}\")", "field.name!r}]\"\n    e.line(1, f\"v = m.{field.attribute}\")", "runtime/test_json_numbers.py"),
    ("same-key-twice", "runtime/jsonin.py", "                if name in found:\n", "                if name in found and False:\n", "runtime/test_messages.py runtime/test_kinds.py"),
    ("unknown-field-accepted", "runtime/jsonin.py", "            elif not ignore:\n", "            elif not ignore and False:\n", "runtime/test_messages.py runtime/test_kinds.py"),
    ("unknown-extension-kept", "runtime/jsonin.py", " and (made := read(value, ignore)) is not _SKIP:", ":\n                made = read(value, ignore)", "fuzz/test_found.py"),
    ("varint-of-four", "runtime/wire.py", "if value < 0x10000000:", "if value < 0x20000000:", "runtime/test_kinds.py runtime/test_round_trip.py"),
    ("unknown-fields-lost", "runtime/encoder.py", "    w.parts.append(\"m._unknown\")\n", "", "runtime/test_messages.py runtime/test_round_trip.py"),
    ("page-token", "runtime/errors.py", "self.token = token", "self.token = ''", "runtime/test_operations.py"),
    ("type-url", "runtime/anys.py", "or \"/\" not in type_url or", "or", "runtime/test_wellknown.py"),
    ("enum-range", "runtime/enums.py", "not -0x80000000 <= value <= 0x7FFFFFFF", "not 0 <= value <= 0x7FFFFFFF", "runtime/test_messages.py runtime/test_kinds.py"),
    # Bindings and examples
    ("keyword-as-name", "targets/python/names.py", "if keyword.iskeyword(name) or name in reserved", "if name in reserved", "targets/python/test_names.py"),
    ("reserved-name", "targets/python/names.py", "        \"from_bytes\",\n        \"from_dict\",", "        \"from_dict\",", "targets/python/test_names.py"),
    ("names-that-clash", "targets/python/names.py", "if other != source:", "if False:", "targets/python/test_names.py"),
    ("quote-not-escaped", "targets/examples/literal.py", ".replace('\"', '\\\\\"')", "", "targets/examples/test_hostile.py"),
    ("shell-word", "targets/examples/snippets.py", "body=shlex.quote(request.text),", "body=request.text,", "targets/examples/test_hostile.py targets/examples/test_snippets.py"),
    ("http-address", "targets/examples/snippets.py", "url=shlex.quote(self.servers.http_of(self.schema.service_of(method)) + request.target),", "url=self.servers.http_of(self.schema.service_of(method)) + request.target,", "targets/examples/test_hostile.py targets/examples/test_snippets.py"),
    # What an API means
    ("open-bound", "semantics/constraints.py", "return Interval(high=bound, high_open=operator == \"<\")\n        return Interval(low", "return Interval(high=bound)\n        return Interval(low", "semantics/test_constraints.py"),
    ("constraint-ignored", "semantics/constraints.py", "if match := _RANGE.match(text):", "if False and (match := _RANGE.match(text)):", "semantics/test_constraints.py"),
    ("required-not-required", "semantics/facts.py", "return any(constraint.kind == \"required\" for", "return all(constraint.kind == \"required\" for", "semantics/test_facts.py semantics/test_constraints.py"),
    ("oneof-not-required", "semantics/facts.py", "return any(constraint.kind in DEMANDS for", "return all(constraint.kind in DEMANDS for", "semantics/test_required.py"),
    ("operation-of-its-own-get", "semantics/operations.py", "if service is not None and service.get is method:", "if False:", "semantics/test_operations.py"),
    ("stream-as-operation", "semantics/operations.py", "if not method.is_unary or not is_operation(message):", "if not is_operation(message):", "semantics/test_operations.py"),
    ("page-without-token", "semantics/pagination.py", " and _has_string(response, NEXT_TOKEN)", "", "semantics/test_operations.py"),
    ("package-twice", "semantics/catalog.py", "if entry.name in listed:", "if False:", "semantics/test_catalog.py"),
    ("link-of-unlisted", "semantics/catalog.py", "return not self.listed or package in self.listed", "return True", "semantics/test_catalog.py"),
    # The model
    ("control-character", "descriptors/comments.py", "[\\x00-\\x08\\x0b-\\x1f\\x7f]", "[\\x00-\\x08\\x0b-\\x1a\\x7f]", "descriptors/test_comments.py targets/reference/test_hostile.py"),
    ("internal-comment-shown", "descriptors/comments.py", "(--(.*?)(?:--\\)|\\Z)\", re.S)", "(--(.*?)--\\)\", re.S)", "descriptors/test_comments.py"),
    ("edition-before-2023", "descriptors/features.py", " or file.edition < pb.EDITION_2023", "", "descriptors/test_compile.py descriptors/test_model.py"),
    ("link-as-reference", "descriptors/references.py", "\\](?![(\\[])\")", "\\]\")", "descriptors/test_references.py"),
    ("json-name-of-capitals", "descriptors/casing.py", "\"\".join(part[:1].upper() + part[1:] for", "\"\".join(part.capitalize() for", "descriptors/test_casing.py"),
    ("infinity-in-the-dump", "descriptors/dump.py", "if isinstance(value, float) and not math.isfinite(value):", "if isinstance(value, float) and math.isnan(value):", "descriptors/test_model.py"),
    # Changes
    ("renamed-field", "changes/fields.py", "if old.json_name != new.json_name and not new.extendee:", "if False:", "changes/test_changes.py"),
    ("number-not-reserved", "changes/messages.py", "if not any(low <= each.number < high for", "if not any(low <= each.number <= high for", "changes/test_reserved.py"),
    ("open-enum", "changes/enums.py", "if old.closed != new.closed:", "if old.closed and not new.closed:", "changes/test_openness.py"),
    ("pattern-loosened", "changes/constraints.py", "return not {c.pattern for c in now} <= {c.pattern for c in was}", "return False", "changes/test_changes.py"),
    ("exception-of-a-folder", "changes/exceptions.py", "e.rstrip(\"/\") + \"/\"", "e.rstrip(\"/\")", "changes/test_changes.py changes/test_command.py"),
    ("annotation-escapes", "printing.py", ".replace(\"%\", \"%25\")", "", "changes/test_changes.py changes/test_command.py delivery/test_ci.py test_printing.py"),
    # Delivery
    ("path-check", "delivery/compare.py", "if not inside[directory]:", "if False:", "delivery/test_staging.py"),
    ("dots-in-a-path", "delivery/compare.py", "not _NOWHERE.isdisjoint(parts)", "False", "delivery/test_staging.py"),
    ("digest", "delivery/compare.py", "return found == content or _with_lf(found) == _with_lf(content)", "return True", "delivery/test_check.py delivery/test_staging.py"),
    ("orphan-not-seen", "delivery/running.py", "[path for path in unmade if path not in kept]", "[]", "delivery/test_check.py"),
    ("cache-of-catalog", "delivery/inputs.py", "if common.catalog is not None:", "if False:", "delivery/test_cache_key.py"),
    ("empty-folder-left", "delivery/staging.py", "    _remove_empty(os.path.dirname(target), top)\n", "", "delivery/test_staging.py delivery/test_check.py"),
    # The command line
    ("exit-code", "cli/reading.py", "    if violations:\n        sys.exit(1)", "    if violations:\n        sys.exit(0)", "cli/test_validate.py"),
    ("exit-code-of-check", "cli/generating.py", "    if drifts:\n        sys.exit(1)", "    if drifts:\n        sys.exit(0)", "delivery/test_check.py"),
]  # fmt: skip
MUTATIONS = [
    Mutation(id_, f"toolkit/{file}", old, new, tuple(f"tests/{path}" for path in tests.split()))
    for id_, file, old, new, tests in _PLANTED
]
"""The faults, by room."""
