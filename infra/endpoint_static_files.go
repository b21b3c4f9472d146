package infra

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// isSite reports whether static files are the default behavior, so that the
// handler serves PathPatterns only.
func (p *EndpointProps) isSite() bool {
	return p.StaticFiles != nil && p.StaticFiles.PathPatterns == nil
}

func (p *EndpointProps) validateStaticFiles(scope constructs.Construct, id *string) {
	if p.PathPatterns == nil {
		return
	}
	if !p.isSite() {
		construct.Fail(scope, id, "Endpoint got PathPatterns, but its handler serves all paths: set StaticFiles without PathPatterns as the site, or remove PathPatterns")
	}
	if len(*p.PathPatterns) == 0 {
		construct.Fail(scope, id, `Endpoint got an empty list of PathPatterns: set some, such as "/api/*", or leave it out`)
	}
	for _, pattern := range *p.PathPatterns {
		checkPathPattern(scope, id, pattern)
	}
}

// defaultBehavior returns the options of the default behavior: the site, or the
// handler.
func (e *Endpoint) defaultBehavior(props *EndpointProps, streaming *StreamingBehaviorProps) *awscloudfront.BehaviorOptions {
	if props.StaticFiles != nil {
		files := *props.StaticFiles
		files.ResponseHeadersPolicy = cmp.Or(files.ResponseHeadersPolicy, e.ResponseHeadersPolicy)
		e.StaticFiles = newStaticFiles(e, jsii.String("StaticFiles"), &files, e.viewer.filesProps())
	}
	if props.isSite() {
		return e.StaticFiles.Behavior()
	}
	return StreamingBehavior(e, streaming)
}

// addPathPatterns defines the behaviors of the handler in front of a site, or
// those of static files in front of the handler.
func (e *Endpoint) addPathPatterns(props *EndpointProps, streaming *StreamingBehaviorProps) {
	switch {
	case props.isSite():
		patterns := cmp.Or(props.PathPatterns, jsii.Strings("/api/*"))
		for _, pattern := range *patterns {
			e.claim(nil, pattern)
			AddStreamingBehavior(e.Distribution, pattern, streaming)
		}
	case props.StaticFiles != nil:
		for _, pattern := range *props.StaticFiles.PathPatterns {
			e.claim(nil, pattern)
		}
		e.StaticFiles.AddBehaviors(e.Distribution)
	}
}
