"""From .proto files to the model: compiling, loading, references, the type graph. Knows no option by name."""
