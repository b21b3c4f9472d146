package trace

import (
	"cmp"
	"encoding/base64"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const secretWords = `token|secret|api[-_]?key|passw|signature|jwt|assertion`

// secretValues match the values of headers, by the headers' names: their first group is
// the secret. The first that matches the name counts.
var secretValues = []struct{ name, value *regexp.Regexp }{
	{regexp.MustCompile(`(?i)^set-cookie$`), regexp.MustCompile(`(?m)^[^=\n]*=([^;\n]+)`)},
	{regexp.MustCompile(`(?i)cookie$`), regexp.MustCompile(`=([^;\n]+)`)},
	{regexp.MustCompile(`(?i)authorization$`), regexp.MustCompile(`(?m)^(?:AWS4\S+ .*Signature=|\S+ |)(\S.*)$`)},
	{regexp.MustCompile(`(?i)^(?:referer|location)$`), secretParameters},
	{regexp.MustCompile(`(?i)` + secretWords), regexp.MustCompile(`(?s)(.+)`)},
}

// secretParameters matches parameters of a query or fragment whose values are secrets.
var secretParameters = regexp.MustCompile(`(?i)(?:^|[?&#])(?:[^=&#]*(?:` + secretWords + `)[^=&#]*|sig|key|auth|code|session|pwd|samlresponse)=([^&#]+)`)

// minSecret is the shortest value that is replaced in texts too, in bytes: shorter ones
// occur in other words.
const minSecret = 8

// secrets are those of a trace that were hidden so far, and what is shown for them.
type secrets []string

// hide replaces the first group of each match.
func (h *secrets) hide(secret *regexp.Regexp, text string) string {
	var shown strings.Builder
	end := 0
	for _, at := range secret.FindAllStringSubmatchIndex(text, -1) {
		if value := text[at[2]:at[3]]; len(value) >= minSecret {
			*h = append(*h, value, "…")
		}
		shown.WriteString(text[end:at[2]] + "…")
		end = at[3]
	}
	return shown.String() + text[end:]
}

// header hides the secrets in a header's value: the scheme of an Authorization, the
// scope and the names of a signature, and the names of cookies stay.
func (h *secrets) header(name, value string) string {
	for _, secret := range secretValues {
		if secret.name.MatchString(name) {
			return h.hide(secret.value, value)
		}
	}
	return value
}

func (h *secrets) headers(header http.Header) [][2]string {
	list := [][2]string{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			list = append(list, [2]string{name, h.header(name, cut(value, maxText))})
		}
	}
	return list
}

// Summary returns what is known so far.
func (t *Trace) Summary() Summary {
	defer t.lock()()
	return t.summary(new(secrets))
}

func (t *Trace) summary(hidden *secrets) Summary {
	s := t.view.Summary
	if strings.Contains(s.Target, "=") {
		s.Target = hidden.hide(secretParameters, s.Target)
	}
	s.TotalMs = cmp.Or(s.TotalMs, t.now())
	return s
}

// View returns all that is known so far, without secrets.
func (t *Trace) View() View {
	defer t.lock()()
	hidden := new(secrets)
	v := t.view
	v.Summary = t.summary(hidden)
	v.Request.Headers = append([][2]string{{"Host", t.sent.Host}}, hidden.headers(t.sent.Header)...)
	v.Response.Headers = hidden.headers(t.header)
	v.Chunks, v.Logs, v.Stages = append([]Chunk{}, v.Chunks...), append([]Line{}, v.Logs...), []*Stage{}
	for _, s := range t.view.Stages {
		v.Stages = append(v.Stages, s.shown(hidden))
	}
	replace := strings.NewReplacer(*hidden...).Replace
	for _, s := range v.Stages {
		s.Part = cmp.Or(s.Part, v.Part)
		for i := range s.Facts {
			s.Facts[i][1] = replace(s.Facts[i][1])
		}
	}
	for i := range v.Logs {
		v.Logs[i].Text = replace(v.Logs[i].Text)
	}
	if v.Failure != nil {
		f := *v.Failure
		f.Cause, f.Hint = replace(f.Cause), replace(f.Hint)
		v.Failure = &f
	}
	v.Request.show(replace)
	v.Response.show(replace)
	return v
}

// shown returns the stage without secrets in its changes.
func (s *Stage) shown(hidden *secrets) *Stage {
	c := *s
	if s.Outcome == "" {
		c.DurationMs = toMicroseconds(s.trace.now() - s.BeginMs)
	}
	c.Facts, c.Changes = append([][2]string{}, s.Facts...), append([]Change{}, s.Changes...)
	for i, change := range c.Changes {
		hide := func(value string) string { return hidden.header(change.Name, value) }
		if change.What == "query" {
			hide = func(value string) string { return hidden.hide(secretParameters, value) }
		}
		c.Changes[i].Before, c.Changes[i].After = hide(change.Before), hide(change.After)
		c.Changes[i].Meaning = s.trace.log.meaningOf(change.After)
	}
	for i, fact := range c.Facts {
		if meaning := s.trace.log.meaningOf(fact[1]); meaning != "" {
			c.Facts[i][1] += " (" + meaning + ")"
		}
	}
	return &c
}

// show sets the body, as text if it is.
func (m *Message) show(replace func(string) string) {
	text := m.start
	for range utf8.UTFMax {
		if m.BodyBytes > int64(len(m.start)) && !utf8.Valid(text) {
			text = text[:len(text)-1] // the cut may be in a character
		}
	}
	m.Body, m.BodyBase64 = replace(string(text)), !utf8.Valid(text)
	if m.BodyBase64 {
		m.Body = base64.StdEncoding.EncodeToString(m.start)
	}
}
