from tests.server.fixtures import http, server

__all__ = ["http", "server"]
