"""The docs site: Markdown for MkDocs from the model, and what makes a site of it."""
