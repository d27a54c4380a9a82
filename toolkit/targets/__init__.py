"""From the model to files: a package for each target, and what targets share."""
