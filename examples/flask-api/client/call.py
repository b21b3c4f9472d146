"""Calls the API with a signed request: python call.py METHOD PATH [JSON]

API_URL is the address of the stage. Keys and region are those of the AWS CLI, such as
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION.
"""
import os
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.session import Session


def call(method, path, data=None):
    session = Session()
    credentials, region = session.get_credentials(), session.get_config_variable("region")
    if not credentials or not region:
        sys.exit("there are no AWS credentials or no region: export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION")
    url = os.environ["API_URL"].rstrip("/") + path
    request = AWSRequest(method, url, {"Content-Type": "application/json"}, data)
    SigV4Auth(credentials, "execute-api", region).add_auth(request)
    return URLLib3Session().send(request.prepare())


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or "API_URL" not in os.environ:
        sys.exit(__doc__)
    response = call(*sys.argv[1:])
    print(response.status_code, response.text.strip())
    sys.exit(response.status_code >= 400)
