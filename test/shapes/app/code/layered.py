import os

import words


def handler(event, context):
    return {"statusCode": 200, "body": words.word + ", " + os.environ["WRAPPED"]}
