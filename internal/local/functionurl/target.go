package functionurl

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
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
	for _, p := range sigv4.ParseQuery(raw) {
		if earlier, ok := parameters[p.Name]; ok {
			p.Value = earlier + "," + p.Value
		}
		parameters[p.Name] = p.Value
	}
	return parameters
}
