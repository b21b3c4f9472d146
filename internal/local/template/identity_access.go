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

var accessIdentities = map[string]identity{
	"AWS::IAM::Role": {
		ref: name("RoleName", maxRoleName),
		attributes: map[string]valueFunc{
			"Arn":    withPath("role", "RoleName", maxRoleName),
			"RoleId": randomID("AROA", upperAlnum, roleIDLength),
		},
	},
	"AWS::IAM::ManagedPolicy": refAs("PolicyArn", withPath("policy", "ManagedPolicyName", maxPolicyName)),
	"AWS::IAM::Policy":        refAs("Id", randomID("ANPA", upperAlnum, policyIDLength)),
	"AWS::IAM::RolePolicy":    {ref: name("PolicyName", maxPolicyName)},
	typeSSMParameter: {
		ref: name("Name", maxParameterName),
		attributes: map[string]valueFunc{
			"Value": text("Value"),
			"Type":  text("Type"),
			"Arn":   ssmParameterARN,
		},
	},
	"AWS::SecretsManager::Secret": refAs("Id", secretARN),
	"AWS::KMS::Key": {
		ref: uuid,
		attributes: map[string]valueFunc{
			"Arn":   arn("kms", "key/", uuid),
			"KeyId": uuid,
		},
	},
	"AWS::KMS::Alias":                      {ref: text("AliasName")},
	"AWS::CertificateManager::Certificate": refAs("CertificateArn", arn("acm", "certificate/", uuid)),
}

// withPath gives the ARN of a role or policy, whose Path is "/" by default.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func withPath(kind, property string, limit int) valueFunc {
	return func(s subject) (any, error) {
		given, err := s.name(property, limit)
		if err != nil {
			return nil, err
		}
		path, err := s.text("Path")
		if err != nil {
			return nil, err
		}
		if path == "" {
			path = "/"
		}
		return s.arn("iam", "", s.s.account, kind+path+given), nil
	}
}

// ssmParameterARN puts one slash before a parameter's name, which may begin with
// one itself.
func ssmParameterARN(s subject) (any, error) {
	given, err := s.name("Name", maxParameterName)
	if err != nil {
		return nil, err
	}
	return s.arn("ssm", s.s.region, s.s.account, "parameter/"+strings.TrimPrefix(given, "/")), nil
}

// secretARN ends in a hyphen and six random characters.
//
// See: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
func secretARN(s subject) (any, error) {
	given, err := s.name("Name", maxSecretName)
	if err != nil {
		return nil, err
	}
	return s.arn("secretsmanager", s.s.region, s.s.account, "secret:"+given+"-"+s.token("suffix", lowerAlnum, secretSuffix)), nil
}
