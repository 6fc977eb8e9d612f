"""Moves an upload as tutorials do: copy, then delete. No conditions, no retries of its own, one line of log.

It loses an upload that is overwritten between the copy and the delete: it stands here to be measured, not to be used.
"""

import urllib.parse

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        destination = key.replace("uploads/", "processed/", 1)
        s3.copy_object(Bucket=bucket, CopySource={"Bucket": bucket, "Key": key}, Key=destination)
        s3.delete_object(Bucket=bucket, Key=key)
        print(f"Moved {key} to {destination}")
