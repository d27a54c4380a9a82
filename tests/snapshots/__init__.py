"""Digests of everything that each target makes of a few trees: a change of the code shows whether it changes output.

``python -m tests.snapshots FOLDER`` writes the outputs themselves. Run it in
two checkouts and compare the folders to see what a changed digest stands for.
"""
