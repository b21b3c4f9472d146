"""Fills moto's AWS with what docs/operate.md is about."""

import io
import json
import time
import zipfile

import boto3

HOME, EDGE = "eu-west-1", "us-east-1"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def client(service, region=HOME):
    return boto3.client(service, region_name=region)


def code(text):
    """Returns a zip with one file of text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.js", text)
    return buffer.getvalue()


def function(name, role, region):
    """Defines a function with two versions."""
    lambda_ = client("lambda", region)
    lambda_.create_function(
        FunctionName=name, Runtime="nodejs24.x", Handler="index.handler", Role=role,
        Code={"ZipFile": code("1")}, Publish=True,
    )
    lambda_.update_function_code(FunctionName=name, ZipFile=code("2"), Publish=True)
    return lambda_


def handler(role):
    lambda_ = function("Chat-Handler", role, HOME)
    lambda_.create_alias(FunctionName="Chat-Handler", Name="live", FunctionVersion="2")
    lambda_.create_function_url_config(FunctionName="Chat-Handler", AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM")
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        lambda_.add_permission(
            FunctionName="Chat-Handler", StatementId=action.split(":")[1], Action=action, Principal="cloudfront.amazonaws.com",
        )


def stack(name, region, output):
    """Defines a stack with one output."""
    client("cloudformation", region).create_stack(StackName=name, TemplateBody=json.dumps({
        "Resources": {"LogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name + "-LogGroup"}}},
        "Outputs": {"Output": {"Value": output}},
    }))


def log(group, region, message):
    """Defines a log group with one event."""
    logs = client("logs", region)
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="stream")
    logs.put_log_events(
        logGroupName=group, logStreamName="stream", logEvents=[{"timestamp": int(time.time() * 1000), "message": message}],
    )


def distribution(hasher):
    """Defines a distribution that runs a version of the hasher."""
    policy = {"Enabled": False, "Quantity": 0}
    return client("cloudfront", EDGE).create_distribution(DistributionConfig={
        "CallerReference": "chat", "Comment": "Chat", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{
            "Id": "url", "DomainName": "id.lambda-url.eu-west-1.on.aws",
            "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "url", "ViewerProtocolPolicy": "redirect-to-https", "TrustedSigners": policy,
            "LambdaFunctionAssociations": {"Quantity": 1, "Items": [
                {"LambdaFunctionARN": hasher, "EventType": "origin-request", "IncludeBody": True},
            ]},
        },
    })["Distribution"]["Id"]


def rest_api():
    api = client("apigateway").create_rest_api(name="Chat")["id"]
    root = client("apigateway").get_resources(restApiId=api)["items"][0]["id"]
    client("apigateway").put_method(restApiId=api, resourceId=root, httpMethod="ANY", authorizationType="NONE")
    client("apigateway").put_integration(restApiId=api, resourceId=root, httpMethod="ANY", type="MOCK")
    client("apigateway").create_deployment(restApiId=api, stageName="prod")
    return api


def web_acl():
    visible = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "Chat"}
    acl = client("wafv2", EDGE).create_web_acl(Name="Chat", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=visible)
    return acl["Summary"]["ARN"]


def alarm(name, region):
    client("cloudwatch", region).put_metric_alarm(
        AlarmName=name, Namespace="AWS/CloudFront", MetricName="5xxErrorRate", Statistic="Average", Period=300,
        EvaluationPeriods=1, Threshold=5, ComparisonOperator="GreaterThanThreshold",
    )
    client("cloudwatch", region).set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")


def fill():
    """Defines everything, and returns the names by the placeholders of the page."""
    role = client("iam").create_role(RoleName="chat", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    handler(role)
    hasher = "CloudfurlEdge-BodyHasher"
    version = function(hasher, role, EDGE).list_versions_by_function(FunctionName=hasher)["Versions"][-1]["FunctionArn"]
    stack("Chat", HOME, "https://d111111abcdef8.cloudfront.net")
    stack("CloudfurlEdge", EDGE, version)
    log("Chat-LogGroup", HOME, "panic: runtime error")
    log(f"/aws/lambda/us-east-1.{hasher}", "eu-central-1", "TypeError in body_hasher")
    log("/aws/cloudfront/function/Chat-12345678-eu-west-1", EDGE, "a redirect")
    access_logs = "/aws/vendedlogs/cloudfront/Chat-87654321-us-east-1"
    log(access_logs, EDGE, '{"sc-status":"502","x-edge-detailed-result-type":"Error"}')
    alarm("Chat-ErrorRate", EDGE)
    query = client("logs", EDGE).start_query(logGroupName=access_logs, startTime=0, endTime=int(time.time()), queryString="fields @message")
    return {
        "STACK": "Chat", "FUNCTION": "Chat-Handler", "LOG_GROUP": "Chat-LogGroup", "HASHER": hasher,
        "DISTRIBUTION": distribution(version), "VIEWER_FUNCTION": "Chat-12345678-eu-west-1", "ACCESS_LOG_GROUP": access_logs,
        "ALARM_NAME": "Chat-ErrorRate", "API": rest_api(), "WEB_ACL": web_acl(), "QUERY_ID": query["queryId"], "DEPLOYMENT": "d-EXAMPLE",
    }
