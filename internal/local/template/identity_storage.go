package template

import (
	"slices"
	"strings"
)

// Limits of names, in characters.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
// See: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
const (
	maxBucketName = 63
	maxTableName  = 255
)

var storageIdentities = map[string]identity{
	"AWS::S3::Bucket": {
		ref: bucketName,
		attributes: map[string]valueFunc{
			"Arn":                 bucketARN,
			"DomainName":          bucketDomain(func(s subject) string { return ".s3." + s.partition().suffix }),
			"RegionalDomainName":  bucketDomain(func(s subject) string { return ".s3." + s.s.region + "." + s.partition().suffix }),
			"DualStackDomainName": bucketDomain(func(s subject) string { return ".s3.dualstack." + s.s.region + "." + s.partition().suffix }),
			"WebsiteURL":          websiteURL,
		},
	},
	"AWS::S3::BucketPolicy":      {ref: text("Bucket")},
	"AWS::DynamoDB::Table":       tableIdentity,
	"AWS::DynamoDB::GlobalTable": tableIdentity,
}

var tableIdentity = identity{
	ref:        name("TableName", maxTableName),
	attributes: map[string]valueFunc{"Arn": arn("dynamodb", "table/", name("TableName", maxTableName))},
}

// bucketName gives a bucket's name; a generated one is in lower case.
func bucketName(s subject) (any, error) {
	given, err := s.text("BucketName")
	if err != nil || given != "" {
		return given, err
	}
	return strings.ToLower(generatedName(s.s, s.id, maxBucketName)), nil
}

func bucketARN(s subject) (any, error) {
	bucket, err := bucketName(s)
	if err != nil {
		return nil, err
	}
	return s.arn("s3", "", "", bucket.(string)), nil
}

func bucketDomain(suffix func(subject) string) valueFunc {
	return func(s subject) (any, error) {
		bucket, err := bucketName(s)
		if err != nil {
			return nil, err
		}
		return bucket.(string) + suffix(s), nil
	}
}

// dashRegions are the regions whose website endpoints have a dash before the
// region; all others have a dot.
//
// Seen: the region facts of aws-cdk-lib 2.270.0.
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
var dashRegions = []string{
	"ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1",
	"us-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
}

func websiteURL(s subject) (any, error) {
	bucket, err := bucketName(s)
	if err != nil {
		return nil, err
	}
	separator := "."
	if slices.Contains(dashRegions, s.s.region) {
		separator = "-"
	}
	return "http://" + bucket.(string) + ".s3-website" + separator + s.s.region + "." + s.partition().suffix, nil
}
