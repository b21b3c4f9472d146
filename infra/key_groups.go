package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudfront"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// maxKeyGroups is CloudFront's default quota of key groups for one behavior.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-key-groups
const maxKeyGroups = 4

// checkKeyGroups panics with an *Error about the construct id in scope if a
// behavior can't have the key groups. The groups may be nil.
func checkKeyGroups(scope constructs.Construct, id *string, groups *[]awscloudfront.IKeyGroup) {
	switch {
	case groups == nil:
	case len(*groups) == 0:
		// CloudFront would serve requests without a signature.
		construct.Fail(scope, id, "got TrustedKeyGroups without a key group: give one, or leave the property out")
	case len(*groups) > maxKeyGroups:
		construct.Fail(scope, id, "got %d TrustedKeyGroups: CloudFront allows %d by default, put the keys into fewer groups", len(*groups), maxKeyGroups)
	}
}

// keyGroups returns key groups, which may be nil, as CDK's behaviors take them.
func keyGroups(groups *[]awscloudfront.IKeyGroup) *[]interfacesawscloudfront.IKeyGroupRef {
	if groups == nil {
		return nil
	}
	var references []interfacesawscloudfront.IKeyGroupRef
	for _, group := range *groups {
		references = append(references, group)
	}
	return &references
}
