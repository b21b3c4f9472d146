package functionurl

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"
)

// newRequestID returns a random UUID (version 4), the form of Lambda's ids.
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// traceID returns the X-Amzn-Trace-Id of a request that arrived with one, or
// with none.
//
// See: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
// Seen: "Self=1-…;Root=1-…" in events of requests that came through CloudFront.
func traceID(arrived string, now time.Time) string {
	var b [16]byte
	rand.Read(b[4:])
	seconds := uint32(now.Unix())
	b[0], b[1], b[2], b[3] = byte(seconds>>24), byte(seconds>>16), byte(seconds>>8), byte(seconds)
	h := hex.EncodeToString(b[:])
	fresh := "1-" + h[:8] + "-" + h[8:]
	if strings.HasPrefix(arrived, "Root=") {
		return "Self=" + fresh + ";" + arrived
	}
	return "Root=" + fresh
}
