package build

import (
	"strconv"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// responseHeadersPolicyProperties are those of AWS::CloudFront::ResponseHeadersPolicy.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-responseheaderspolicy-responseheaderspolicyconfig.html
type responseHeadersPolicyProperties struct {
	ResponseHeadersPolicyConfig struct {
		CorsConfig          *cloudfront.CORS
		CustomHeadersConfig struct {
			Items []struct {
				Header, Value string
				Override      bool
			}
		}
		Name                  string
		RemoveHeadersConfig   struct{ Items []struct{ Header string } }
		SecurityHeadersConfig securityHeadersConfig

		Comment                   template.NoEffect
		ServerTimingHeadersConfig template.LeftOut
	}
}

// securityHeadersConfig has a field for each header; nil if it isn't added.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-responseheaderspolicy-securityheadersconfig.html
type securityHeadersConfig struct {
	ContentSecurityPolicy *struct {
		ContentSecurityPolicy string
		Override              bool
	}
	ContentTypeOptions *struct{ Override bool }
	FrameOptions       *struct {
		FrameOption string
		Override    bool
	}
	ReferrerPolicy *struct {
		Override       bool
		ReferrerPolicy string
	}
	StrictTransportSecurity *struct {
		AccessControlMaxAgeSec int
		IncludeSubdomains      bool
		Override               bool
		Preload                bool
	}
	XSSProtection *struct {
		ModeBlock  bool
		Override   bool
		Protection bool
		ReportUri  string
	}
}

func (p responseHeadersPolicyProperties) policy() cloudfront.ResponseHeadersPolicy {
	c := p.ResponseHeadersPolicyConfig
	policy := cloudfront.ResponseHeadersPolicy{Name: c.Name, CORS: c.CorsConfig, Headers: c.SecurityHeadersConfig.headers()}
	for _, item := range c.CustomHeadersConfig.Items {
		policy.Headers = append(policy.Headers, cloudfront.ResponseHeader{Name: item.Header, Value: item.Value, Override: item.Override})
	}
	for _, item := range c.RemoveHeadersConfig.Items {
		policy.Remove = append(policy.Remove, item.Header)
	}
	return policy
}

func (c securityHeadersConfig) headers() (headers []cloudfront.ResponseHeader) {
	add := func(name, value string, override bool) {
		headers = append(headers, cloudfront.ResponseHeader{Name: name, Value: value, Override: override})
	}
	if h := c.ContentSecurityPolicy; h != nil {
		add("Content-Security-Policy", h.ContentSecurityPolicy, h.Override)
	}
	if h := c.ContentTypeOptions; h != nil {
		add("X-Content-Type-Options", "nosniff", h.Override)
	}
	if h := c.FrameOptions; h != nil {
		add("X-Frame-Options", h.FrameOption, h.Override)
	}
	if h := c.ReferrerPolicy; h != nil {
		add("Referrer-Policy", h.ReferrerPolicy, h.Override)
	}
	if h := c.StrictTransportSecurity; h != nil {
		value := "max-age=" + strconv.Itoa(h.AccessControlMaxAgeSec)
		if h.IncludeSubdomains {
			value += "; includeSubDomains"
		}
		if h.Preload {
			value += "; preload"
		}
		add("Strict-Transport-Security", value, h.Override)
	}
	if h := c.XSSProtection; h != nil {
		value := "0"
		if h.Protection {
			value = "1"
		}
		if h.ModeBlock {
			value += "; mode=block"
		} else if h.ReportUri != "" {
			value += "; report=" + h.ReportUri
		}
		add("X-XSS-Protection", value, h.Override)
	}
	return headers
}
