import os
import sys
import unittest

sys.path.insert(0, os.environ["MIDDLEWARE"])

import wsgi

# What a request is without CloudFront, as gunicorn gives it to an app.
SERVER = {
    "REMOTE_ADDR": "127.0.0.1",
    "SERVER_NAME": "0.0.0.0",
    "SERVER_PORT": "8080",
    "HTTP_HOST": "id.lambda-url.eu-west-1.on.aws",
    "wsgi.url_scheme": "http",
}

VIEWER = {
    "HTTP_X_ORIGINAL_HOST": "example.com",
    "HTTP_X_FORWARDED_FOR": "192.0.2.1",
    "HTTP_X_FORWARDED_PROTO": "https",
}


def seen(**headers):
    """Returns the environ that the app gets."""
    got = []
    wsgi.BehindCloudFront(lambda environ, start_response: got.append(environ))(SERVER | headers, None)
    return got[0]


class BehindCloudFront(unittest.TestCase):
    def expect(self, environ, **want):
        self.assertEqual({name: environ.get(name) for name in want}, want)

    def test_replaces_host_and_server(self):
        self.expect(seen(**VIEWER), HTTP_HOST="example.com", SERVER_NAME="example.com", SERVER_PORT="443")

    def test_splits_the_port_from_the_host(self):
        for host, name, port in (
            ("localhost:8080", "localhost", "8080"),
            ("[::1]:8080", "[::1]", "8080"),
            ("[::1]", "[::1]", "443"),
            ("example.com:", "example.com:", "443"),
        ):
            with self.subTest(host):
                self.expect(seen(**VIEWER | {"HTTP_X_ORIGINAL_HOST": host}), HTTP_HOST=host, SERVER_NAME=name, SERVER_PORT=port)

    def test_takes_the_scheme_of_the_viewer(self):
        for header, scheme, port in (("https", "https", "443"), ("http", "http", "80"), ("gopher", "https", "443")):
            with self.subTest(header):
                environ = seen(**VIEWER | {"HTTP_X_FORWARDED_PROTO": header})
                self.assertEqual((environ["wsgi.url_scheme"], environ["SERVER_PORT"]), (scheme, port))

    def test_is_https_without_a_scheme(self):
        self.assertEqual(seen(HTTP_X_ORIGINAL_HOST="example.com")["wsgi.url_scheme"], "https")

    def test_takes_the_address_that_CloudFront_appended(self):
        for addresses, want in (
            ("192.0.2.1", "192.0.2.1"),
            ("203.0.113.9, 192.0.2.1", "192.0.2.1"),
            ("203.0.113.9,2001:db8::1", "2001:db8::1"),
        ):
            with self.subTest(addresses):
                self.expect(seen(**VIEWER | {"HTTP_X_FORWARDED_FOR": addresses}), REMOTE_ADDR=want)

    def test_does_not_trust_other_headers(self):
        forged = {
            "HTTP_CLOUDFRONT_VIEWER_ADDRESS": "203.0.113.9:1",
            "HTTP_CLOUDFRONT_FORWARDED_PROTO": "http",
            "HTTP_X_FORWARDED_HOST": "evil.example",
            "HTTP_FORWARDED": "host=evil.example;proto=http",
        }
        self.expect(seen(**VIEWER, **forged), REMOTE_ADDR="192.0.2.1", HTTP_HOST="example.com", **{"wsgi.url_scheme": "https"})

    def test_keeps_the_address_of_the_connection_without_another(self):
        self.expect(seen(HTTP_X_ORIGINAL_HOST="example.com"), REMOTE_ADDR="127.0.0.1")

    def test_restores_authorization(self):
        self.expect(seen(**VIEWER, HTTP_X_ORIGINAL_AUTHORIZATION="Bearer one"), HTTP_AUTHORIZATION="Bearer one")
        self.expect(seen(**VIEWER, HTTP_AUTHORIZATION="AWS4", HTTP_X_ORIGINAL_AUTHORIZATION="Bearer one"), HTTP_AUTHORIZATION="Bearer one")

    def test_keeps_the_authorization_that_the_adapter_restored(self):
        self.expect(seen(**VIEWER, HTTP_AUTHORIZATION="Bearer one"), HTTP_AUTHORIZATION="Bearer one")

    def test_leaves_a_request_without_CloudFront_alone(self):
        headers = {"HTTP_X_FORWARDED_FOR": "192.0.2.1", "HTTP_X_FORWARDED_PROTO": "https"}
        self.assertEqual(seen(**headers), SERVER | headers)

    def test_returns_what_the_app_returns(self):
        app = wsgi.BehindCloudFront(lambda environ, start_response: [start_response(environ["HTTP_HOST"])])
        self.assertEqual(app(SERVER | VIEWER, str.upper), ["EXAMPLE.COM"])


if __name__ == "__main__":
    unittest.main()
