"""The changelog of an API, from revision to revision."""
