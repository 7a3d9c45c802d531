"""Clients of stores: where credentials come from, how long an answer may take, how often it is asked for again."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagwise.errors import BadSetting, SourceRefused, UsageError
from tagwise.scanning.stores import profiles
from tagwise.scanning.stores.failures import explained

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tagwise.scanning.stores.addresses import Bucket

CONNECT_SECONDS = 10

ANSWER_SECONDS = 30
"""For one answer, from the connection to its last byte: what is asked for is small."""

RETRY_SECONDS = 60
"""After so long a request is not repeated. With its last answer that is less than a reader may stay silent."""

RETRIES = 10
"""How often a request is repeated: after 408, 429 and 5xx, and where the connection breaks, after 0.1 s up to 15 s."""

_ENDPOINTS = {
    "s3": (),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
}


def client() -> ModuleType:
    """The library that talks to stores.

    Raises:
        UsageError: It is not installed.
    """
    try:
        return import_module("obstore")
    except ImportError as error:
        raise UsageError(
            "object stores need a client that is not installed", hint="pip install 'tagwise[stores]'"
        ) from error


def opened(bucket: Bucket) -> Any:
    """The store of a bucket; nothing is asked of it yet.

    Raises:
        UsageError: The client, or a setting that it needs, is missing.
        SourceRefused: The client cannot be made from what the environment says.
    """
    client()
    store = import_module("obstore.store")
    make: Callable[..., Any] = {"s3": store.S3Store, "az": store.AzureStore, "gs": store.GCSStore}[bucket.scheme]
    settings = profiles.s3_settings() if bucket.scheme == "s3" else {"config": {}}
    try:
        return make(
            bucket.name, client_options=_options(bucket, settings["config"]), retry_config=_retries(), **settings
        )
    except Exception as error:
        failed = explained(bucket, error)
        if isinstance(failed, SourceRefused):
            raise failed from error
        raise BadSetting(f"{bucket}: {str(error).splitlines()[0]}") from error


def _options(bucket: Bucket, config: dict[str, Any]) -> dict[str, Any]:
    named = [os.environ[name] for name in _ENDPOINTS[bucket.scheme] if os.environ.get(name)]
    if bucket.scheme == "s3":
        named = [str(config.get("endpoint") or profiles.endpoint())]
    options: dict[str, Any] = {
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=ANSWER_SECONDS),
        # Only where the user names such an address; that of a cloud is always encrypted.
        "allow_http": any(url.startswith("http://") for url in named) or profiles.is_set("AZURE_STORAGE_USE_EMULATOR"),
    }
    if authority := os.environ.get("SSL_CERT_FILE") or (
        os.environ.get("AWS_CA_BUNDLE") if bucket.scheme == "s3" else ""
    ):
        try:
            options["root_certificate"] = Path(authority).read_bytes()
        except OSError as error:
            raise BadSetting(
                f"{authority!r} cannot be read: {error.strerror}",
                hint="SSL_CERT_FILE and AWS_CA_BUNDLE name a PEM file with certificates of authorities.",
            ) from error
    return options


def _retries() -> dict[str, Any]:
    return {"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)}
