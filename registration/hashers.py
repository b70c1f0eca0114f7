"""How passwords are hashed: argon2id, small enough that many people can log in at once."""

import os
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# Each hash takes 19 MiB and one core for 20 ms: more at once than there are cores would only eat memory.
_turns = BoundedSemaphore(os.cpu_count() or 1)


class PlatformArgon2Hasher(Argon2PasswordHasher):
    """argon2id with 19 MiB, two passes, one lane; older parameters are hashed anew at the next login."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with _turns:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _turns:
            return super().verify(password, encoded)
