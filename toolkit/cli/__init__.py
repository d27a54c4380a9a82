"""What a person, a CI job or protoc calls: commands, flags, settings, the plugin, the preview."""
