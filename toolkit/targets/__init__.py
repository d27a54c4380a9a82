"""From the model to files: a folder for each target, and what targets have in common."""
