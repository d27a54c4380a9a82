"""Writes or compares files: runs, staging, the manifest, the cache, reports."""
