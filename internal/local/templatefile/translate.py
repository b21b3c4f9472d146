"""Translates SAM templates, a list of them in JSON on standard input, to CloudFormation."""
import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)


class NoPolicies:
    """Stands for the managed policies that only an account can list."""

    def load(self):
        return {}


def translate(item):
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.translator.arn_generator import ArnGenerator
    from samtranslator.translator.transform import transform

    os.environ["AWS_DEFAULT_REGION"] = ArnGenerator.BOTO_SESSION_REGION_NAME = item["region"]
    try:
        return {"template": transform(item["template"], item["parameters"], NoPolicies())}
    except InvalidDocumentException as error:
        return {"problems": [cause.message for cause in error.causes]}


json.dump([translate(item) for item in json.load(sys.stdin)], sys.stdout)
