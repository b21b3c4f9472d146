# Prints requests signed by botocore, for ../clients.json.
# Run: pip install botocore==1.44.8 && python sign.py
import datetime
import json

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

clock = datetime.datetime(2026, 11, 21, 10)
botocore.auth.get_current_datetime = lambda *_, **__: clock

HOST = "https://id.lambda-url.eu-west-1.on.aws"
KEY = Credentials("AKIALOCALEXAMPLE", "secret/+key")
ROLE = Credentials("ASIALOCALEXAMPLE", "other", "token==")
signed = []
for url, body, key in [
    (HOST + "/a%20b/c?filter%5Ba%5D=1&filterB=2&a=2&a=10&a-b=1&a.b=2&aB=3&%C3%A4=1&z=", "", KEY),
    (HOST + "/?filterB=2&filter%5Ba%5D=1&q=a%20b&q=%2B", "body", ROLE),
]:
    request = AWSRequest(method="POST" if body else "GET", url=url, data=body)
    botocore.auth.SigV4Auth(key, "lambda", "eu-west-1").add_auth(request)
    signed.append({"client": "botocore", "method": request.method, "url": url, "body": body, "header": dict(request.headers.items())})
print(json.dumps(signed, indent=1))
