package template

import "strings"

// Limits of names, in characters, and lengths of random identifiers.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// See: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
const (
	maxRoleName      = 64
	maxPolicyName    = 128
	maxParameterName = 1011
	maxSecretName    = 64
	roleIDLength     = 17
	policyIDLength   = 17
	secretSuffix     = 6
)

const typeSSMParameter = "AWS::SSM::Parameter"

var accessIdentities = map[string]Identity{
	"AWS::IAM::Role": {
		Ref: name("RoleName", maxRoleName),
		Attributes: map[string]Value{
			"Arn":    withPath("role", "RoleName", maxRoleName),
			"RoleId": randomID("AROA", upperAlnum, roleIDLength),
		},
	},
	"AWS::IAM::ManagedPolicy": {
		Ref:        withPath("policy", "ManagedPolicyName", maxPolicyName),
		Attributes: map[string]Value{"PolicyArn": withPath("policy", "ManagedPolicyName", maxPolicyName)},
	},
	"AWS::IAM::Policy": {
		Ref:        randomID("ANPA", upperAlnum, policyIDLength),
		Attributes: map[string]Value{"Id": randomID("ANPA", upperAlnum, policyIDLength)},
	},
	typeSSMParameter: {
		Ref: name("Name", maxParameterName),
		Attributes: map[string]Value{
			"Value": text("Value"),
			"Type":  text("Type"),
			"Arn":   ssmParameterARN,
		},
	},
	"AWS::SecretsManager::Secret": {
		Ref:        secretARN,
		Attributes: map[string]Value{"Id": secretARN},
	},
	"AWS::KMS::Key": {
		Ref: uuid,
		Attributes: map[string]Value{
			"Arn":   arn("kms", "key/", uuid),
			"KeyId": uuid,
		},
	},
	"AWS::KMS::Alias": {Ref: text("AliasName")},
	"AWS::CertificateManager::Certificate": {
		Ref:        arn("acm", "certificate/", uuid),
		Attributes: map[string]Value{"CertificateArn": arn("acm", "certificate/", uuid)},
	},
}

// withPath gives the ARN of a role or policy, whose Path is "/" by default.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func withPath(kind, property string, limit int) Value {
	return func(s Subject) (any, error) {
		given, err := s.Name(property, limit)
		if err != nil {
			return nil, err
		}
		path, err := s.Text("Path")
		if err != nil {
			return nil, err
		}
		if path == "" {
			path = "/"
		}
		return s.ARN("iam", "", s.Account(), kind+path+given), nil
	}
}

// ssmParameterARN puts one slash before a parameter's name, which may begin with
// one itself.
func ssmParameterARN(s Subject) (any, error) {
	given, err := s.Name("Name", maxParameterName)
	if err != nil {
		return nil, err
	}
	return s.ARN("ssm", s.Region(), s.Account(), "parameter/"+strings.TrimPrefix(given, "/")), nil
}

// secretARN ends in a hyphen and six random characters.
//
// See: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
func secretARN(s Subject) (any, error) {
	given, err := s.Name("Name", maxSecretName)
	if err != nil {
		return nil, err
	}
	return s.ARN("secretsmanager", s.Region(), s.Account(), "secret:"+given+"-"+s.Token("suffix", lowerAlnum, secretSuffix)), nil
}
