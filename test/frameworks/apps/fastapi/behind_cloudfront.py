"""Gives an ASGI app behind CloudFront the host, scheme, address and Authorization of
its viewer.

    app.add_middleware(BehindCloudFront)   # FastAPI and Starlette
    app = BehindCloudFront(app)            # any other

Servers such as uvicorn have settings for scheme and address, but not for the host,
and Mangum has none. A request without X-Original-Host is left as it is: it is the
adapter's readiness check, or the app runs without CloudFront.
"""


class BehindCloudFront:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        headers = dict(scope.get("headers", ()))
        if headers.get(b"x-original-host"):
            scope = viewer_scope(scope, headers)
        await self.app(scope, receive, send)


def viewer_scope(scope, headers):
    # The CloudFront Function original_host overwrites these, or removes them.
    viewer = {b"host": headers[b"x-original-host"]}
    if b"x-original-authorization" in headers:
        viewer[b"authorization"] = headers[b"x-original-authorization"]
    # CloudFront removes the viewer's X-Forwarded-Proto, and the function URL sets it.
    # CloudFront appends the viewer's address to the X-Forwarded-For that the viewer sent.
    # See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
    address = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")[-1].strip()
    return {
        **scope,
        "scheme": "http" if headers.get(b"x-forwarded-proto") == b"http" else "https",
        "client": (address, 0),
        "headers": [*((name, value) for name, value in scope["headers"] if name not in viewer), *viewer.items()],
    }
