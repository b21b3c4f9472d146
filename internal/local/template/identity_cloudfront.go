package template

// Lengths of CloudFront's identifiers behind their first letter, in characters.
//
// Seen: E1U5RQF7T870K0 and d111111abcdef8.cloudfront.net in the documentation of
// AWS::CloudFront::Distribution.
// Inferred: the same form for access controls, identities and public keys.
const cloudfrontIDLength = 13

// maxCloudFrontName is the longest name of a function or key value store, in
// characters.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateKeyValueStore.html
const maxCloudFrontName = 64

// cloudfrontID makes up the id of a distribution, access control or identity.
var cloudfrontID = randomID("E", upperAlnum, cloudfrontIDLength)

// policy is a cache, origin request or response headers policy, or a key
// group.
var policy = refAs("Id", uuid)

var cloudfrontIdentities = map[string]identity{
	"AWS::CloudFront::Distribution": {
		ref: cloudfrontID,
		attributes: map[string]valueFunc{
			"Id":         cloudfrontID,
			"DomainName": distributionDomain,
		},
	},
	"AWS::CloudFront::Function": {
		ref: cloudfrontFunctionARN,
		attributes: map[string]valueFunc{
			"FunctionARN":                  cloudfrontFunctionARN,
			"FunctionMetadata.FunctionARN": cloudfrontFunctionARN,
			"Stage":                        stage,
		},
	},
	"AWS::CloudFront::OriginAccessControl": refAs("Id", cloudfrontID),
	"AWS::CloudFront::CloudFrontOriginAccessIdentity": {
		ref: cloudfrontID,
		attributes: map[string]valueFunc{
			"Id":                cloudfrontID,
			"S3CanonicalUserId": randomID("", lowerHex, 64),
		},
	},
	"AWS::CloudFront::CachePolicy":           policy,
	"AWS::CloudFront::OriginRequestPolicy":   policy,
	"AWS::CloudFront::ResponseHeadersPolicy": policy,
	"AWS::CloudFront::KeyGroup":              policy,
	"AWS::CloudFront::PublicKey":             refAs("Id", randomID("K", upperAlnum, cloudfrontIDLength)),
	"AWS::CloudFront::KeyValueStore": {
		ref: name("Name", maxCloudFrontName),
		attributes: map[string]valueFunc{
			"Arn":    globalARN("cloudfront", "key-value-store/", uuid),
			"Id":     uuid,
			"Status": constant("READY"),
		},
	},
	"AWS::CloudFront::RealtimeLogConfig": refAs("Arn", globalARN("cloudfront", "realtime-log-config/", name("Name", maxCloudFrontName))),
}

var cloudfrontFunctionARN = globalARN("cloudfront", "function/", name("Name", maxCloudFrontName))

// distributionDomain makes up a domain such as d111111abcdef8.cloudfront.net.
// China has its own.
//
// See: https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
func distributionDomain(s subject) (any, error) {
	domain := ".cloudfront.net"
	if s.partition().name == "aws-cn" {
		domain = ".cloudfront.cn"
	}
	return "d" + s.token("domain", lowerAlnum, cloudfrontIDLength) + domain, nil
}

// stage gives the stage of a function, which is in development until it is
// published.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html
func stage(s subject) (any, error) {
	publish, err := s.text("AutoPublish")
	if err != nil {
		return nil, err
	}
	if publish == "true" {
		return "LIVE", nil
	}
	return "DEVELOPMENT", nil
}
