"""The real servers that tests run against: started here on free ports, or those that the environment names."""

from . import clamav, oidc_provider
from .clamav import OwnClamd, clamd
from .oidc_provider import OwnOidcProvider
from .postgresql import Cluster, Database, migrate, postgres, wait_for
from .redis_server import OwnRedis, redis
from .seaweed import Bucket, OwnSeaweedFS, Store, seaweedfs

__all__ = [
    "Bucket",
    "Cluster",
    "Database",
    "OwnClamd",
    "OwnOidcProvider",
    "OwnRedis",
    "OwnSeaweedFS",
    "Store",
    "clamav",
    "clamd",
    "migrate",
    "oidc_provider",
    "postgres",
    "redis",
    "seaweedfs",
    "wait_for",
]
