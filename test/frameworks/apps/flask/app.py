import hashlib
import time

from flask import Flask, Response, redirect, render_template_string, request, session, url_for
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
app.config.update(SECRET_KEY="secret", SESSION_COOKIE_SECURE=True)
CSRFProtect(app)  # checks the Referer of HTTPS requests, too

FORM = '<form method="post"><input name="csrf_token" value="{{ csrf_token() }}"><input name="name"></form>'


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        return render_template_string(FORM)
    session["name"] = request.form["name"]
    return redirect(url_for("me", _external=True))


@app.get("/me")
def me():
    return {
        "host": request.host,
        "scheme": request.scheme,
        "address": request.remote_addr,
        "authorization": request.headers.get("Authorization"),
        "url": url_for("me", _external=True),
        "name": session.get("name"),
    }


@app.get("/stream")
def stream():
    def lines():
        for i in range(5):
            yield f"{i}\n"
            time.sleep(0.1)

    return Response(lines(), mimetype="text/plain")


@app.post("/upload")
def upload():
    return hashlib.sha256(request.files["file"].read()).hexdigest()
