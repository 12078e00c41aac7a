"""Does the server keep what its OpenAPI document says? Schemathesis asks, as an administrator, as a person, as nobody.

Run by the project's tests. By hand:
KEYSTEAD_TEST_BINARY=target/debug/keystead python run.py /tmp/x [seconds] [seed]
"""

import collections
import json
import os
import pathlib
import subprocess
import sys

import httpx

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from keystead_process import Keystead  # noqa: E402
from world import ADMIN_PASSWORD, KEEPER_PASSWORD  # noqa: E402

# The share of all operations that must have succeeded at least once.
COVERAGE = 0.95
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,positive_data_acceptance,missing_required_header,"
    "unsupported_method,allow_header_conformance,ignored_auth"
)


def prepare(server):
    """The first administrator's password must be changed before anything else."""
    with server.client() as http:
        login = {"login": "admin", "password": ADMIN_PASSWORD}
        token = http.post("/api/v1/sessions", json=login).raise_for_status().json()["access_token"]
        change = {"current_password": ADMIN_PASSWORD, "new_password": KEEPER_PASSWORD}
        headers = {"Authorization": f"Bearer {token}"}
        http.post("/api/v1/me/password", json=change, headers=headers).raise_for_status()


def ask(server, folder, persona, seconds, seed):
    """One run of schemathesis. Returns whether it found nothing, and its report."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
        "SCHEMATHESIS_HOOKS": "hooks",
        "CONTRACT_BASE": server.base,
        "CONTRACT_DATABASE": str(folder / "contract.db"),
        "CONTRACT_PERSONA": persona,
        "CONTRACT_SEED": str(seed),
        "CONTRACT_LEDGER": str(folder / "ledger.jsonl"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
    }
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "--no-color",
        "run", server.base + "/openapi.json", "--checks", CHECKS, "--seed", str(seed), "--max-time", str(seconds),
        "--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--warnings", "off",
    ]  # fmt: skip
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def coverage(server, ledger):
    """Which operations the document has, and which of them succeeded at least once."""
    paths = httpx.get(server.base + "/openapi.json").json()["paths"]
    operations = {operation["operationId"] for item in paths.values() for operation in item.values()}
    statuses = collections.defaultdict(collections.Counter)
    for line in ledger.read_text().splitlines():
        operation, _, status = json.loads(line)
        statuses[operation][status] += 1
    succeeded = {name for name in operations if any(status < 300 for status in statuses[name])}
    return operations, succeeded, statuses


def main():
    folder = pathlib.Path(sys.argv[1])
    seconds, seed = int(sys.argv[2]) if len(sys.argv) > 2 else 60, int(sys.argv[3]) if len(sys.argv) > 3 else 1
    server = Keystead(
        f"sqlite:{folder / 'contract.db'}", str(folder),
        # Wrong passwords are part of the game, and nobody waits for a disk here.
        KEYSTEAD_LOCKOUT_NETWORK_ATTEMPTS="1000", KEYSTEAD_LOCKOUT_ACCOUNT_ATTEMPTS="100000", KEYSTEAD_SQLITE_SYNCHRONOUS="normal",
    ).start()  # fmt: skip
    failed = []
    try:
        prepare(server)
        for persona, share in (("admin", 0.5), ("user", 0.35), ("nobody", 0.15)):
            good, report = ask(server, folder, persona, max(5, int(seconds * share)), seed)
            if not good:
                failed.append(f"===== as {persona}\n{report}")
        operations, succeeded, statuses = coverage(server, folder / "ledger.jsonl")
        calls = sum(sum(counter.values()) for counter in statuses.values())
        print(f"{calls} calls; {len(succeeded)} of {len(operations)} operations succeeded at least once")
        missed = sorted(operations - succeeded)
        for name in missed:
            print(f"never succeeded: {name}: {dict(statuses[name])}")
        if len(succeeded) < COVERAGE * len(operations):
            failed.append(f"only {len(succeeded)} of {len(operations)} operations were reached; missed: {missed}")
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()
    if failed:
        print("\n".join(failed))
        sys.exit(1)


if __name__ == "__main__":
    main()
