"""Removes pages from the cache of a distribution when a deployment has changed what renders them."""
import boto3
import cfnresponse


def handler(event, context):
    identity = event["LogicalResourceId"]
    try:
        # Only a function that was there before has rendered pages. The id of the request makes a retry do nothing.
        if event["RequestType"] == "Update":
            given = event["ResourceProperties"]
            batch = {"CallerReference": event["RequestId"], "Paths": {"Quantity": len(given["Paths"]), "Items": given["Paths"]}}
            boto3.client("cloudfront").create_invalidation(DistributionId=given["DistributionId"], InvalidationBatch=batch)
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, identity)
    except Exception as error:
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=str(error))
