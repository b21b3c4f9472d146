import hashlib

from flask import Flask, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)


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
