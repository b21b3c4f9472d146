package smoke

import (
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// changed returns the body as the handler gets it.
func (f *fake) changed(r *http.Request, body []byte) []byte {
	contentType := r.Header.Get("Content-Type")
	switch {
	case f.has("bodies become strings"):
		return []byte(strings.ToValidUTF8(string(body), "\uFFFD"))
	case f.has("a zero byte is no body") && len(body) == 1:
		return nil
	case f.has("JSON is reformatted") && contentType == "application/json" && len(body) > 0:
		var value any
		json.Unmarshal(body, &value)
		body, _ = json.Marshal(value)
	case f.has("forms are decoded") && contentType == "application/x-www-form-urlencoded":
		return []byte(unescape(string(body)))
	case f.has("text is cut at its characters") && strings.HasPrefix(contentType, "text/"):
		return body[:min(len(body), utf8.RuneCount(body))]
	}
	return body
}

func (f *fake) demo(w http.ResponseWriter, r *http.Request, body []byte) {
	host := r.Host
	if f.has("the viewer's X-Original-Host gets through") && r.Header.Get("X-Original-Host") != "" {
		host = r.Header.Get("X-Original-Host")
	}
	if f.has("the host isn't kept") {
		host = "id.lambda-url.us-east-1.on.aws"
	}
	w.Header().Set("X-Request-Host", host)
	switch path, ok := strings.CutPrefix(r.URL.Path, f.prefix); {
	case !ok:
		http.NotFound(w, r)
	case path == "/":
		f.stream(w, r)
	case path == "/echo":
		contentType := r.Header.Get("Content-Type")
		if contentType == "" || f.has("Content-Type is lost") {
			contentType = octets
		}
		if f.has("parameters of Content-Type are lost") {
			contentType, _, _ = strings.Cut(contentType, ";")
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Body-Sha256", sha256Hex(body))
		w.Write(body)
	case r.URL.Path == "/events":
		f.events(w, r)
	case r.URL.Path == "/download":
		f.download(w)
	case r.URL.Path == "/pages/":
		f.page(w)
	case r.URL.Path == "/upload":
		f.upload(w, body)
	case r.URL.Path == "/status":
		f.status(w, r)
	default:
		f.inspect(w, r, host, body)
	}
}

func (f *fake) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("X-AggregateInfo-Result", "OK")
	if f.has("streams are compressed") && r.Header.Get("Accept-Encoding") != "" {
		w.Header().Set("Content-Encoding", "gzip")
	}
	if r.Method == "HEAD" {
		return
	}
	f.sendSlowly(w, strings.Lines(wholeStream))
}

// sendSlowly sends pieces, with a pause after each.
func (f *fake) sendSlowly(w http.ResponseWriter, pieces iter.Seq[string]) {
	for piece := range pieces {
		io.WriteString(w, piece)
		if !f.has("the stream is buffered") {
			http.NewResponseController(w).Flush()
		}
		time.Sleep(f.pause)
	}
}

// inspect responds like the demo's /inspect.
func (f *fake) inspect(w http.ResponseWriter, r *http.Request, host string, body []byte) {
	cookies := twoCookies
	if f.has("Set-Cookie is joined") {
		cookies = []string{strings.Join(cookies, ",")}
	}
	w.Header()["Set-Cookie"] = cookies
	path, _, _ := strings.Cut(r.RequestURI, "?")
	seen := inspection{
		Method: r.Method, RawPath: path, RawQuery: f.query(r.URL.RawQuery), Host: host,
		Headers: f.seenHeader(r, host), Cookies: []string{}, BodyLength: len(body), BodySHA256: sha256Hex(body),
	}
	if f.has("bodies appear from nowhere") && len(body) == 0 {
		seen.BodyLength = 1
	}
	if f.has("paths change") && path != "/inspect" {
		seen.RawPath += "/"
	}
	if cookies := r.Header["Cookie"]; len(cookies) > 1 && f.has("a repeated header keeps its last value") {
		r.Header["Cookie"] = cookies[len(cookies)-1:]
	}
	for _, cookie := range r.Cookies() {
		if !f.has("cookies aren't forwarded") {
			seen.Cookies = append(seen.Cookies, cookie.Name+"="+cookie.Value)
		}
	}
	respondJSON(w, 200, seen)
}

func (f *fake) seenHeader(r *http.Request, host string) http.Header {
	header := r.Header.Clone()
	header.Set("X-Original-Host", host)
	if !f.has("the viewer's X-Forwarded-Host gets through") || header.Get("X-Forwarded-Host") == "" {
		header.Set("X-Forwarded-Host", host)
	}
	for _, forged := range forgeries {
		if !f.has("what only a proxy may send gets through") {
			header.Del(forged.name)
		}
	}
	if !f.has("the viewer's X-Forwarded-For gets through") || header.Get("X-Forwarded-For") == "" {
		header.Set("X-Forwarded-For", strings.TrimPrefix(header.Get("X-Forwarded-For")+", 198.51.100.7", ", "))
	}
	if f.has("conditions and ranges aren't forwarded") {
		header.Del("If-None-Match")
		header.Del("Range")
	}
	if f.has("Origin isn't forwarded") {
		header.Del("Origin")
	}
	if f.has("X-Forwarded-For is missing") {
		header.Del("X-Forwarded-For")
	}
	if !f.has("X_Original_Host gets through") {
		header.Del("X_Original_Host")
	}
	if !f.has("the viewer's X-Original-Authorization gets through") || header.Get("X-Original-Authorization") == "" {
		header.Del("X-Original-Authorization")
		if authorization := header.Get("Authorization"); authorization != "" {
			header.Set("X-Original-Authorization", authorization)
		}
	}
	header.Del("Authorization")
	if kept := header.Get("X-Original-Authorization"); kept != "" && !f.has("Authorization isn't kept") {
		header.Set("Authorization", kept)
	}
	if values := header.Values("X-Smoke-Test"); len(values) > 0 {
		header.Set("X-Smoke-Test", strings.Join(values, ","))
		if f.has("a repeated header keeps its last value") {
			header.Set("X-Smoke-Test", values[len(values)-1])
		}
		if f.has("unknown headers aren't forwarded") {
			header.Del("X-Smoke-Test")
		}
	}
	return header
}

func unescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

func (f *fake) query(query string) string {
	switch {
	case f.has("+ is encoded again"):
		return strings.ReplaceAll(query, "+", "%2B")
	case f.has("queries are decoded"):
		return unescape(query)
	case f.has("a repeated name keeps its last value"):
		var kept []string
		for name, values := range parameters(query) {
			kept = append(kept, url.QueryEscape(name)+"="+url.QueryEscape(values[len(values)-1]))
		}
		return strings.Join(kept, "&")
	case f.has("empty values are dropped"):
		return strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
			return pair == "a" || pair == "a="
		}), "&")
	}
	return query
}
