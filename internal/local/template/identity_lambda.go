package template

import (
	"slices"
	"strconv"
	"strings"
)

// Limits of Lambda's names, in characters, and the form of a function URL:
// https://<url-id>.lambda-url.<region>.on.aws/, where the id is unique for good.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
const (
	maxFunctionName = 64
	maxLayerName    = 140
	urlIDLength     = 32
)

var lambdaIdentities = map[string]identity{
	"AWS::Lambda::Function": {
		ref: name("FunctionName", maxFunctionName),
		attributes: map[string]valueFunc{
			"Arn": arn("lambda", "function:", name("FunctionName", maxFunctionName)),
		},
	},
	"AWS::Lambda::Version": {
		ref: versionARN,
		attributes: map[string]valueFunc{
			"FunctionArn": versionARN,
			"Version":     version,
		},
	},
	"AWS::Lambda::Alias": refAs("AliasArn", aliasARN),
	"AWS::Lambda::Url": {
		ref: urlFunctionARN,
		attributes: map[string]valueFunc{
			"FunctionArn": urlFunctionARN,
			"FunctionUrl": functionURL,
		},
	},
	"AWS::Lambda::LayerVersion": refAs("LayerVersionArn", layerVersionARN),
	"AWS::Lambda::Permission":   refAs("Id", name("Id", maxStackName)),
}

// functionARN returns the ARN of the function that a property names by name,
// partial ARN or ARN.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
func functionARN(s subject, property string) (string, error) {
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
func version(s subject) (any, error) {
	versions, err := s.siblings("FunctionName")
	if err != nil {
		return nil, err
	}
	return strconv.Itoa(slices.Index(versions, s.id) + 1), nil
}

func versionARN(s subject) (any, error) {
	function, err := functionARN(s, "FunctionName")
	if err != nil {
		return nil, err
	}
	number, err := version(s)
	if err != nil {
		return nil, err
	}
	return function + ":" + number.(string), nil
}

func aliasARN(s subject) (any, error) {
	function, err := functionARN(s, "FunctionName")
	if err != nil {
		return nil, err
	}
	alias, err := s.text("Name")
	if err != nil {
		return nil, err
	}
	return function + ":" + alias, nil
}

// urlFunctionARN gives the ARN of a URL's function, with the alias that the URL
// belongs to, if it has one.
//
// Inferred: that the alias is part of it, as one function may have a URL for
// itself and for each alias, and this ARN is the URL's identifier.
func urlFunctionARN(s subject) (any, error) {
	function, err := functionARN(s, "TargetFunctionArn")
	if err != nil {
		return nil, err
	}
	qualifier, err := s.text("Qualifier")
	if err != nil || qualifier == "" {
		return function, err
	}
	return function + ":" + qualifier, nil
}

// functionURL makes up the address of a URL.
//
// Inferred: that the domain is the same in every partition.
func functionURL(s subject) (any, error) {
	return "https://" + s.token("url", lowerAlnum, urlIDLength) + ".lambda-url." + s.s.region + ".on.aws/", nil
}

func layerVersionARN(s subject) (any, error) {
	layer, err := s.name("LayerName", maxLayerName)
	if err != nil {
		return nil, err
	}
	return s.arn("lambda", s.s.region, s.s.account, "layer:"+layer+":1"), nil
}
