package local

import (
	"fmt"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
)

// behaviorProperties are those of a cache behavior.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-cachebehavior.html
type behaviorProperties struct {
	AllowedMethods       []string
	CachePolicyId        string
	CachedMethods        []string
	Compress             bool
	FunctionAssociations []struct {
		EventType   string
		FunctionARN string
	}
	LambdaFunctionAssociations []struct {
		EventType         string
		IncludeBody       bool
		LambdaFunctionARN string
	}
	OriginRequestPolicyId   string
	PathPattern             string
	ResponseHeadersPolicyId string
	TargetOriginId          string
	ViewerProtocolPolicy    string

	DefaultTTL       notPlayed // like ForwardedValues, from before cache policies
	ForwardedValues  notPlayed
	MaxTTL           notPlayed
	MinTTL           notPlayed
	TrustedKeyGroups notPlayed
	TrustedSigners   notPlayed

	FieldLevelEncryptionId leftOut
	GrpcConfig             leftOut

	RealtimeLogConfigArn noEffect
	SmoothStreaming      noEffect
}

func (b *builder) buildBehavior(p behaviorProperties, distribution cloudfront.Config) (cloudfront.Behavior, error) {
	behavior := cloudfront.Behavior{
		PathPattern:          p.PathPattern,
		TargetOriginID:       p.TargetOriginId,
		ViewerProtocolPolicy: p.ViewerProtocolPolicy,
		AllowedMethods:       p.AllowedMethods,
		CachedMethods:        p.CachedMethods,
		Compress:             p.Compress,
		Edge:                 map[cloudfront.EventType]cloudfront.EdgeAssociation{},
	}
	if err := b.addPolicies(&behavior, p); err != nil {
		return behavior, err
	}
	for _, association := range p.FunctionAssociations {
		function, err := b.viewerFunction(association.FunctionARN, distribution)
		if err != nil {
			return behavior, err
		}
		switch cloudfront.EventType(association.EventType) {
		case cloudfront.ViewerRequest:
			behavior.ViewerRequest = function
		case cloudfront.ViewerResponse:
			behavior.ViewerResponse = function
		default:
			return behavior, fmt.Errorf("FunctionAssociations: got event %s: CloudFront Functions run at viewer-request and viewer-response", association.EventType)
		}
	}
	for _, association := range p.LambdaFunctionAssociations {
		function, name, err := b.edgeFunction(association.LambdaFunctionARN)
		if err != nil {
			return behavior, err
		}
		behavior.Edge[cloudfront.EventType(association.EventType)] = cloudfront.EdgeAssociation{
			Name:        name,
			Function:    function,
			IncludeBody: association.IncludeBody,
		}
	}
	return behavior, nil
}
