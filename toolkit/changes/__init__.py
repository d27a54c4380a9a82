"""What changed between two schemas, as typed changes; which of buf's rules each breaks.

``compare.compare(old, new)`` is the way in; ``command`` is what `toolkit diff` does.
"""
