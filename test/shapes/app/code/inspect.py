# Returns its request in JSON. Runs buffered behind a function URL.
import base64
import json
import os


def handler(event, context):
    print('inspecting', event['rawPath'])
    body = event.get('body', '')
    if event['isBase64Encoded']:
        body = base64.b64decode(body).hex()
    return {
        'statusCode': 201,
        'headers': {'content-type': 'application/json', 'x-greeting': os.environ['GREETING']},
        'cookies': ['a=1', 'b=2'],
        'body': json.dumps({
            'method': event['requestContext']['http']['method'],
            'path': event['rawPath'],
            'query': event['rawQueryString'],
            'body': body,
            'headers': event['headers'],
        }),
    }
