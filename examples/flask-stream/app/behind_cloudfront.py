"""Gives a WSGI app behind CloudFront the host, scheme and address of its viewer.

    app.wsgi_app = BehindCloudFront(app.wsgi_app)

CloudFront sends the function URL's own host, and its signature in Authorization.
The viewer's are in X-Original-Host and X-Original-Authorization, which the
CloudFront Function original_host overwrites, or removes. A request that has no
X-Original-Host is left as it is: it is the adapter's readiness check, or the app
runs without CloudFront.
"""


class BehindCloudFront:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        host = environ.get("HTTP_X_ORIGINAL_HOST")
        if host:
            # CloudFront removes the viewer's, and the function URL sets it.
            # See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
            scheme = "http" if environ.get("HTTP_X_FORWARDED_PROTO") == "http" else "https"
            name, _, port = host.rpartition(":")
            if not port.isdecimal():
                name, port = host, "443" if scheme == "https" else "80"
            environ.update({
                "HTTP_HOST": host,
                "SERVER_NAME": name,
                "SERVER_PORT": port,
                "wsgi.url_scheme": scheme,
            })
            # CloudFront appends the viewer's address to what the viewer sent. The
            # policy doesn't add CloudFront-Viewer-Address: a viewer could.
            # See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomIPAddresses
            addresses = environ.get("HTTP_X_FORWARDED_FOR")
            if addresses:
                environ["REMOTE_ADDR"] = addresses.split(",")[-1].strip()
            authorization = environ.get("HTTP_X_ORIGINAL_AUTHORIZATION")
            if authorization:
                environ["HTTP_AUTHORIZATION"] = authorization
        return self.app(environ, start_response)
