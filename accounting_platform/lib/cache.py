"""A Redis cache whose absence is a miss, never an error: nothing that matters lives in the cache alone."""

import logging

import redis
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)
BRIEF_SECONDS = 60


def forgiving(name, absent=None):
    """The method `name` of RedisCache, answering `absent` where Redis does not answer."""

    def method(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except redis.RedisError as error:
            logger.warning("cache away: %s", type(error).__name__)
            return args[1] if name == "get" and len(args) > 1 else kwargs.get("default", absent)

    method.__name__ = name
    return method


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; while Redis is down reads miss and writes are dropped."""

    add = forgiving("add", False)
    get = forgiving("get")
    set = forgiving("set")
    touch = forgiving("touch", False)
    delete = forgiving("delete", False)
    get_many = forgiving("get_many", {})
    set_many = forgiving("set_many", [])
    delete_many = forgiving("delete_many")
    has_key = forgiving("has_key", False)


class BriefRedisCache(ForgivingRedisCache):
    """The same for sessions, and nothing stays longer than a minute.

    The database ends sessions; one ended while Redis was away, or while another request was reading it, must not live
    on here for hours.
    """

    def set(self, key, value, timeout=BRIEF_SECONDS, version=None):
        return super().set(key, value, min(timeout or BRIEF_SECONDS, BRIEF_SECONDS), version)
