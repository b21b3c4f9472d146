import hashlib
import json
import time

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)


@app.get("/")
def lines():
    count = request.args.get("lines", 5, type=int)

    def generate():
        for i in range(count):
            if i > 0:
                time.sleep(0.2)
            yield json.dumps({"line": i, "of": count}) + "\n"

    return Response(generate(), mimetype="application/x-ndjson")


@app.post("/echo")
def echo():
    body = request.get_data()
    return {
        "host": request.host,
        "scheme": request.scheme,
        "address": request.remote_addr,
        "authorization": request.headers.get("Authorization"),
        "length": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
