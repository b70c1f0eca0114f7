"""Files in an S3-compatible store (needs requirements-s3.txt); its faults look like those of a disk.

Named in STORAGES alone and imported with the first file, so that nobody else needs the SDK.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

MISSING = {"404", "NoSuchKey", "NotFound"}


@contextmanager
def _as_os_errors(name: str) -> Iterator[None]:
    """What callers of a storage expect: FileNotFoundError for what is not there, OSError for all else."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in MISSING:
            raise FileNotFoundError(name) from error
        # Only the code: the messages of stores repeat addresses and keys.
        raise OSError(f"object store: {code}") from error
    except BotoCoreError as error:
        raise OSError(f"object store: {type(error).__name__}") from error


class ObjectStorage(S3Storage):
    """One private bucket. Names are random, so nothing is ever overwritten and nobody has to look first."""

    def __init__(self, *, addressing_style: str = "auto", **options) -> None:
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            connect_timeout=3,
            read_timeout=10,
            retries={"max_attempts": 2, "mode": "standard"},
            # Stores other than Amazon's refuse the checksums that its SDK adds by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            transfer_config=TransferConfig(use_threads=False),
            default_acl=None,
            querystring_auth=True,
            object_parameters={"ContentType": "application/octet-stream"},
            **options,
        )

    @property
    def bucket(self):
        # Of this thread's own connection: the SDK's objects are not made for several threads.
        return self.connection.Bucket(self.bucket_name)

    def _save(self, name, content):
        with _as_os_errors(name):
            return super()._save(name, content)

    def _open(self, name, mode="rb"):
        with _as_os_errors(name):
            # Fetched here, where a fault still becomes an OSError.
            return super()._open(name, mode).open()

    def delete(self, name):
        with _as_os_errors(name):
            super().delete(name)

    def exists(self, name):
        with _as_os_errors(name):
            return super().exists(name)

    def listdir(self, path):
        with _as_os_errors(path):
            return super().listdir(path)

    def get_modified_time(self, name):
        with _as_os_errors(name):
            return super().get_modified_time(name)
