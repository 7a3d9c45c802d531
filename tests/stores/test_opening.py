"""Credentials, endpoints and addresses come from where other programs have them too."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from tests.conftest import dicom_bytes
from tests.stores.test_scan_store import ONE, ROOT

import tagwise
from tagwise.errors import BadSetting, SourceForeign, SourceRefused, SourceUnreachable, UsageError
from tagwise.scanning.stores import listing, opening
from tagwise.scanning.stores.addresses import Bucket

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stores.s3_server import S3Server

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@pytest.fixture
def home(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for files of profiles; no keys in the environment, and no machine that has some."""
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setattr(opening, "RETRIES", 0)
    (tmp_path / ".aws").mkdir()
    return tmp_path / ".aws"


def signed_by(server: S3Server) -> str:
    """The key of the first request, and the region that it was signed for."""
    listing.StoreWalk([ROOT])
    return server.authorizations[0].partition("Credential=")[2].partition(",")[0]


def test_keys_of_the_environment(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """They sign, for the region that the environment names."""
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    key, _, region, *_ = signed_by(server).split("/")
    assert (key, region) == ("test", "eu-west-3")


def test_the_profile(server: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one called default, or that of AWS_PROFILE, with its region; keys in the environment come first."""
    (home / "credentials").write_text(
        "[default]\naws_access_key_id = usual\naws_secret_access_key = x\n"
        "[night]\naws_access_key_id = NIGHT\naws_secret_access_key = x\naws_session_token = %s\n"
    )
    (home / "config").write_text("[default]\nregion = eu-central-1\n[profile night]\nregion = eu-north-1\n")
    assert signed_by(server).split("/")[::2][:2] == ["usual", "eu-central-1"]
    monkeypatch.setenv("AWS_PROFILE", "night")
    server.clear()
    assert signed_by(server).split("/")[::2][:2] == ["NIGHT", "eu-north-1"]
    for name in KEYS:
        monkeypatch.setenv(name, "mine")
    server.clear()
    assert signed_by(server).startswith("mine/")


def test_a_profile_that_is_not_there(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is not replaced by another one; nor is a damaged file passed over."""
    monkeypatch.setenv("AWS_PROFILE", "night")
    with pytest.raises(BadSetting, match="no such profile"):
        listing.StoreWalk([ROOT])
    (home / "config").write_text("region = before any section\n")
    with pytest.raises(BadSetting, match="config"):
        listing.StoreWalk([ROOT])


def test_a_profile_with_a_role(server: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 makes its credentials; without boto3 the error says so."""
    (home / "config").write_text("[default]\ncredential_process = sh -c 'cat ~/.aws/made'\nregion = eu-west-1\n")
    (home / "made").write_text('{"Version": 1, "AccessKeyId": "MADE", "SecretAccessKey": "x", "SessionToken": "y"}')
    pytest.importorskip("boto3")
    assert signed_by(server).startswith("MADE/")
    monkeypatch.delitem(sys.modules, "obstore.auth.boto3")
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(UsageError, match="for which boto3 is needed") as caught:
        listing.StoreWalk([ROOT])
    assert "pip install boto3" in caught.value.hint


def test_no_credentials(server: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says where they may come from; without any, a public bucket can be read."""
    with pytest.raises(SourceRefused, match="no credentials") as caught:
        listing.StoreWalk([ROOT])
    assert "AWS_SKIP_SIGNATURE" in caught.value.hint
    assert not server.asked
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    listing.StoreWalk([ROOT])
    assert server.authorizations == [""]


def test_a_machine_that_has_credentials(server: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing else has any, the metadata service of the machine is asked."""
    server.machine = True
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", server.url)
    assert signed_by(server).startswith("MACHINE/")


def test_google(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket of Google is listed and read with the requests that its XML interface shares with S3."""
    monkeypatch.setenv("GOOGLE_BASE_URL", server.url)
    monkeypatch.setenv("GOOGLE_BEARER_TOKEN", "token")
    server.put("a/1", dicom_bytes())
    server.put("a/2", b"no DICOM")
    index = tmp_path / "index.duckdb"
    summary = tagwise.scan("gs://archive/a", index=index, settings=ONE)
    assert (summary.objects, summary.unreadable) == (1, {"not DICOM": 1})
    assert tagwise.scan("gs://archive/a", index=index, settings=ONE).unchanged == 2


def test_azure(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container is listed with a request of Azure, which moto does not understand; what it answers is no listing."""
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "hospital")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "c2VjcmV0")
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", server.url)
    with pytest.raises((SourceForeign, SourceUnreachable), match="az://archive: "):  # moto may fail at it altogether
        listing.StoreWalk(["az://archive/2024"])
    assert server.asked[0].path == "/archive"
    assert "comp=list" in server.asked[0].query
    assert "prefix=2024%2F" in server.asked[0].query
    assert server.authorizations[0].startswith("SharedKey hospital:")


@pytest.mark.parametrize(("scheme", "kind"), [("s3", "S3Store"), ("az", "AzureStore"), ("gs", "GCSStore")])
def test_stores_are_made(server: S3Server, monkeypatch: pytest.MonkeyPatch, scheme: str, kind: str) -> None:
    """Each address leads to the client of its store, with bounded patience and no plain HTTP."""
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "hospital")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    store = opening.opened(Bucket(scheme, "archive"))
    assert type(store).__name__ == kind
    assert store.client_options["allow_http"] in (False, "false")
    assert store.retry_config["max_retries"] == opening.RETRIES


def test_unsigned_requests_for_what_is_private(
    server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store gives the list and not the objects; each has a row that says so."""
    server.put("a", dicom_bytes())
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    summary = tagwise.scan(ROOT, index=tmp_path / "index.duckdb", settings=ONE)
    assert summary.unreadable == {"file unavailable": 1}


def test_azure_needs_an_account(server: S3Server) -> None:
    """An address of Azure names a container only."""
    with pytest.raises(SourceRefused, match="no credentials") as caught:
        opening.opened(Bucket("az", "archive"))
    assert "AZURE_STORAGE_ACCOUNT_NAME" in caught.value.hint
