"""The changelog."""
