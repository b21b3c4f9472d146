package infra

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// A siteDirectory is what a directory holds at synth, without what is left out.
type siteDirectory struct {
	*publish.Selection
}

// readSiteDirectory selects the files of a directory. The problem says why it can't
// be served.
func readSiteDirectory(name string, rules publish.Rules) (site siteDirectory, problem string) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return site, fmt.Sprintf("got Directory %q, which doesn't exist in %s: build the site first, or correct the path", name, workingDirectory())
	case err != nil:
		return site, fmt.Sprintf("got Directory %q, which can't be read: %v", name, err)
	case !info.IsDir():
		return site, fmt.Sprintf("got Directory %q, which is a file: give the directory that holds it", name)
	}
	if site.Selection, err = publish.Select(name, rules); err != nil {
		return site, fmt.Sprintf("got Directory %q that can't be published: %v", name, err)
	}
	if len(site.Files) == 0 {
		return site, fmt.Sprintf("got Directory %q, which is empty or has only files that are left out: build the site first, or correct Exclude", name)
	}
	return site, ""
}

func workingDirectory() string {
	dir, err := os.Getwd()
	if err != nil {
		return "the working directory"
	}
	return dir
}

// has reports whether the directory has a file.
func (s siteDirectory) has(file string) bool {
	return slices.ContainsFunc(s.Files, func(f publish.File) bool { return f.Path == file })
}

// matches reports whether a path pattern of CloudFront matches a file or a
// directory.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
func (s siteDirectory) matches(pattern string) bool {
	pattern = strings.TrimPrefix(pattern, "/")
	return s.matched(pattern) != "" || slices.ContainsFunc(s.Directories(), globExpression(pattern).MatchString)
}

// matched returns the first file that a pattern of ImmutablePatterns matches, or
// "".
func (s siteDirectory) matched(pattern string) string {
	expression := globExpression(pattern)
	for _, file := range s.Files {
		if expression.MatchString(file.Path) {
			return file.Path
		}
	}
	return ""
}

// globExpression returns the expression for a pattern in which * stands for any
// characters, slashes too, and ? for one.
func globExpression(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(pattern)
	return regexp.MustCompile("^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(quoted) + "$")
}

// withoutDot returns the paths of the files whose names have no dot, as viewers
// encode them.
func (s siteDirectory) withoutDot() []string {
	paths := []string{}
	for _, file := range s.Files {
		if !strings.Contains(path.Base(file.Path), ".") {
			paths = append(paths, (&url.URL{Path: "/" + file.Path}).EscapedPath())
		}
	}
	return paths
}
