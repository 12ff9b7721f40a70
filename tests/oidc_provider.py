"""A small OpenID Connect provider on this machine: the city's single sign-on, correct or faulty.

It speaks HTTP on 127.0.0.1: discovery, authorisation (answers at once, as if the user had logged in
there), token with PKCE and client secret, keys, userinfo. The attributes of :class:`OidcProvider`
set the claims about the user and the faults.
"""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT_ID, CLIENT_SECRET = "portal", "only-known-to-both"
CLIENT = f"{CLIENT_ID}:{CLIENT_SECRET}"


class OidcProvider:
    def __init__(self) -> None:
        self.key = KEY
        self.person: dict[str, Any] = {
            "sub": "4711",
            "email": "eva@example.org",
            "email_verified": True,
        }
        self.claims: dict[str, Any] = {}
        """Override the ID token's claims; ``None`` removes a claim."""
        self.userinfo: dict[str, Any] | None = None
        self.discovery: dict[str, Any] = {}
        self.signing_key: Any = self.key
        self.algorithm = "RS256"
        self.sends_id_token = True
        self.error = ""
        """The error that the authorisation endpoint returns instead of a code."""
        self.broken = ""
        """The path whose response is no valid JSON."""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "OidcProvider":
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.discovery,
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The URL to which the browser is redirected."""
        if self.error:
            answer = {"error": self.error, "state": asked["state"]}
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, sent: dict[str, str], client: str) -> tuple[int, dict[str, Any]]:
        """``client`` is what stands in the header: number and secret, if they are not in ``sent``."""
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or (client or f"{sent.get('client_id')}:{sent.get('client_secret')}") != CLIENT
            or asked.get("code_challenge_method") != "S256"
            or asked.get("code_challenge") != challenge
            or asked["redirect_uri"] != sent.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        token = {"access_token": "access", "token_type": "Bearer"}
        return 200, token | ({"id_token": self._sign(asked)} if self.sends_id_token else {})

    def _sign(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            **self.person,
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": "one"}
        return jwt.encode(told, self.signing_key, algorithm=self.algorithm, headers=headers)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                self.answer(self.rfile.read(length).decode())

            def answer(self, query: str) -> None:
                path = urlsplit(self.path).path
                sent = {name: values[0] for name, values in parse_qs(query).items()}
                client = base64.b64decode(
                    self.headers.get("Authorization", "").partition("Basic ")[2]
                ).decode()
                provider.asked.append((path, sent))
                if path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(sent))
                    self.end_headers()
                    return
                status, told = {
                    "/.well-known/openid-configuration": lambda: (200, provider.configuration()),
                    "/keys": lambda: (200, provider.keys()),
                    "/token": lambda: provider.token(sent, client),
                    "/userinfo": lambda: (200, provider.userinfo or provider.person),
                }[path]()
                body = b"<html>" if path == provider.broken else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        return Handler
