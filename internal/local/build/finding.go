package build

import (
	"errors"
	"log/slog"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
)

// A Finding is what AWS rejects of an app, or does without a word. It is known before
// the first request.
type Finding struct {
	// Rule is the key in Rules, which decides about Severity and Source.
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`

	// Path is the construct path of the resource, or stack and logical id, and
	// Property that of the property in the template. Property may be empty.
	Path     string `json:"path"`
	Property string `json:"property,omitempty"`

	// Happens is what viewers or the deployment get, Cause is why, and Hint what to
	// do about it.
	Happens string `json:"happens"`
	Cause   string `json:"cause"`
	Hint    string `json:"hint"`

	// Source is where AWS documents it, or where it was seen.
	Source string `json:"source"`

	// Missing is the statement that no policy has. Default: nil, it isn't about one
	Missing *iam.Grant `json:"missing,omitempty"`
}

// A Severity says how much a finding matters.
type Severity string

// Severities.
const (
	Error   Severity = "error"   // the deployment fails, or every request of a part
	Warning Severity = "warning" // some requests fail, or aren't treated as the template seems to want
	Info    Severity = "info"    // it depends on what the template doesn't tell
)

// Check returns what AWS rejects of an assembly. Nothing of it runs. With an error,
// which names the construct or file, there may be more than what it returns.
func Check(cloud *assembly.Assembly, options Options) ([]Finding, error) {
	b, err := newBuilder(cloud, options, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	b.functions.checking = true
	if err := b.build(); err != nil {
		return b.findings, b.app.abandon(err)
	}
	return b.findings, b.app.Close()
}

// found logs a finding, unless it is known, and keeps it for Check.
func (b *builder) found(f Finding) {
	f.Severity, f.Source = Rules[f.Rule].Severity, Rules[f.Rule].Source
	shown := fault.Redact(&fault.Error{Where: f.Happens, Problem: f.Cause, Hint: f.Hint}, b.options.Values).(*fault.Error)
	f.Happens, f.Cause, f.Hint = shown.Where, b.paths.In(shown.Problem), b.paths.In(shown.Hint)
	if slices.ContainsFunc(b.findings, func(known Finding) bool { return known.Path+known.Happens+known.Cause == f.Path+f.Happens+f.Cause }) {
		return
	}
	b.findings = append(b.findings, f)
	attributes := []any{"rule", f.Rule}
	if f.Property != "" {
		attributes = append(attributes, "property", f.Property)
	}
	fault.Log(b.log, levels[f.Severity], f.Path+": "+f.Happens, f.Cause, f.Hint, attributes...)
}

// foundAt reports an error, which has its place, as a finding.
func (b *builder) foundAt(rule, happens string, err error) {
	if located := new(fault.Error); errors.As(err, &located) {
		b.found(Finding{Rule: rule, Path: located.Where, Property: located.Property, Happens: happens, Cause: located.Problem, Hint: located.Hint})
	}
}

// levels are those of the log, which shows what may be fine only if it is asked for.
var levels = map[Severity]slog.Level{Error: slog.LevelError, Warning: slog.LevelWarn, Info: slog.LevelDebug}

// deny makes a denial the cause of a finding.
func (f *Finding) deny(denial *fault.Error) {
	f.Cause, f.Hint, f.Missing = denial.Error(), denial.Hint, iam.GrantOf(denial)
}
