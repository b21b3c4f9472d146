package build

import (
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// pathsOf returns the construct paths of what policies are about, by ARN. What can't be
// resolved keeps its ARN, and who needs it reports why.
func pathsOf(deployment *template.Deployment) iam.Paths {
	deployment.Skipped = func(error) {}
	paths := iam.Paths{}
	for kind, arn := range map[string]func(r *template.Resource, ref string) (string, error){
		"AWS::Lambda::Function": func(r *template.Resource, _ string) (string, error) { return r.Attribute("Arn") },
		"AWS::IAM::Role":        func(r *template.Resource, _ string) (string, error) { return r.Attribute("Arn") },
		"AWS::S3::Bucket":       func(r *template.Resource, _ string) (string, error) { return r.Attribute("Arn") },
		"AWS::ApiGateway::RestApi": func(r *template.Resource, id string) (string, error) {
			return "arn:" + r.Partition + ":execute-api:" + r.Region + ":" + r.Account + ":" + id, nil
		},
		"AWS::CloudFront::Distribution": func(r *template.Resource, id string) (string, error) { return distributionARN(r, id), nil },
	} {
		resources, err := deployment.ResourcesOfType(kind)
		for i := 0; err == nil && i < len(resources); i++ {
			if ref, failed := resources[i].Ref(); failed == nil {
				if name, failed := arn(resources[i], ref); failed == nil {
					paths[name] = resources[i].Path
				}
			}
		}
	}
	return paths
}

// distributionARN returns the ARN of the distribution that has an id.
func distributionARN(r *template.Resource, id string) string {
	return "arn:" + r.Partition + ":cloudfront::" + r.Account + ":distribution/" + id
}
