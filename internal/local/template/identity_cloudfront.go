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

// cloudfrontID plays the id of a distribution, access control or identity.
var cloudfrontID = randomID("E", upperAlnum, cloudfrontIDLength)

// policy plays a cache, origin request or response headers policy, or a key
// group.
var policy = Identity{Ref: uuid, Attributes: map[string]Value{"Id": uuid}}

var cloudfrontIdentities = map[string]Identity{
	"AWS::CloudFront::Distribution": {
		Ref: cloudfrontID,
		Attributes: map[string]Value{
			"Id":         cloudfrontID,
			"DomainName": distributionDomain,
		},
	},
	"AWS::CloudFront::Function": {
		Ref: cloudfrontFunctionARN,
		Attributes: map[string]Value{
			"FunctionARN":                  cloudfrontFunctionARN,
			"FunctionMetadata.FunctionARN": cloudfrontFunctionARN,
			"Stage":                        stage,
		},
	},
	"AWS::CloudFront::OriginAccessControl": {
		Ref:        cloudfrontID,
		Attributes: map[string]Value{"Id": cloudfrontID},
	},
	"AWS::CloudFront::CloudFrontOriginAccessIdentity": {
		Ref: cloudfrontID,
		Attributes: map[string]Value{
			"Id":                cloudfrontID,
			"S3CanonicalUserId": randomID("", lowerHex, 64),
		},
	},
	"AWS::CloudFront::CachePolicy":           policy,
	"AWS::CloudFront::OriginRequestPolicy":   policy,
	"AWS::CloudFront::ResponseHeadersPolicy": policy,
	"AWS::CloudFront::KeyGroup":              policy,
	"AWS::CloudFront::PublicKey": {
		Ref:        randomID("K", upperAlnum, cloudfrontIDLength),
		Attributes: map[string]Value{"Id": randomID("K", upperAlnum, cloudfrontIDLength)},
	},
	"AWS::CloudFront::KeyValueStore": {
		Ref: name("Name", maxCloudFrontName),
		Attributes: map[string]Value{
			"Arn":    globalARN("cloudfront", "key-value-store/", uuid),
			"Id":     uuid,
			"Status": constant("READY"),
		},
	},
	"AWS::CloudFront::RealtimeLogConfig": {
		Ref:        globalARN("cloudfront", "realtime-log-config/", name("Name", maxCloudFrontName)),
		Attributes: map[string]Value{"Arn": globalARN("cloudfront", "realtime-log-config/", name("Name", maxCloudFrontName))},
	},
}

var cloudfrontFunctionARN = globalARN("cloudfront", "function/", name("Name", maxCloudFrontName))

// distributionDomain plays d111111abcdef8.cloudfront.net; China has a domain of
// its own.
//
// See: https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
func distributionDomain(s Subject) (any, error) {
	domain := ".cloudfront.net"
	if s.Partition() == "aws-cn" {
		domain = ".cloudfront.cn"
	}
	return "d" + s.Token("domain", lowerAlnum, cloudfrontIDLength) + domain, nil
}

// stage gives the stage of a function, which is in development until it is
// published.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html
func stage(s Subject) (any, error) {
	publish, err := s.Text("AutoPublish")
	if err != nil {
		return nil, err
	}
	if publish == "true" {
		return "LIVE", nil
	}
	return "DEVELOPMENT", nil
}
