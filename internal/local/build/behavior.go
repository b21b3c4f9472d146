package build

import (
	"errors"
	"fmt"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// behaviorProperties are those of a cache behavior.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-cachebehavior.html
type behaviorProperties struct {
	AllowedMethods       []string
	CachePolicyId        string
	CachedMethods        []string
	DefaultTTL           *float64 // with ForwardedValues, as are MinTTL and MaxTTL
	ForwardedValues      *cloudfront.ForwardedValues
	FunctionAssociations []struct {
		EventType   string
		FunctionARN string
	}
	LambdaFunctionAssociations []struct {
		EventType         string
		IncludeBody       bool
		LambdaFunctionARN string
	}
	MaxTTL, MinTTL          *float64
	OriginRequestPolicyId   string
	PathPattern             string
	ResponseHeadersPolicyId string
	TargetOriginId          string
	TrustedKeyGroups        []string
	ViewerProtocolPolicy    string

	TrustedSigners template.Unsupported

	FieldLevelEncryptionId, GrpcConfig template.LeftOut

	Compress                              template.NoEffect // AWS calls compression best effort
	RealtimeLogConfigArn, SmoothStreaming template.NoEffect

	Unknown template.Unknown
}

// behaviorOrStub makes a behavior. If it has unsupported properties, or key groups
// of another app, a stub responds in its place. Errors are located by place.
func (b *builder) behaviorOrStub(p behaviorProperties, distribution cloudfront.Config, place func(error) error) (cloudfront.Behavior, error) {
	unsupported := p.Unknown.Err
	if unsupported == nil {
		behavior, err := b.buildBehavior(p, distribution, place)
		if err == nil {
			behavior.TrustedKeys, err = b.trustedKeys(p.TrustedKeyGroups)
		}
		if !errors.Is(err, template.ErrUnsupported) {
			return behavior, place(err)
		}
		unsupported = err
	}
	policy, _ := cloudfront.ManagedCachePolicies[cachingDisabled]
	return cloudfront.Behavior{
		PathPattern:          p.PathPattern,
		TargetOriginID:       p.TargetOriginId,
		ViewerProtocolPolicy: p.ViewerProtocolPolicy,
		AllowedMethods:       p.AllowedMethods,
		CachePolicy:          policy,
		ViewerRequest:        b.stub(place(unsupported), "").viewerFunction(),
	}, nil
}

// cachingDisabled is the id of a managed policy.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

func (b *builder) buildBehavior(p behaviorProperties, distribution cloudfront.Config, place func(error) error) (cloudfront.Behavior, error) {
	behavior := cloudfront.Behavior{
		PathPattern:          p.PathPattern,
		TargetOriginID:       p.TargetOriginId,
		ViewerProtocolPolicy: p.ViewerProtocolPolicy,
		AllowedMethods:       p.AllowedMethods,
		CachedMethods:        p.CachedMethods,
		Edge:                 map[cloudfront.EventType]cloudfront.EdgeAssociation{},
		Paths:                map[cloudfront.EventType]string{},
	}
	if p.ForwardedValues != nil && p.CachePolicyId != "" {
		// Seen: hashicorp/terraform-provider-aws#17626. AWS's own sample of origin access
		// control has both, so perhaps CloudFormation lets it pass.
		b.foundAt("legacy-cache", "a behavior may not be deployable",
			place(fault.In("ForwardedValues", fault.New("remove it", "can't be used with a cache policy, which counts here"))))
		p.ForwardedValues = nil
	}
	if err := b.addPolicies(&behavior, p); err != nil {
		return behavior, err
	}
	for i, association := range p.FunctionAssociations {
		property := fmt.Sprintf("FunctionAssociations[%d]", i)
		function, path, err := b.viewerFunction(association.FunctionARN, distribution)
		behavior.Paths[cloudfront.EventType(association.EventType)] = path
		err = fault.In(property+".FunctionARN", err)
		if errors.Is(err, template.ErrUnsupported) {
			function, err = b.stub(place(err), "").viewerFunction(), nil
		}
		if err != nil {
			return behavior, err
		}
		switch cloudfront.EventType(association.EventType) {
		case cloudfront.ViewerRequest:
			behavior.ViewerRequest = function
		case cloudfront.ViewerResponse:
			behavior.ViewerResponse = function
		default:
			return behavior, fault.In(property+".EventType", fault.New("use viewer-request or viewer-response", "unknown event type %q of a CloudFront Function", association.EventType))
		}
	}
	for i, association := range p.LambdaFunctionAssociations {
		property := fmt.Sprintf("LambdaFunctionAssociations[%d].LambdaFunctionARN", i)
		edge, path, err := b.edgeFunction(association.LambdaFunctionARN)
		if err == nil && !numberedVersion.MatchString(association.LambdaFunctionARN) {
			b.foundAt("edge-version", "can't be deployed", place(fault.In(property, fault.New("use the Ref of an AWS::Lambda::Version",
				"is the function itself, $LATEST or an alias, and Lambda@Edge takes numbered versions only"))))
		}
		err = fault.In(property, err)
		if errors.Is(err, template.ErrUnsupported) {
			edge.Function, err = b.stub(place(err), "").edgeFunction, nil
		}
		if err != nil {
			return behavior, err
		}
		behavior.Paths[cloudfront.EventType(association.EventType)] = path
		edge.IncludeBody = association.IncludeBody
		behavior.Edge[cloudfront.EventType(association.EventType)] = edge
	}
	return behavior, nil
}

// keyGroupProperties are those of AWS::CloudFront::KeyGroup.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-keygroup-keygroupconfig.html
type keyGroupProperties struct {
	KeyGroupConfig struct {
		Items []string // ids of public keys

		Comment, Name template.NoEffect
	}
}

// publicKeyProperties are those of AWS::CloudFront::PublicKey.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-publickey-publickeyconfig.html
type publicKeyProperties struct {
	PublicKeyConfig struct {
		EncodedKey string

		CallerReference, Comment, Name template.NoEffect
	}
}

// trustedKeys returns the public keys of a behavior's key groups by their id, nil
// if it has none.
func (b *builder) trustedKeys(groups []string) (map[string]cloudfront.PublicKey, error) {
	if len(groups) == 0 {
		return nil, nil
	}
	keys := map[string]cloudfront.PublicKey{}
	for i, id := range groups {
		r, group, err := find[keyGroupProperties](b, "AWS::CloudFront::KeyGroup", "Ref", id)
		if err != nil {
			return nil, fault.In(fmt.Sprintf("TrustedKeyGroups[%d]", i), err)
		}
		for j, id := range group.KeyGroupConfig.Items {
			if keys[id], err = b.publicKey(id); err != nil {
				return nil, fault.At(r.Path, fault.In(fmt.Sprintf("KeyGroupConfig.Items[%d]", j), err))
			}
		}
	}
	return keys, nil
}

func (b *builder) publicKey(id string) (key cloudfront.PublicKey, err error) {
	r, p, err := find[publicKeyProperties](b, "AWS::CloudFront::PublicKey", "Ref", id)
	if err != nil {
		return key, err
	}
	key, err = cloudfront.ParsePublicKey(p.PublicKeyConfig.EncodedKey)
	return key, fault.At(r.Path, fault.In("PublicKeyConfig.EncodedKey", err))
}
