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

var lambdaIdentities = map[string]Identity{
	"AWS::Lambda::Function": {
		Ref: name("FunctionName", maxFunctionName),
		Attributes: map[string]Value{
			"Arn": arn("lambda", "function:", name("FunctionName", maxFunctionName)),
		},
	},
	"AWS::Lambda::Version": {
		Ref: versionARN,
		Attributes: map[string]Value{
			"FunctionArn": versionARN,
			"Version":     version,
		},
	},
	"AWS::Lambda::Alias": {
		Ref:        aliasARN,
		Attributes: map[string]Value{"AliasArn": aliasARN},
	},
	"AWS::Lambda::Url": {
		Ref: urlFunctionARN,
		Attributes: map[string]Value{
			"FunctionArn": urlFunctionARN,
			"FunctionUrl": functionURL,
		},
	},
	"AWS::Lambda::LayerVersion": {
		Ref:        layerVersionARN,
		Attributes: map[string]Value{"LayerVersionArn": layerVersionARN},
	},
	"AWS::Lambda::Permission": {
		Ref:        name("Id", maxStackName),
		Attributes: map[string]Value{"Id": name("Id", maxStackName)},
	},
}

// functionARN returns the ARN of the function that a property names by name,
// partial ARN or ARN.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
func functionARN(s Subject, property string) (string, error) {
	function, err := s.Text(property)
	switch {
	case err != nil:
		return "", err
	case function == "":
		return "", fail("%s has no %s", s.LogicalID(), property)
	case strings.HasPrefix(function, "arn:"):
		return function, nil
	}
	account := s.Account()
	if before, after, partial := strings.Cut(function, ":function:"); partial {
		account, function = before, after
	}
	return s.ARN("lambda", s.Region(), account, "function:"+function), nil
}

// version plays the number of a version: 1 for the first of its function in
// the stack by logical id, 2 for the second.
//
// Inferred: the real number counts all that were ever published.
func version(s Subject) (any, error) {
	versions, err := s.siblings("FunctionName")
	if err != nil {
		return nil, err
	}
	return strconv.Itoa(slices.Index(versions, s.LogicalID()) + 1), nil
}

func versionARN(s Subject) (any, error) {
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

func aliasARN(s Subject) (any, error) {
	function, err := functionARN(s, "FunctionName")
	if err != nil {
		return nil, err
	}
	alias, err := s.Text("Name")
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
func urlFunctionARN(s Subject) (any, error) {
	function, err := functionARN(s, "TargetFunctionArn")
	if err != nil {
		return nil, err
	}
	qualifier, err := s.Text("Qualifier")
	if err != nil || qualifier == "" {
		return function, err
	}
	return function + ":" + qualifier, nil
}

// functionURL plays the address of a URL.
//
// Inferred: that the domain is the same in every partition.
func functionURL(s Subject) (any, error) {
	return "https://" + s.Token("url", lowerAlnum, urlIDLength) + ".lambda-url." + s.Region() + ".on.aws/", nil
}

func layerVersionARN(s Subject) (any, error) {
	layer, err := s.Name("LayerName", maxLayerName)
	if err != nil {
		return nil, err
	}
	return s.ARN("lambda", s.Region(), s.Account(), "layer:"+layer+":1"), nil
}
