def handler(event, context):
    return {'statusCode': 200, 'body': f'{context.function_name} greets {event["rawPath"]}'}
