"""Programs as users of generated bindings write them: checked by mypy and pyright in strict mode, and run.

`protos/` is what they are written for; `warehouse` is the root package of its bindings.
"""
