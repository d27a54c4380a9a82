"""Random edits of a tree: after each, a run that remembers the last one writes what a run without memory writes."""
