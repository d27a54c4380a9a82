"""The ranking of names in the search, in Node, without a browser or built pages."""
