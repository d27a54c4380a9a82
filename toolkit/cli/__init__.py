"""The entry points for people, CI jobs and protoc: commands, flags, settings, the plugin, the preview."""
