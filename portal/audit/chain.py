"""The arithmetic of the chain: canonical text, hashes, payloads.

Pure; the SQL of migration 0002 says the same.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(
    chain: str,
    seq: int,
    at: datetime,
    actor_id: int | None,
    capacity: str,
    action: str,
    subject: str,
    before: str,
    after: str,
    payload_hash: str,
) -> str:
    """The text an event's hash covers, fields joined by line feeds (no field may hold one)."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    actor = "" if actor_id is None else str(actor_id)
    return "\n".join(
        [chain, str(seq), moment, actor, capacity, action, subject, before, after, payload_hash]
    )


def link(prev_hash: str, text: str) -> str:
    return sha256(f"{prev_hash}\n{text}")


def write(content: Mapping[str, object]) -> str:
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )


def read(content: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(content)
    return data


def payload_hash(salt: str, content: str) -> str:
    return sha256(f"{salt}\n{content}")
