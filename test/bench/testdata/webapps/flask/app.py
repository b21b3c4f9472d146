import time

from flask import Flask, Response

app = Flask(__name__)


@app.get("/")
def index():
    return "hello\n"


@app.get("/events")
def events():
    def generate():
        for i in range(20):
            yield f"data: {i}\n\n"
            time.sleep(0.01)

    return Response(generate(), mimetype="text/event-stream")
