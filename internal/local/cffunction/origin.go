package cffunction

import (
	"cmp"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An OriginUpdate is what a viewer-request function changes about the origin of
// its request. Fields that are zero keep the values of the origin.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
type OriginUpdate struct {
	// ID selects an origin of the distribution.
	ID string

	DomainName, HostHeader string
	OriginPath             *string
	CustomHeaders          map[string]string

	// Timeouts are in seconds. Only the first has an effect locally.
	Timeouts struct {
		ReadTimeout, ConnectionTimeout, KeepAliveTimeout, ResponseCompletionTimeout int
	}

	CustomOriginConfig *struct {
		Port                        int
		Protocol                    string
		SSLProtocols, IPAddressType any
	}

	OriginAccessControlConfig *struct {
		Enabled                                              bool
		Region, SigningBehavior, SigningProtocol, OriginType string
	}

	// These have no effect locally.
	ConnectionAttempts, OriginShield, SNI, AllowedCertificateNames, MTLSConfig any
}

// setOrigin is what cf.updateRequestOrigin, cf.selectRequestOriginById and
// cf.createRequestOriginGroup are built on. value is an OriginUpdate. A group is
// its first origin.
func (m *machine) setOrigin(method string, value goja.Value) {
	update := new(OriginUpdate)
	decoder := json.NewDecoder(strings.NewReader(m.json(value)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(update); err != nil {
		m.throw("TypeError", "cf."+method+": "+invalidUpdate(err))
	}
	if method == "updateRequestOrigin" && update.ID != "" {
		m.throw("TypeError", "cf.updateRequestOrigin: id isn't a property of it: use cf.selectRequestOriginById")
	}
	if method == "createRequestOriginGroup" {
		m.f.grouped.Do(func() {
			fault.Log(m.f.logger, slog.LevelWarn, "cf.createRequestOriginGroup has no failover locally",
				"origin groups aren't supported locally: the first origin serves", "test failover on AWS", "source", m.f.config.Name)
		})
	}
	m.call.event.origin = update
}

// invalidUpdate says what is wrong with an OriginUpdate, in a function's words.
func invalidUpdate(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		return cmp.Or(mistyped.Field, "the argument") + " has the wrong type, " + mistyped.Value
	}
	return strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field", "unknown property", 1)
}

// maxCustomData is how much of cf.logCustomData an access log holds, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html#log-custom-data-method
const maxCustomData = 800

// logData is cf.logCustomData.
func (m *machine) logData(text string) {
	text = strings.ToValidUTF8(text[:min(len(text), maxCustomData)], "")
	m.f.logger.LogAttrs(m.call.ctx, slog.LevelInfo, "cf.logCustomData: "+text, slog.String("source", m.f.config.Name))
}
