"""Programs that do the same work with different runtimes, for `make bench`; each runs where its runtime is installed."""
