"""Gives an ASGI app behind CloudFront the host, scheme and address of its viewer.

    app.add_middleware(BehindCloudFront)   # FastAPI and Starlette
    app = BehindCloudFront(app)            # any other

CloudFront sends the function URL's own host, and its signature in Authorization.
The viewer's are in X-Original-Host and X-Original-Authorization, which the
CloudFront Function original_host overwrites, or removes. A request that has no
X-Original-Host is left as it is: it is the adapter's readiness check, or the app
runs without CloudFront.
"""


class BehindCloudFront:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope = viewer_scope(scope)
        await self.app(scope, receive, send)


def viewer_scope(scope):
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"x-original-host")
    if not host:
        return scope

    # CloudFront removes the viewer's, and the function URL sets it.
    # See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
    scheme = "http" if headers.get(b"x-forwarded-proto") == "http" else "https"
    name, _, port = host.rpartition(":")
    if not port.isdecimal():
        name, port = host, 443 if scheme == "https" else 80

    # CloudFront appends the viewer's address to what the viewer sent. The policy
    # doesn't add CloudFront-Viewer-Address: a viewer could.
    # See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomIPAddresses
    client = scope.get("client")
    addresses = headers.get(b"x-forwarded-for")
    if addresses:
        client = (addresses.split(",")[-1].strip(), 0)

    viewer = {b"host": host}
    authorization = headers.get(b"x-original-authorization")
    if authorization:
        viewer[b"authorization"] = authorization
    return {
        **scope,
        "scheme": scheme,
        "server": (name.strip("[]"), int(port)),
        "client": client,
        "headers": [
            *((name, value) for name, value in scope["headers"] if name not in viewer),
            *((name, value.encode("latin-1")) for name, value in viewer.items()),
        ],
    }
