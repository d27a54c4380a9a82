"""Whether JSON Schemas say the same of a message as a parser and protovalidate do."""
