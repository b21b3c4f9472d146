package build

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// pathsOf returns the construct paths of what policies are about, by ARN. What can't be
// resolved keeps its ARN, and who needs it reports why.
func pathsOf(deployment *template.Deployment) iam.Paths {
	deployment.Skipped = func(error) {}
	paths := iam.Paths{}
	for kind, form := range map[string]string{
		"AWS::Lambda::Function": "", "AWS::IAM::Role": "", "AWS::S3::Bucket": "", // have an attribute Arn
		"AWS::ApiGateway::RestApi":      "arn:PARTITION:execute-api:REGION:ACCOUNT:REF",
		"AWS::CloudFront::Distribution": "arn:PARTITION:cloudfront::ACCOUNT:distribution/REF",
	} {
		resources, _ := deployment.ResourcesOfType(kind)
		for _, r := range resources {
			ref, err := r.Ref()
			arn := strings.NewReplacer("PARTITION", r.Partition, "REGION", r.Region, "ACCOUNT", r.Account, "REF", ref).Replace(form)
			if form == "" {
				arn, err = r.Attribute("Arn")
			}
			if err == nil {
				paths[arn] = r.Path
			}
		}
	}
	return paths
}
