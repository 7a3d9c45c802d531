"""What a store said where it gives nothing, in our words: for the whole scan, or for the row of one object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagwise.errors import FileUnavailable, SourceError, SourceForeign, SourceRefused, SourceUnreachable

if TYPE_CHECKING:
    from tagwise.scanning.stores.addresses import Bucket

SILENT = "the store gives nothing"
"""How the reason of an object begins where not the object but its store is at fault."""

_CREDENTIALS = {
    "s3": "Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from AWS_PROFILE, or from the machine;"
    " a public bucket needs AWS_SKIP_SIGNATURE=true.",
    "az": "Credentials come from AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN,"
    " or from the machine; a public container needs AZURE_SKIP_SIGNATURE=true.",
    "gs": "Credentials come from GOOGLE_APPLICATION_CREDENTIALS or from the machine; a public bucket needs"
    " GOOGLE_SKIP_SIGNATURE=true.",
}
_PERMISSIONS = {"s3": "s3:ListBucket and s3:GetObject", "az": "Storage Blob Data Reader", "gs": "Storage Object Viewer"}
_NO_BUCKET = {"NoSuchBucket", "ContainerNotFound", "InvalidBucketName"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "InvalidToken", "RequestExpired", "TokenRefreshRequired"}
_OTHER_REGION = {"AuthorizationHeaderMalformed", "PermanentRedirect"}
_ASKS_FOR_CREDENTIALS = (
    "/latest/api/token",
    "/latest/meta-data/",
    "metadata/identity",
    "token request",
    "MissingAccount",
)


def status(error: Exception) -> int:
    """The HTTP status that ended a request, 0 where there was none."""
    found = re.search(r"status code: (\d{3})", str(error))
    return int(found[1]) if found else 0


def _code(error: Exception) -> str:
    """The store's own word for it, as NoSuchBucket."""
    found = re.search(r"<Code>([A-Za-z0-9.]{1,60})</Code>", str(error))
    return found[1] if found else ""


def _answer(error: Exception) -> str:
    return f"{status(error) or ''} {_code(error)}".strip()


def broke_off(error: Exception) -> bool:
    """Whether an answer stopped in the middle: the client repeats requests, but no answer that had begun."""
    return "response body" in str(error)


def explained(bucket: Bucket, error: Exception) -> SourceError:
    """Why nothing can be had from a bucket."""
    said, number, code, answer = str(error), status(error), _code(error), _answer(error)
    credentials = _CREDENTIALS[bucket.scheme]
    if any(word in said for word in _ASKS_FOR_CREDENTIALS):
        reason, hint = "no credentials were found", credentials
    elif code in _NO_BUCKET or number == 404:
        reason = f"there is no such bucket ({answer})"
        hint = (
            "Check the spelling, and AWS_ENDPOINT_URL where the store is not Amazon's." if bucket.scheme == "s3" else ""
        )
    elif "redirect without LOCATION" in said or code in _OTHER_REGION:
        reason, hint = "the bucket is in another region", "Name its region in AWS_REGION."
    elif number in (401, 403) or code in _EXPIRED:
        reason = f"access is denied ({answer})"
        hint = f"The account needs {_PERMISSIONS[bucket.scheme]}. {credentials}"
    elif number and not _busy(number):
        reason, hint = f"the store refuses the request ({answer})", ""
    else:
        return _not_given(bucket, said, answer)
    return SourceRefused(f"{bucket}: {reason}", hint=hint)


def _busy(number: int) -> bool:
    return number == 429 or number >= 500


def _not_given(bucket: Bucket, said: str, answer: str) -> SourceError:
    if "invalid list response" in said:
        return SourceForeign(
            f"{bucket}: what answers there is no object store", hint="Check the address of the endpoint."
        )
    if answer:
        reason = f"the store is overloaded or broken ({answer})"
        hint = "It was asked again with growing pauses. Try later, or with a lower --in-flight."
    elif "certificate" in said.lower():
        reason = "the certificate of the store is not trusted"
        hint = "Name the certificate of its authority, a PEM file, in SSL_CERT_FILE or AWS_CA_BUNDLE."
    elif "dns error" in said or "lookup address" in said:
        reason, hint = "the name of the store's server is unknown", "Check the endpoint and the region."
    elif "TimedOut" in said:
        reason, hint = "the store does not answer in time", "Check the network; the same command goes on."
    elif "kind: Connect" in said:
        reason, hint = "nobody answers at the store's address", "Check the endpoint (AWS_ENDPOINT_URL) and the network."
    else:
        reason, hint = "the connection breaks off", "Check the network, and that the endpoint is a store."
    return SourceUnreachable(f"{bucket}: {reason}", hint=hint)


def unreadable(error: Exception) -> FileUnavailable:
    """Why one object cannot be read."""
    code, number, said = _code(error), status(error), str(error)
    if isinstance(error, FileNotFoundError):
        reason = "the object is not there any more"
    elif code == "InvalidObjectState":
        reason = "the object is in an archive class and has to be restored first"
    elif "NotPartial" in said:
        reason = "the store does not give parts of objects"
    elif code in _EXPIRED:
        reason = f"{SILENT}: the credentials have expired ({code})"
    elif number in (401, 403):
        reason = f"access is denied ({_answer(error)})"
    elif number:
        reason = f"{SILENT}: it answers {_answer(error)}"
    elif any(word in said for word in _ASKS_FOR_CREDENTIALS):
        reason = f"{SILENT}: no credentials"
    else:
        reason = f"{SILENT}: {'no answer in time' if 'TimedOut' in said else 'the connection breaks off'}"
    return FileUnavailable(reason)
