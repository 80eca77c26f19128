from tests.campaigns.conftest import sink

__all__ = ["sink"]
