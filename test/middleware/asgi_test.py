import asyncio
import os
import sys
import unittest

sys.path.insert(0, os.environ["MIDDLEWARE"])

import asgi

VIEWER = {
    "x-original-host": "example.com",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-proto": "https",
}


def scope_of(headers, type="http"):
    """Returns a scope as uvicorn gives it to an app."""
    return {
        "type": type,
        "scheme": "http",
        "server": ("0.0.0.0", 8080),
        "client": ("127.0.0.1", 40000),
        "path": "/",
        "headers": [
            (b"host", b"id.lambda-url.eu-west-1.on.aws"),
            *((name.encode(), value.encode("latin-1")) for name, value in headers.items()),
        ],
    }


def run(scope):
    """Returns the scope that the app gets."""
    got = []

    async def app(scope, receive, send):
        got.append(scope)

    asyncio.run(asgi.BehindCloudFront(app)(scope, None, None))
    return got[0]


def seen(**headers):
    return run(scope_of({name.replace("_", "-"): value for name, value in headers.items()}))


def values(scope, name):
    return [value for key, value in scope["headers"] if key == name]


class BehindCloudFront(unittest.TestCase):
    def test_replaces_the_host(self):
        for host in ("example.com", "localhost:8080", "[::1]:8080"):
            with self.subTest(host):
                self.assertEqual(values(seen(**VIEWER | {"x-original-host": host}), b"host"), [host.encode()])

    def test_takes_the_scheme_of_the_viewer(self):
        for header, scheme in (("https", "https"), ("http", "http"), ("gopher", "https")):
            with self.subTest(header):
                self.assertEqual(seen(**VIEWER | {"x-forwarded-proto": header})["scheme"], scheme)

    def test_is_https_without_a_scheme(self):
        self.assertEqual(seen(x_original_host="example.com")["scheme"], "https")

    def test_takes_the_address_that_CloudFront_appended(self):
        for addresses, want in (
            ("192.0.2.1", "192.0.2.1"),
            ("203.0.113.9, 192.0.2.1", "192.0.2.1"),
            ("203.0.113.9,2001:db8::1", "2001:db8::1"),
        ):
            with self.subTest(addresses):
                self.assertEqual(seen(**VIEWER | {"x-forwarded-for": addresses})["client"], (want, 0))

    def test_does_not_trust_other_headers(self):
        scope = seen(
            **VIEWER,
            cloudfront_viewer_address="203.0.113.9:1",
            cloudfront_forwarded_proto="http",
            x_forwarded_host="evil.example",
            forwarded="host=evil.example;proto=http",
        )
        self.assertEqual((scope["client"], scope["scheme"], values(scope, b"host")), (("192.0.2.1", 0), "https", [b"example.com"]))

    def test_restores_authorization(self):
        for other in {}, {"authorization": "AWS4"}:
            with self.subTest(other):
                scope = seen(**VIEWER, **other, x_original_authorization="Bearer one")
                self.assertEqual(values(scope, b"authorization"), [b"Bearer one"])

    def test_keeps_the_authorization_that_the_adapter_restored(self):
        self.assertEqual(values(seen(**VIEWER, authorization="Bearer one"), b"authorization"), [b"Bearer one"])

    def test_keeps_other_headers_and_their_bytes(self):
        scope = seen(**VIEWER, x_name="caf\xe9")
        self.assertEqual(values(scope, b"x-name"), [b"caf\xe9"])
        self.assertEqual(values(scope, b"x-forwarded-for"), [b"192.0.2.1"])

    def test_leaves_the_scope_of_the_server_alone(self):
        scope, same = scope_of(VIEWER), scope_of(VIEWER)
        run(scope)
        self.assertEqual(scope, same)

    def test_leaves_a_request_without_CloudFront_alone(self):
        scope = scope_of({"x-forwarded-for": "192.0.2.1"})
        self.assertIs(run(scope), scope)

    def test_leaves_what_is_not_a_request_alone(self):
        scope = {"type": "lifespan"}
        self.assertIs(run(scope), scope)


if __name__ == "__main__":
    unittest.main()
