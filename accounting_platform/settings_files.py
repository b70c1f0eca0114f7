"""Where sealed files lie: a local folder, or with S3_BUCKET an S3-compatible store. settings.py takes it in."""

from importlib.util import find_spec

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# The bucket, the service's address (none for Amazon's own) and the account; virtual or path is how a bucket is named.
S3 = {
    "bucket_name": env.str("S3_BUCKET", ""),
    "endpoint_url": env.str("S3_ENDPOINT", ""),
    "region_name": env.str("S3_REGION", ""),
    "access_key": env.str("S3_ACCESS_KEY", ""),
    "secret_key": env.str("S3_SECRET_KEY", ""),
    "location": env.str("S3_PREFIX", ""),
    "addressing_style": env.str("S3_ADDRESSING", "auto"),
}


def file_storage(folder, s3):
    """The entry of STORAGES for sealed files; ImproperlyConfigured where the store's packages are missing."""
    if not s3["bucket_name"]:
        options = {"location": folder, "file_permissions_mode": 0o600}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            "S3_BUCKET needs further packages: pip install --require-hashes -r requirements-s3.txt"
        )
    lacking = [name for name in ("access_key", "secret_key") if not s3[name]]
    if lacking:
        raise ImproperlyConfigured(
            "S3_BUCKET needs " + " and ".join(f"S3_{name.upper()}" for name in lacking)
        )
    options = {name: value for name, value in s3.items() if value}
    return {"BACKEND": "accounting_platform.lib.object_storage.ObjectStorage", "OPTIONS": options}
