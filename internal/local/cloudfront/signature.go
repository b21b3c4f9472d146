package cloudfront

import (
	"crypto"
	_ "crypto/sha1"
	_ "crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// signatureParameters are those of a signed URL. Signed cookies have the same names
// after "CloudFront-".
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-choosing-signed-urls-cookies.html
var signatureParameters = []string{"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"}

// signatureHashes are the values of Hash-Algorithm.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
var signatureHashes = map[string]crypto.Hash{"": crypto.SHA1, "SHA1": crypto.SHA1, "SHA256": crypto.SHA256}

// signatureBase64 undoes what makes base64 fit into a URL, and drops the padding.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-linux-openssl.html
var signatureBase64 = strings.NewReplacer("-", "+", "~", "/", "_", "", "=", "")

const signedURLHint = "sign the URL that viewers request, with its query string: https, and the host in X-Original-Host or a domain name of the distribution"

// A refusal says why a signature doesn't open a URL: the code of the response, and
// the words of the log line.
type refusal struct{ code, cause, hint string }

// refusalMessages are the messages of the codes.
//
// Seen: jasonsims/aws-cloudfront-sign#74 (MissingKey), aws/aws-sdk-js#2236 (MalformedPolicy),
// aws-solutions-library-samples/video-on-demand-on-aws#100 (AccessDenied).
// Seen: InvalidKey and MalformedSignature in what a client of a protected site lists.
var refusalMessages = map[string]string{
	"MissingKey":         "Missing Key-Pair-Id query parameter or cookie value",
	"InvalidKey":         "Unknown Key",
	"MalformedSignature": "Could not unencode Signature",
	"MalformedPolicy":    "Malformed Policy",
	"AccessDenied":       "Access denied",
}

// checkSignature lets only those in who have a signed URL or signed cookies, if the
// behavior has trusted key groups. What is behind it never sees the parameters of
// a signed URL.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
// Seen: functions and origins don't get the parameters (aws-samples/image-optimization#65).
// Inferred: so the check is before functions, and of every method, OPTIONS too.
// Signed cookies are forwarded as others are.
func (d *Distribution) checkSignature(next handler) handler {
	return func(v *visit) *response {
		if v.behavior.TrustedKeys == nil {
			return next(v)
		}
		signed, query := takeSignature(v.request)
		v.request.query = query
		if refused := d.verify(v, signed); refused != nil {
			return d.refuse(v, refused)
		}
		return next(v)
	}
}

// refuse responds with 403 and a document of XML.
//
// Seen: Content-Type text/xml, and X-Cache "Error from cloudfront".
func (d *Distribution) refuse(v *visit, r *refusal) *response {
	resp := d.reject(v, rejection{status: http.StatusForbidden, cause: r.cause, hint: r.hint})
	resp.header.Set("Content-Type", "text/xml")
	resp.replaceBody([]byte(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>` + r.code + `</Code><Message>` + refusalMessages[r.code] + `</Message></Error>`))
	return resp
}

// takeSignature returns the parameters of a signed URL and the query string
// without them. Only a URL that has none may have signed cookies.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-choosing-signed-urls-cookies.html
func takeSignature(r request) (signed map[string]string, query string) {
	signed = map[string]string{}
	var kept []string
	for pair := range strings.SplitSeq(r.query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if !slices.Contains(signatureParameters, name) {
			kept = append(kept, pair)
			continue
		}
		if decoded, err := url.PathUnescape(value); err == nil {
			value = decoded
		}
		signed[name] = value
	}
	query = strings.Join(kept, "&")
	if len(signed) > 0 {
		return signed, query
	}
	for pair := range headers.Cookies(r.header["Cookie"]) {
		name, value, _ := strings.Cut(pair, "=")
		if parameter, ok := strings.CutPrefix(name, "CloudFront-"); ok {
			signed[parameter] = value
		}
	}
	return signed, query
}

// verify returns why a signature doesn't open the URL of the request, nil if it
// does.
//
// See: https://repost.aws/knowledge-center/cloudfront-troubleshoot-signed-url-cookies
// Inferred: the order, and which codes a hash that is unknown and a signature
// that is missing get.
func (d *Distribution) verify(v *visit, signed map[string]string) *refusal {
	id := signed["Key-Pair-Id"]
	key, known := v.behavior.TrustedKeys[id]
	signature, err := unencode(signed["Signature"])
	hash, supported := signatureHashes[signed["Hash-Algorithm"]]
	switch {
	case id == "":
		return &refusal{"MissingKey", "the behavior " + v.behavior.label() + " has key groups, and the request has no Key-Pair-Id of a signed URL or signed cookies",
			"let the handler sign the URL, or set signed cookies for its host and path, as docs/clients.md shows"}
	case !known:
		return &refusal{"InvalidKey", "unknown key pair id " + strconv.Quote(id), "use " + strings.Join(slices.Sorted(maps.Keys(v.behavior.TrustedKeys)), " or ") + ", the id that Ref of the public key returns"}
	case err != nil || len(signature) == 0:
		return &refusal{"MalformedSignature", "the signature isn't base64", "encode it with - for +, _ for = and ~ for /"}
	case !supported:
		return &refusal{"AccessDenied", "unknown hash algorithm " + strconv.Quote(signed["Hash-Algorithm"]), "use SHA1 or SHA256"}
	}
	urls := d.urls(v)
	policies, err := policiesOf(signed, urls)
	if err != nil {
		return malformedPolicy(err)
	}
	for _, text := range policies {
		digest := hash.New()
		digest.Write(text)
		if !key.verifies(signature, hash, digest.Sum(nil)) {
			continue
		}
		policy, err := parsePolicy(text)
		if err != nil {
			return malformedPolicy(err)
		}
		if cause, hint := policy.denial(urls, v.ip, time.Now()); cause != "" {
			return &refusal{"AccessDenied", cause, hint}
		}
		return nil
	}
	return &refusal{"AccessDenied", "the signature isn't that of the key " + id + " with " + hash.String() + " for the policy " + string(policies[0]),
		signedURLHint + "; sign with SHA-1, or say SHA256 in Hash-Algorithm"}
}

func malformedPolicy(err error) *refusal {
	return &refusal{"MalformedPolicy", "malformed policy of a signature: " + err.Error(), "use the signer of an AWS SDK, with times in seconds"}
}

// policiesOf returns the custom policy, or the canned one of each name that the
// URL has.
func policiesOf(signed map[string]string, urls []string) (policies [][]byte, err error) {
	if encoded := signed["Policy"]; encoded != "" {
		policy, err := unencode(encoded)
		return [][]byte{policy}, err
	}
	expires, err := strconv.Atoi(signed["Expires"])
	if err != nil {
		return nil, fmt.Errorf("Expires is %q", signed["Expires"])
	}
	for _, url := range urls {
		policies = append(policies, []byte(cannedPolicy(url, expires)))
	}
	return policies, nil
}

func unencode(text string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(signatureBase64.Replace(text))
}

// urls returns the URLs that a signature may be for. On AWS there is one. Here, a
// request without TLS counts as HTTPS, while handlers may sign the scheme that
// they see, and a host that isn't the distribution's own, such as 127.0.0.1,
// stands for all that are.
func (d *Distribution) urls(v *visit) (urls []string) {
	host := v.request.header.Get("Host")
	hosts := []string{host}
	if name, _, err := net.SplitHostPort(host); err == nil {
		hosts = append(hosts, name)
	}
	own := append([]string{d.config.DomainName}, d.config.Aliases...)
	if !slices.Contains(own, strings.ToLower(hosts[len(hosts)-1])) {
		hosts = append(hosts, own...)
	}
	for _, host := range hosts {
		if v.https {
			urls = append(urls, "https://"+host+v.request.url())
		}
		if !v.tls {
			urls = append(urls, "http://"+host+v.request.url())
		}
	}
	return urls
}
