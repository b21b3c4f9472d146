package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"
)

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// NewRequestID returns a random UUID (version 4), the form of Lambda's request ids.
//
// See: https://www.rfc-editor.org/rfc/rfc9562#section-5.4
func NewRequestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// NewTrace returns the id of a new X-Ray trace: the Root of a tracing header.
//
// See: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
func NewTrace(now time.Time) string {
	return fmt.Sprintf("1-%08x-%s", now.Unix(), randomHex(12))
}

// newTraceHeader returns the tracing header of a request that isn't sampled.
func newTraceHeader(now time.Time) string {
	return "Root=" + NewTrace(now) + ";Parent=" + randomHex(8) + ";Sampled=0"
}
