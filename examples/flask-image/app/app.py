import hashlib

from flask import Flask, request, url_for

from behind_cloudfront import BehindCloudFront

app = Flask(__name__)
app.wsgi_app = BehindCloudFront(app.wsgi_app)


@app.get("/")
def index():
    return f"Hello from Flask. The API is {url_for('hello', _external=True)}\n"


@app.get("/api/hello")
def hello():
    return {"message": f"Hello, {request.args.get('name', 'world')}!"}


@app.route("/api/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def echo():
    body = request.get_data()
    return {
        "method": request.method,
        "host": request.host,
        "scheme": request.scheme,
        "address": request.remote_addr,
        "authorization": request.headers.get("Authorization"),
        "length": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
