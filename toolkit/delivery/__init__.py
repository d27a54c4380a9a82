"""From files to the disk, or to a comparison with it: runs, staging, the manifest, the cache, reports."""
