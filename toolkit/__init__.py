"""Protocol descriptors → reference pages, examples, typed Python.

The whole program is one way: protos → descriptor set → ``Schema`` → a
target's view models → templates → ``Files`` → write or compare.

    from toolkit.descriptors.compile import compile_tree
    from toolkit.descriptors.loader import load
    from toolkit.targets.reference.pages import PublishedReference

    schema = load(compile_tree([Path("protos")]))
    for path, text in PublishedReference(schema).pages(): ...

Nothing is imported here: generated bindings live below this package, and
who imports one pays for nothing else.
"""
