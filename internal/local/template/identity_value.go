package template

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// alphabets are those of the table's placeholders for made-up text.
var alphabets = map[string]string{"lower": lowerAlnum, "upper": upperAlnum, "hex": lowerHex}

func (s subject) placeholder(text string) (string, error) {
	if value, deployed := s.s.Identities[s.id][text]; deployed {
		return value, nil
	}
	if attribute, ok := identities[s.resourceType()][text]; ok {
		return replace(placeholder, attribute, s.placeholder)
	}
	words := append(strings.Fields(text), "", "")
	kind, argument, more := words[0], words[1], words[2]
	switch kind {
	case "account":
		return s.s.account, nil
	case "region":
		return s.s.region, nil
	case "partition":
		return s.partition().name, nil
	case "suffix":
		return s.partition().suffix, nil
	case "arn":
		return s.arn(argument, s.s.region, s.s.account, ""), nil
	case "global":
		return s.arn(argument, "", s.s.account, ""), nil
	case "uuid":
		return s.uuid("id"), nil
	case "lower", "upper", "hex":
		length, err := strconv.Atoi(argument)
		return s.token(cmp.Or(more, "id"), alphabets[kind], length), err
	case "property":
		return s.text(argument)
	case "name":
		limit, err := strconv.Atoi(more)
		if err != nil {
			return "", err
		}
		return s.name(argument, limit)
	}
	return s.ofOneService(kind, argument)
}

// ofOneService returns the value of a placeholder that only one service has.
func (s subject) ofOneService(kind, property string) (string, error) {
	switch kind {
	case "function":
		return s.functionARN(property)
	case "version":
		return s.version()
	case "qualifier":
		qualifier, err := s.text("Qualifier")
		return strings.TrimSuffix(":"+qualifier, ":"), err
	case "stage":
		return s.stage()
	case "cloudfront":
		return s.cloudfrontDomain(), nil
	case "bucket":
		return s.bucketName()
	case "website":
		return s.websiteSeparator(), nil
	case "path":
		path, err := s.text("Path")
		return cmp.Or(path, "/"), err
	case "rooted":
		name, err := s.name("Name", maxParameterName)
		return "/" + strings.TrimPrefix(name, "/"), err
	case "nested":
		nested, err := s.nestedStack()
		if err != nil {
			return "", err
		}
		return nested.stackID(), nil
	case "written":
		return s.parameterOfRegion()
	}
	panic("the table of identities has an unknown placeholder: " + kind)
}

// cloudfrontDomain returns what the domains of distributions end in. China has its own.
//
// See: https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
func (s subject) cloudfrontDomain() string {
	if s.partition().name == "aws-cn" {
		return "cloudfront.cn"
	}
	return "cloudfront.net"
}

// stage returns the stage of a CloudFront Function, which is in development until it is
// published.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-function.html
func (s subject) stage() (string, error) {
	publish, err := s.text("AutoPublish")
	if publish == "true" {
		return "LIVE", err
	}
	return "DEVELOPMENT", err
}

const maxBucketName = 63

// bucketName returns a bucket's name; a generated one is in lower case.
func (s subject) bucketName() (string, error) {
	given, err := s.text("BucketName")
	return cmp.Or(given, strings.ToLower(generatedName(s.s, s.id, maxBucketName))), err
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

func (s subject) websiteSeparator() string {
	if slices.Contains(dashRegions, s.s.region) {
		return "-"
	}
	return "."
}

// functionARN returns the ARN of the function that a property names by name,
// partial ARN or ARN.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
func (s subject) functionARN(property string) (string, error) {
	function, err := s.text(property)
	switch {
	case err != nil:
		return "", err
	case function == "":
		return "", fail("%s has no %s", s.id, property)
	case strings.HasPrefix(function, "arn:"):
		return function, nil
	}
	account := s.s.account
	if before, after, partial := strings.Cut(function, ":function:"); partial {
		account, function = before, after
	}
	return s.arn("lambda", s.s.region, account, "function:"+function), nil
}

// version counts the versions of a function: 1 for the first of its function in
// the stack by logical id, 2 for the second.
//
// Inferred: the real number counts all that were ever published.
func (s subject) version() (string, error) {
	function, err := s.text("FunctionName")
	number := 0
	for other := range s.d.existing(s.s, s.resourceType()) {
		if named, err := other.text("FunctionName"); err == nil && named == function {
			number++
		}
		if other.id == s.id {
			break
		}
	}
	return strconv.Itoa(number), err
}
