"""The media bucket: the few things that are done to objects, with typed errors."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from djamms.config import config
from djamms.storage.client import s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HEAD_BYTES = 64 * 1024
# What never changes under its key may be kept for ever.
PUBLIC_FOR_EVER = "public, max-age=31536000, immutable"
PRIVATE_FOR_EVER = "private, max-age=31536000, immutable"


class ObjectMissing(Exception):
    """No object under this key."""


class ObjectChanged(Exception):
    """The object was replaced since it was opened."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    key: str
    size_bytes: int
    modified_at: datetime


class StoredObject:
    """One version of an object, read by range; its first bytes came with opening it."""

    def __init__(
        self, client: "S3Client", bucket: str, key: str, *, size: int, etag: str, head: bytes
    ) -> None:
        self._client, self._bucket, self._head = client, bucket, head
        self.key, self.size, self.etag = key, size, etag
        self.requests, self.bytes_read = 1, len(head)

    def read_range(self, start: int, length: int) -> bytes:
        """Raises ObjectChanged or ObjectMissing when the version that was opened is gone."""
        known = self._head[start : start + length]
        if len(known) < length:
            known += self._get(start + len(known), start + length - 1)
        return known

    def _get(self, first: int, last: int) -> bytes:
        self.requests += 1
        with translated_errors(self.key):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self.key, IfMatch=self.etag, Range=f"bytes={first}-{last}"
            )
            data = answer["Body"].read()
        self.bytes_read += len(data)
        return data


class ObjectStore:
    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def open(self, key: str) -> StoredObject:
        """Size, version and first block in one request. Raises ObjectMissing."""
        try:
            with translated_errors(key):
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=key, Range=f"bytes=0-{HEAD_BYTES - 1}"
                )
                head = answer["Body"].read()
        except EmptyRange:
            return self._stored(key, 0, "", b"")
        # "bytes 0-65535/4194304"; absent where the server answered with the whole object.
        total = answer.get("ContentRange", "").rpartition("/")[2] or answer["ContentLength"]
        return self._stored(key, int(total), answer["ETag"], head)

    def _stored(self, key: str, size: int, etag: str, head: bytes) -> StoredObject:
        return StoredObject(self._client, self._bucket, key, size=size, etag=etag, head=head)

    def head(self, key: str) -> ObjectInfo | None:
        """None when there is no such object."""
        try:
            with translated_errors(key):
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except ObjectMissing:
            return None
        return ObjectInfo(key, answer["ContentLength"], answer["LastModified"])

    def is_listed(self, key: str) -> bool:
        """Whether there is such an object, for who may list and not read it."""
        return any(info.key == key for page in self.pages(key, page_size=1) for info in page)

    def copy(self, source: StoredObject, key: str, *, content_type: str, cache: str) -> None:
        """Copies exactly the version that was read. Raises ObjectChanged or ObjectMissing."""
        with translated_errors(source.key):
            self._client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": source.key},
                CopySourceIfMatch=source.etag,
                MetadataDirective="REPLACE",
                # Copying tags would ask for a permission of its own.
                TaggingDirective="REPLACE",
                ContentType=content_type,
                CacheControl=cache,
            )

    def put(self, key: str, body: bytes, *, content_type: str, cache: str) -> None:
        with translated_errors(key):
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                ContentType=content_type,
                CacheControl=cache,
            )

    def duplicate(self, key: str, to: str) -> None:
        """Copies an object with its headers. Raises ObjectMissing."""
        with translated_errors(key):
            self._client.copy_object(
                Bucket=self._bucket,
                Key=to,
                CopySource={"Bucket": self._bucket, "Key": key},
                TaggingDirective="REPLACE",
            )

    def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""
        with translated_errors(key):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def delete_all(self, keys: Iterable[str]) -> set[str]:
        """Up to 1000 in one request; answers those that could not be deleted."""
        answer = self._client.delete_objects(
            Bucket=self._bucket,
            Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
        )
        return {error["Key"] for error in answer.get("Errors", ())}

    def pages(
        self, prefix: str, *, after: str = "", page_size: int = 1000
    ) -> Iterator[list[ObjectInfo]]:
        """All objects below a prefix whose keys come behind `after`, in the order of their keys."""
        paginator = self._client.get_paginator("list_objects_v2")
        pages = paginator.paginate(
            Bucket=self._bucket,
            Prefix=prefix,
            StartAfter=after,
            PaginationConfig={"PageSize": page_size},
        )
        for page in pages:
            yield [
                ObjectInfo(item["Key"], item["Size"], item["LastModified"])
                for item in page.get("Contents", ())
            ]


class EmptyRange(Exception):
    """A range of an object that holds no byte (416)."""


ERRORS: dict[int, type[Exception]] = {404: ObjectMissing, 412: ObjectChanged, 416: EmptyRange}


@contextmanager
def translated_errors(key: str) -> Iterator[None]:
    """S3's answers that a caller acts on; all others are the storage's own trouble."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status in ERRORS and error.response["Error"].get("Code") != "NoSuchBucket":
            raise ERRORS[status](key) from error
        raise


def media_store() -> ObjectStore:
    return ObjectStore(s3_client(), config.media_bucket)
