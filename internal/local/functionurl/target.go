package functionurl

import (
	"net/url"
	"strings"
)

// cookies returns the cookies of all Cookie headers, one by one.
func cookies(headers []string) (list []string) {
	for _, header := range headers {
		for cookie := range strings.SplitSeq(header, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				list = append(list, cookie)
			}
		}
	}
	return list
}

// queryParameters decodes a query, and joins the values of a repeated name.
func queryParameters(raw string) map[string]string {
	if raw == "" {
		return nil
	}
	parameters := make(map[string]string)
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescape(name), unescape(value)
		if earlier, ok := parameters[name]; ok {
			value = earlier + "," + value
		}
		parameters[name] = value
	}
	return parameters
}

// unescape decodes s, or returns it unchanged if it can't be decoded.
func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// rawPath returns the path as it was requested.
func rawPath(u *url.URL) string {
	if p := u.EscapedPath(); p != "" {
		return p
	}
	return "/"
}

// decodedPath returns the path with its escapes decoded.
func decodedPath(u *url.URL) string {
	if u.Path != "" {
		return u.Path
	}
	return "/"
}
