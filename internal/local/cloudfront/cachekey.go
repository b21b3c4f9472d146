package cloudfront

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// noteCacheKey records the key under which AWS caches the response, unless it
// caches none, or by the path alone. Of secrets it has a hash.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html
func (v *visit) noteCacheKey() {
	policy := v.behavior.CachePolicy
	key := newForwarding(Behavior{CachePolicy: policy})
	if !key.headers.any() && !key.cookies.any() && !key.queries.any() || policy.MaxTTL == 0 || !slices.Contains(v.behavior.CachedMethods, v.request.method) {
		return
	}
	request := v.request
	request.query = key.query(request.query)
	text := request.url()
	for _, name := range policy.Headers.Names {
		for _, value := range request.header[textproto.CanonicalMIMEHeaderKey(name)] {
			if strings.HasSuffix(strings.ToLower(name), "authorization") {
				value = concealed(value)
			}
			text += " " + strings.ToLower(name) + "=" + value
		}
	}
	for cookie := range headers.Cookies(request.header["Cookie"]) {
		if name, value, _ := strings.Cut(cookie, "="); key.cookies.picks(name) {
			text += " cookie:" + name + "=" + concealed(value)
		}
	}
	v.trace.Keyed(text)
}

// concealed returns a hash of a secret, by which two can be told apart.
func concealed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return "#" + hex.EncodeToString(sum[:4])
}

// lives and forbids match what Cache-Control says about shared caches.
var (
	lives   = regexp.MustCompile(`(s-maxage|max-age)="?0*[1-9]`)
	forbids = regexp.MustCompile(`no-store|no-cache|private|s-maxage="?0+\b`)
)

// warnSharedCookie logs that AWS would cache the Set-Cookie of a response and send
// it to every viewer with the same key.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
func (d *Distribution) warnSharedCookie(v *visit, header http.Header) {
	control := strings.ToLower(strings.Join(header["Cache-Control"], ","))
	if v.behavior.CachePolicy.MaxTTL == 0 || !slices.Contains(v.behavior.CachedMethods, v.request.method) ||
		len(header["Set-Cookie"]) == 0 || !lives.MatchString(control) || forbids.MatchString(control) {
		return
	}
	fault.Log(d.log, slog.LevelWarn, "AWS would send this Set-Cookie to other viewers",
		"the response to "+v.request.uri+" may be cached: Cache-Control is "+fault.Shorten(control),
		`set Cache-Control: no-store with cookies, or no-cache="Set-Cookie"`, "behavior", v.behavior.label())
}
