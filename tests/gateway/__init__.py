"""Curl lines through a real gateway: Envoy, which transcodes them for a gRPC server of generated servicers."""
