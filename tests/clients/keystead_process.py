"""Runs the keystead binary for a client test and knows where it listens."""

import os
import re
import signal
import subprocess
import threading
import time

import httpx

ADMIN_PASSWORD = "a quite long administrator password"


class Keystead:
    """One server process on a free loopback port. Start it again to test what outlives a restart."""

    def __init__(self, database_url, data_dir, **settings):
        self.binary = os.environ["KEYSTEAD_TEST_BINARY"]
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "DATABASE_URL": database_url,
            "KEYSTEAD_DATA_DIR": data_dir,
            "KEYSTEAD_ENVIRONMENT": "test",
            "KEYSTEAD_LISTEN": "127.0.0.1:0",
            "KEYSTEAD_PUBLIC_URL": "http://keystead.test",
            "KEYSTEAD_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "KEYSTEAD_LOG_FORMAT": "json",
            # The tests sign in many times on a small machine; the floor of the setting is enough for them.
            "KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB": "8192",
            "KEYSTEAD_PASSWORDS_ARGON2_PASSES": "1",
            **settings,
        }
        if migration_url := os.environ.get("KEYSTEAD_TEST_MIGRATION_URL"):
            self.environment["DATABASE_MIGRATION_URL"] = migration_url
        self.process = None
        self.lines = []

    def start(self):
        """Starts the server and waits until it is ready."""
        self.lines = []
        self.process = subprocess.Popen(
            [self.binary, "serve"], env=self.environment, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        address = threading.Event()

        def read(stream):
            for line in stream:
                self.lines.append(line)
                if match := re.search(r"http://(127\.0\.0\.1:\d+)", line):
                    if not address.is_set():
                        self.base = f"http://{match.group(1)}"
                        address.set()

        threading.Thread(target=read, args=(self.process.stderr,), daemon=True).start()
        deadline = time.monotonic() + 60
        while not address.wait(0.05):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start:\n" + "".join(self.lines))
        while time.monotonic() < deadline:
            try:
                if httpx.get(self.base + "/health/ready", timeout=2).status_code == 200:
                    return self
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise RuntimeError("the server is not ready:\n" + "".join(self.lines))

    def stop(self):
        """Asks the server to finish and waits for it."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        if code != 0:
            raise RuntimeError(f"the server ended with {code}:\n" + "".join(self.lines))

    def kill(self):
        """Ends the server without a chance to tidy up."""
        self.process.kill()
        self.process.wait()

    def client(self, token=None):
        """An HTTP client of this server."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.base, headers=headers, timeout=30)


def secrets_in_logs(lines, secrets):
    """Which of the secrets were logged."""
    text = "".join(lines)
    return [secret for secret in secrets if secret in text]
