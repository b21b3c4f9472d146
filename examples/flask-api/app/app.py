import json

from flask import Flask, abort, request
from werkzeug.exceptions import HTTPException

app = Flask(__name__)


@app.get("/caller")
def caller():
    # The adapter forwards what API Gateway knows of the request.
    context = json.loads(request.headers["x-amzn-request-context"])
    return {"caller": context["identity"]["userArn"], "stage": context["stage"]}


@app.get("/temperatures/<int(signed=True):celsius>")
def temperature(celsius):
    return {"celsius": celsius, "fahrenheit": fahrenheit(celsius)}


@app.post("/temperatures")
def temperatures():
    values = request.get_json()
    if not isinstance(values, list) or not all(type(value) in (int, float) for value in values):
        abort(400, "Send a list of numbers.")
    return {"fahrenheit": [fahrenheit(value) for value in values]}


@app.errorhandler(HTTPException)
def problem(error):
    return {"error": error.description}, error.code


def fahrenheit(celsius):
    return round(celsius * 9 / 5 + 32, 1)
