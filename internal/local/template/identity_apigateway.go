package template

// Lengths of API Gateway's identifiers, in characters.
//
// Seen: the API a1b2c3d4e5 and the resource abc123 in the documentation of the types.
const (
	restAPIIDLength      = 10
	restResourceIDLength = 6
	maxAPIName           = 128
)

var (
	restAPIID      = randomID("", lowerAlnum, restAPIIDLength)
	restResourceID = randomID("", lowerAlnum, restResourceIDLength)
)

var apiGatewayIdentities = map[string]identity{
	"AWS::ApiGateway::ApiKey":           refAs("APIKeyId", restAPIID),
	"AWS::ApiGateway::Authorizer":       refAs("AuthorizerId", restResourceID),
	"AWS::ApiGateway::Deployment":       refAs("DeploymentId", restResourceID),
	"AWS::ApiGateway::Model":            {ref: name("Name", maxAPIName)},
	"AWS::ApiGateway::RequestValidator": refAs("RequestValidatorId", restResourceID),
	"AWS::ApiGateway::Resource":         refAs("ResourceId", restResourceID),
	"AWS::ApiGateway::RestApi": {
		ref: restAPIID,
		attributes: map[string]valueFunc{
			"RestApiId": restAPIID,
			"RootResourceId": func(s subject) (any, error) {
				return s.token("root", lowerAlnum, restResourceIDLength), nil
			},
		},
	},
	"AWS::ApiGateway::Stage":     {ref: text("StageName")},
	"AWS::ApiGateway::UsagePlan": refAs("Id", restResourceID),
	"AWS::ApiGateway::VpcLink":   refAs("VpcLinkId", restResourceID),
}
