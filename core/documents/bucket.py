"""Documents in a bucket that speaks S3 (STORAGE_URL=s3://…). Loaded only where one is configured."""

import base64
import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils import timezone
from storages.backends.s3 import S3Storage

from core.documents.storage import ContentAddressed, Stored

#: A file that is this old is written again rather than left alone, so that the sweep sees a young one.
YOUNG = timedelta(minutes=15)


class ContentAddressedBucket(ContentAddressed, S3Storage):
    """One PUT per file with its SHA-256: the server takes it wholly and unharmed, or answers with an error."""

    def __init__(self, **options: Any) -> None:
        waits = Config(signature_version="s3v4", connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 3})
        super().__init__(client_config=waits, **options)

    def _save(self, name: str, content: File) -> str:
        key = self._key(name)
        if not self._is_young(key):
            body = b"".join(content.chunks())
            digest = hashlib.sha256(body).digest()
            self.connection.meta.client.put_object(
                Bucket=self.bucket_name,
                Key=key,
                Body=body,
                ContentType="application/octet-stream",
                ChecksumSHA256=base64.b64encode(digest).decode(),
            )
        return name

    def _key(self, name: str) -> str:
        return self._normalize_name(name)

    def _is_young(self, key: str) -> bool:
        try:
            head = self.connection.meta.client.head_object(Bucket=self.bucket_name, Key=key)
        except ClientError as error:
            if _is_missing(error):
                return False
            raise
        return head["LastModified"] > timezone.now() - YOUNG

    def is_ready(self) -> bool:
        try:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except (ClientError, BotoCoreError):
            return False
        return True

    def walk(self) -> Iterator[Stored]:
        pages = self.connection.meta.client.get_paginator("list_objects_v2")
        start = f"{self.location}/" if self.location else ""
        for page in pages.paginate(Bucket=self.bucket_name, Prefix=start):
            for item in page.get("Contents", []):
                yield Stored(item["Key"].removeprefix(start), item["Size"], item["LastModified"].timestamp())

    def discard_stale(self, name: str, *, before: float) -> bool:
        client, key = self.connection.meta.client, self._key(name)
        try:
            if client.head_object(Bucket=self.bucket_name, Key=key)["LastModified"].timestamp() >= before:
                return False
        except ClientError as error:
            if _is_missing(error):
                return False
            raise
        client.delete_object(Bucket=self.bucket_name, Key=key)
        return True

    def open_range(self, name: str, start: int, length: int) -> IO[bytes]:
        """Only the part that was asked for travels."""
        if length == 0:
            return io.BytesIO()
        try:
            answer = self.connection.meta.client.get_object(
                Bucket=self.bucket_name, Key=self._key(name), Range=f"bytes={start}-{start + length - 1}"
            )
        except ClientError as error:
            if _is_missing(error):
                raise FileNotFoundError(name) from error
            raise
        return answer["Body"]


def _is_missing(error: ClientError) -> bool:
    return error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
