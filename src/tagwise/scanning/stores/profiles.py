"""Credentials of Amazon profiles: the files that other programs of Amazon read too, which the client does not."""

from __future__ import annotations

import configparser
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from tagwise.errors import BadSetting, UsageError

_BY_BOTO3 = ("role_arn", "sso_session", "sso_start_url", "credential_process", "login_session")
"""What a profile may say in place of a key. It takes boto3 to make credentials of it."""


def is_set(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "").strip().casefold() in {"1", "true", "yes", "on"}


def s3_settings() -> dict[str, Any]:
    """What the profile adds to the environment: `config` and `credential_provider` of the client.

    Keys in the environment come first, then the profile AWS_PROFILE, or the one called default. Without either the
    client asks the machine: a web identity, a container, an instance.

    Raises:
        BadSetting: AWS_PROFILE names a profile that is not there, or a file of profiles cannot be read.
        UsageError: It takes boto3 to log in with this profile, and that is not installed.
    """
    profile = _profile()
    config: dict[str, Any] = {}
    if "region" in profile and not any(os.environ.get(name) for name in ("AWS_REGION", "AWS_DEFAULT_REGION")):
        config["region"] = profile["region"]
    if "endpoint_url" in profile and not endpoint():
        config["endpoint"] = profile["endpoint_url"]
    settings: dict[str, Any] = {"config": config}
    if os.environ.get("AWS_ACCESS_KEY_ID") or is_set("AWS_SKIP_SIGNATURE"):
        return settings
    if "aws_access_key_id" in profile and "role_arn" not in profile:
        config["access_key_id"] = profile["aws_access_key_id"]
        config["secret_access_key"] = profile.get("aws_secret_access_key", "")
        if "aws_session_token" in profile:
            config["session_token"] = profile["aws_session_token"]
    elif any(name in profile for name in _BY_BOTO3):
        settings["credential_provider"] = _boto3_provider()
    return settings


def endpoint() -> str:
    """The address of the store as the environment names it."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def _profile() -> dict[str, str]:
    name = os.environ.get("AWS_PROFILE") or "default"
    keys = _sections("AWS_SHARED_CREDENTIALS_FILE", "credentials")
    others = _sections("AWS_CONFIG_FILE", "config")
    found = [
        sections[section]
        for sections, section in ((others, name), (others, f"profile {name}"), (keys, name))
        if section in sections
    ]
    if not found and os.environ.get("AWS_PROFILE"):
        hint = "`aws configure list-profiles` lists them; without AWS_PROFILE the profile is the one called default."
        raise BadSetting(f"AWS_PROFILE names {name!r}, but there is no such profile", hint=hint)
    return {key: value for section in found for key, value in section.items()}


def _sections(variable: str, name: str) -> dict[str, dict[str, str]]:
    path = Path(os.environ.get(variable) or f"~/.aws/{name}").expanduser()
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(path, "utf-8")
    except (OSError, UnicodeError, configparser.Error) as error:
        raise BadSetting(f"{str(path)!r} is no file of profiles that can be read: {type(error).__name__}") from error
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _boto3_provider() -> Any:
    try:
        return import_module("obstore.auth.boto3").Boto3CredentialProvider()
    except ImportError as error:
        hint = "pip install boto3, or give keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        raise UsageError(
            "the profile logs in with a role or single sign-on, for which boto3 is needed", hint=hint
        ) from error
    except Exception as error:
        raise BadSetting(f"the profile gives no credentials: {error}") from error
