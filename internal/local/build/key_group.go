package build

import (
	"fmt"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

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
