package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// viewerFunctions are the functions at viewer-request of an endpoint's
// behaviors: one for all, and another only for behaviors that hash bodies
// elsewhere than the endpoint.
type viewerFunctions struct {
	scope constructs.Construct
	props OriginalHostProps
	other awscloudfront.Function
}

// hashing returns where a behavior hashes bodies; own is what it was given.
func (f *viewerFunctions) hashing(own BodyHashing) BodyHashing {
	return cmp.Or(own, f.props.BodyHashing, BodyHashing_EDGE)
}

// function returns the function for a behavior, which is shared by default.
func (f *viewerFunctions) function(shared awscloudfront.Function, hashing BodyHashing, methods awscloudfront.AllowedMethods) awscloudfront.Function {
	if (hashing == BodyHashing_VIEWER) == (f.hashing("") == BodyHashing_VIEWER) || !acceptsBodies(methods) {
		return shared
	}
	if f.other == nil {
		id := "EdgeHashingOriginalHost"
		if hashing == BodyHashing_VIEWER {
			id = "ViewerHashingOriginalHost"
		}
		props := f.props
		props.BodyHashing = hashing
		f.other = NewOriginalHost(f.scope, jsii.String(id), &props).Function
	}
	return f.other
}

// filesProps returns what the function of static files does besides finding
// them. They have no request bodies, and their bucket gets no cookies.
func (f *viewerFunctions) filesProps() *OriginalHostProps {
	props := f.props
	props.BodyHashing, props.MaxHeaderSize = "", nil
	return &props
}

// originalHost returns the props of the endpoint's function at viewer-request.
func (p *EndpointProps) originalHost() (props OriginalHostProps) {
	construct.CopyFields(&props, p)
	return props
}
