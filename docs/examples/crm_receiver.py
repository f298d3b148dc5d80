"""A complete receiver for Silentgate's deliveries. Needs Python 3.9 or newer and nothing else.

    CRM_SECRET=whsec_... PORT=3000 python3 crm_receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ["CRM_SECRET"]
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
LIMIT = 4 * 1024 * 1024

database = sqlite3.connect(os.environ.get("DATABASE", "received.db"))
database.execute("CREATE TABLE IF NOT EXISTS taken (id TEXT PRIMARY KEY)")


def handle(event):
    """Your effect. Runs in the transaction that remembers the id: both happen, or neither."""
    item, customer = event["data"]["item"] or {}, event["data"]["customer"] or {}
    print(event["type"], event["subject"], item.get("location") or customer.get("id") or "", flush=True)


def verified(headers, body):
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = message_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), part.encode()) for part in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            status = self.take()
        except Exception as error:  # the gateway tries again later
            database.rollback()
            print("failed:", error, flush=True)
            status = 500
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def take(self):
        if self.path != "/hooks/rfid":
            return 404
        length = int(self.headers.get("content-length", "0"))
        if length > LIMIT:
            return 413
        body = self.rfile.read(length)
        if not verified(self.headers, body):
            return 401  # before the body is parsed
        for event in json.loads(body):
            new = database.execute("INSERT OR IGNORE INTO taken VALUES (?)", (event["id"],)).rowcount
            if new:  # else it was delivered before: no second effect
                handle(event)
        database.commit()
        return 204  # only now: what was answered with 2xx is never sent again

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
    print(f"listening on http://127.0.0.1:{server.server_port}/hooks/rfid", flush=True)
    server.serve_forever()
