package bucket

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// second is the precision of times in HTTP.
const second = time.Second

// checkConditions returns 0 if the object is to be sent, 304 or 412. Entity
// tags go before dates, as RFC 9110 orders them.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
// See: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
func checkConditions(h http.Header, etag string, modified time.Time) int {
	if match := h.Get("If-Match"); match != "" {
		if !anyTag(h.Values("If-Match"), etag) {
			return http.StatusPreconditionFailed
		}
	} else if since, err := http.ParseTime(h.Get("If-Unmodified-Since")); err == nil && modified.After(since) {
		return http.StatusPreconditionFailed
	}
	if none := h.Get("If-None-Match"); none != "" {
		if anyTag(h.Values("If-None-Match"), etag) {
			return http.StatusNotModified
		}
	} else if since, err := http.ParseTime(h.Get("If-Modified-Since")); err == nil && !modified.After(since) {
		return http.StatusNotModified
	}
	return 0
}

// anyTag reports whether a list of entity tags has the one. S3's tags have no
// comma in them.
func anyTag(values []string, etag string) bool {
	for tag := range strings.SplitSeq(strings.Join(values, ","), ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == "*" || tag == etag || `"`+tag+`"` == etag {
			return true
		}
	}
	return false
}

// A byteRange is a part of an object.
type byteRange struct{ start, length int64 }

func (r byteRange) contentRange(size int64) string {
	return "bytes " + strconv.FormatInt(r.start, 10) + "-" + strconv.FormatInt(r.start+r.length-1, 10) + "/" + strconv.FormatInt(size, 10)
}

type rangeKind int

const (
	rangeWhole rangeKind = iota
	rangePart
	rangeUnsatisfiable
)

// parseRange reads the header Range. S3 takes one range only; what it cannot
// take, it ignores.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
// Inferred: several ranges and a malformed one get the whole object, as RFC 9110
// lets a server do, and so does an If-Range that does not hold.
func parseRange(h http.Header, size int64, etag string, modified time.Time) (byteRange, rangeKind) {
	spec, ok := strings.CutPrefix(h.Get("Range"), "bytes=")
	if !ok || strings.Contains(spec, ",") {
		return byteRange{}, rangeWhole
	}
	if condition := h.Get("If-Range"); condition != "" && condition != etag {
		if at, err := http.ParseTime(condition); err != nil || !at.Equal(modified.UTC()) {
			return byteRange{}, rangeWhole
		}
	}
	first, last, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return byteRange{}, rangeWhole
	}
	if first == "" {
		suffix, err := position(last)
		switch {
		case err != nil:
			return byteRange{}, rangeWhole
		case suffix == 0 || size == 0:
			return byteRange{}, rangeUnsatisfiable
		}
		suffix = min(suffix, size)
		return byteRange{size - suffix, suffix}, rangePart
	}
	start, err := position(first)
	if err != nil {
		return byteRange{}, rangeWhole
	}
	end := size - 1
	if last != "" {
		given, err := position(last)
		if err != nil || given < start {
			return byteRange{}, rangeWhole
		}
		end = min(end, given)
	}
	if start >= size {
		return byteRange{}, rangeUnsatisfiable
	}
	return byteRange{start, end - start + 1}, rangePart
}

// position parses digits, and nothing but digits.
func position(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err
}
