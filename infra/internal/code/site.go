package code

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// indexFile is the page of a directory.
const indexFile = "index.html"

// SiteProps are what a site is made of.
type SiteProps struct {
	Directory string
	Exclude   []string

	// Assembly is what CDK writes, which isn't part of the site.
	Assembly string

	// PathPatterns select the paths that are served, or all if they are nil.
	PathPatterns []string

	SinglePageApp bool

	// ImmutablePatterns select files whose names change with their content.
	ImmutablePatterns []string
}

// A Site is what a directory holds at synth, without what is left out.
type Site struct {
	*publish.Selection
}

// NewSite selects the files of a directory, or says why it can't be served.
func NewSite(props SiteProps) (*Site, error) {
	s, err := readSite(props)
	if err != nil {
		return nil, err
	}
	if props.PathPatterns != nil && len(props.PathPatterns) == 0 {
		return nil, errors.New(`got an empty list of PathPatterns: set some, such as "/css/*", or leave it out to serve the whole site`)
	}
	needsIndex := props.PathPatterns == nil || props.SinglePageApp
	for i, pattern := range props.PathPatterns {
		if err := s.checkPattern(pattern); err != nil {
			return nil, err
		}
		if slices.Contains(props.PathPatterns[:i], pattern) {
			return nil, fmt.Errorf("got PathPattern %s twice: remove one", pattern)
		}
		needsIndex = needsIndex || globExpression(pattern).MatchString("/")
	}
	if needsIndex && s.matched(indexFile) == "" {
		return nil, fmt.Errorf("got Directory %q without %s, the page of the path /: add one, or set PathPatterns for the files it has", props.Directory, indexFile)
	}
	for _, pattern := range props.ImmutablePatterns {
		if err := s.checkImmutable(pattern); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func readSite(props SiteProps) (*Site, error) {
	name := props.Directory
	if err := CheckDirectory("StaticFiles", name); err != nil {
		return nil, err
	}
	selection, err := publish.Select(name, publish.Rules{Site: true, Exclude: props.Exclude, Assembly: props.Assembly})
	if err != nil {
		return nil, fmt.Errorf("got Directory %q that can't be published: %w", name, err)
	}
	if len(selection.Files) == 0 {
		return nil, fmt.Errorf("got Directory %q, which is empty or has only files that are left out: build the site first, or correct Exclude", name)
	}
	return &Site{selection}, nil
}

func (s *Site) checkPattern(pattern string) error {
	if err := CheckPathPattern(pattern); err != nil {
		return err
	}
	if !s.matches(pattern) && pattern != "/" {
		return fmt.Errorf("got PathPattern %s, for which Directory %q has no file: files are served at their paths below Directory, without those that are left out", pattern, s.Dir)
	}
	return nil
}

// checkImmutable returns an error if a pattern selects nothing, or a page, which
// browsers must ask for again.
func (s *Site) checkImmutable(pattern string) error {
	switch {
	case strings.HasPrefix(pattern, "/"):
		return fmt.Errorf("got ImmutablePattern %q: leave out the slash at its beginning, patterns are relative to Directory", pattern)
	case s.matched(pattern) == "":
		return fmt.Errorf("got ImmutablePattern %q, for which Directory %q has no file: correct or remove it", pattern, s.Dir)
	}
	expression := globExpression(pattern)
	for _, file := range s.Files {
		if strings.HasSuffix(file.Path, ".html") && expression.MatchString(file.Path) {
			return fmt.Errorf("got ImmutablePattern %q, which selects the page %s: browsers would keep it for a year, use a pattern for files with a hash in their names", pattern, file.Path)
		}
	}
	return nil
}

// matches reports whether a path pattern of CloudFront matches a file or a
// directory.
func (s *Site) matches(pattern string) bool {
	pattern = strings.TrimPrefix(pattern, "/")
	return s.matched(pattern) != "" || slices.ContainsFunc(s.Directories(), globExpression(pattern).MatchString)
}

// matched returns the first file that a pattern matches, or "".
func (s *Site) matched(pattern string) string {
	expression := globExpression(pattern)
	for _, file := range s.Files {
		if expression.MatchString(file.Path) {
			return file.Path
		}
	}
	return ""
}

// WithoutDot returns the paths of the files whose names have no dot, as viewers
// encode them.
func (s *Site) WithoutDot() []string {
	paths := []string{}
	for _, file := range s.Files {
		if !strings.Contains(path.Base(file.Path), ".") {
			paths = append(paths, (&url.URL{Path: "/" + file.Path}).EscapedPath())
		}
	}
	return paths
}

// CheckPathPattern returns why a path pattern of CloudFront isn't valid, or nil.
func CheckPathPattern(pattern string) error {
	if strings.HasPrefix(pattern, "/") || strings.HasPrefix(pattern, "*") {
		return nil
	}
	return fmt.Errorf(`got PathPattern %q: begin it with a slash, such as "/%s"`, pattern, pattern)
}

// globExpression returns the expression for a pattern in which * stands for any
// characters, slashes too, and ? for one.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
func globExpression(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(pattern)
	return regexp.MustCompile("^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(quoted) + "$")
}
