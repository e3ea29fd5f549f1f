#!/usr/bin/env python3
"""A JobQueue worker in Python. It needs nothing but the standard library.

    JOBQUEUE_URL=http://localhost:5080 JOBQUEUE_TOKEN=jq_... python3 worker.py

JOBQUEUE_TYPES names the job types to take, separated by commas (default: greet).
SIGTERM and Ctrl-C let the running job end first.
"""
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

URL = os.environ.get("JOBQUEUE_URL", "http://localhost:5080").rstrip("/")
TOKEN = os.environ["JOBQUEUE_TOKEN"]
TYPES = os.environ.get("JOBQUEUE_TYPES", "greet").split(",")
NAME = f"{socket.gethostname()}:{os.getpid()}"
LEASE_SECONDS = 30


class Stop(Exception):
    """The job is not ours any more, or somebody wants it cancelled."""


class LeaseLost(Stop):
    pass


class Refused(Exception):
    """The server says that it will not take this, now or later: a result it cannot keep, say."""


class TokenRefused(Exception):
    """The one thing that ends a worker."""


def handle(job, report):
    """Your work. What it returns is the result; what it raises is a failed attempt, tried again later."""
    report(50, "half of it")
    return {"greeting": f"Hello, {job['payload'].get('name', 'world')}!"}


def call(path, body):
    """Posts JSON until the server answers: it may be restarting, or the network may be down for a while."""
    data = json.dumps(body).encode()
    pause = 0.25
    while True:
        request = urllib.request.Request(
            URL + path,
            data,
            {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 409:
                raise LeaseLost() from None
            if error.code in (401, 403):
                raise TokenRefused(error.read().decode()) from None
            if error.code not in (408, 429) and error.code < 500:
                raise Refused(sentence(error)) from None
            pause = max(pause, float(error.headers.get("Retry-After") or 0))
        except OSError as error:
            print(f"{URL} cannot be reached ({error}), trying again", file=sys.stderr)
        time.sleep(pause)
        pause = min(pause * 2, 10)


def sentence(error):
    """What the server says in its problem document (RFC 9457)."""
    text = error.read().decode(errors="replace")
    try:
        problem = json.loads(text)
        return " ".join([problem["detail"], *(f"{field}: {'; '.join(said)}" for field, said in problem.get("errors", {}).items())])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"The server answered {error.code}."


class Attempt:
    """One job from its lease to its end. A heartbeat goes out three times a lease, whatever the handler does."""

    def __init__(self, lease):
        self.job = lease["job"]
        self.token = lease["lease_token"]
        self.over = threading.Event()
        self.stop = None

    def run(self):
        """Answers how it ended, for settle; None when it is nobody's business here any more."""
        threading.Thread(target=self.keep, daemon=True).start()
        try:
            end = {"lease_token": self.token, "ack": {"result": handle(self.job, self.report)}}
            json.dumps(end)
            return end
        except TokenRefused:
            raise
        except LeaseLost:
            print(f"lost the lease of {self.job['id']}", file=sys.stderr)
            return None
        except Stop:
            return {"lease_token": self.token, "release": {}}
        except (Exception, SystemExit) as error:
            return failure(self.token, error, type(error).__name__)
        finally:
            self.over.set()

    def report(self, percent, message=None, log=None):
        """For the handler: shows how far it is, and ends it by an exception when it should stop."""
        body = {"progress": {"percent": percent, "message": message}}
        self.beat(body if log is None else {**body, "log": log})
        if self.stop:
            raise self.stop

    def keep(self):
        while not self.over.wait(LEASE_SECONDS / 3):
            try:
                self.beat({})
            except LeaseLost as lost:
                self.stop = lost
                return
            except TokenRefused:
                return  # The next call of the job itself is told so, too.

    def beat(self, body):
        try:
            if call(f"/leases/{self.token}/heartbeat", body)["cancel_requested"]:
                self.stop = Stop()
        except Refused as refused:
            print(f"a report of {self.job['id']} was refused: {refused}", file=sys.stderr)


def failure(token, error, kind, retryable=True):
    return {"lease_token": token, "fail": {"error": {"message": str(error)[:8000], "type": kind}, "retryable": retryable}}


def settle(end, wish):
    """Ends an attempt, if there is one, and answers the leases that are wished for, if any: one call, one commit."""
    try:
        answer = call("/leases/settle", {"items": [end] if end else [], **({"lease": wish} if wish else {})})
        for item in answer["items"]:
            if item.get("code") == "invalid-result":
                settle(failure(item["lease_token"], item["detail"], "invalid_result", retryable=False), None)
        return answer.get("leases", [])
    except Refused as refused:
        if end and "ack" in end:
            # Running again will not change what it returns.
            return settle(failure(end["lease_token"], refused, "invalid_result", retryable=False), wish)
        print(f"a job runs again once its lease is over: {refused}" if end else f"no jobs: {refused}", file=sys.stderr)
        time.sleep(0 if end else 10)
        return []


def main():
    end = None
    stopping = busy = False

    def on_signal(*_):
        nonlocal stopping
        stopping = True
        if not busy:
            sys.exit(0)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    while end or not stopping:
        # An end is answered at once; only who has none waits for a job.
        wish = {"worker": NAME, "types": TYPES, "lease_seconds": LEASE_SECONDS, "wait_seconds": 0 if end else 30}
        leases = settle(end, None if stopping else wish)
        end = None
        for lease in leases:
            busy = True
            end = Attempt(lease).run()
        busy = end is not None


if __name__ == "__main__":
    try:
        main()
    except TokenRefused as refused:
        sys.exit(f"The server refuses the token: {refused}")
