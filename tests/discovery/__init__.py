"""Google's own descriptions of its REST APIs against OpenAPI documents of the protos of the same APIs."""
