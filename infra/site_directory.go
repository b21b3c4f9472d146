package infra

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A siteDirectory is what a directory holds at synth, by slash-separated paths
// below it.
type siteDirectory struct {
	files, directories []string
}

// readSiteDirectory lists a directory. The problem says why it can't be served.
func readSiteDirectory(name string) (site siteDirectory, problem string) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return site, fmt.Sprintf("got Directory %q, which doesn't exist in %s: build the site first, or correct the path", name, workingDirectory())
	case err != nil:
		return site, fmt.Sprintf("got Directory %q, which can't be read: %v", name, err)
	case !info.IsDir():
		return site, fmt.Sprintf("got Directory %q, which is a file: give the directory that holds it", name)
	}
	// A final slash makes WalkDir follow a link.
	err = filepath.WalkDir(filepath.Clean(name)+string(filepath.Separator), func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(name, file)
		switch {
		case err != nil || below == ".":
			return err
		case entry.IsDir():
			site.directories = append(site.directories, filepath.ToSlash(below))
		default:
			site.files = append(site.files, filepath.ToSlash(below))
		}
		return nil
	})
	switch {
	case err != nil:
		return site, fmt.Sprintf("got Directory %q, which can't be read: %v", name, err)
	case len(site.files) == 0:
		return site, fmt.Sprintf("got Directory %q, which is empty: build the site first", name)
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
	return slices.Contains(s.files, file)
}

// matches reports whether a path pattern of CloudFront matches a file or a
// directory.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
func (s siteDirectory) matches(pattern string) bool {
	expression := globExpression(strings.TrimPrefix(pattern, "/"))
	return slices.ContainsFunc(slices.Concat(s.files, s.directories), expression.MatchString)
}

// matched returns the first file that a pattern of ImmutablePatterns matches, or
// "".
func (s siteDirectory) matched(pattern string) string {
	expression := globExpression(pattern)
	if i := slices.IndexFunc(s.files, expression.MatchString); i >= 0 {
		return s.files[i]
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
	for _, file := range s.files {
		if !strings.Contains(path.Base(file), ".") {
			paths = append(paths, (&url.URL{Path: "/" + file}).EscapedPath())
		}
	}
	return paths
}

// hashedDirectories returns patterns for the outermost directories that hold
// what a bundler wrote: scripts or styles, and no file without a hash in its
// name.
func (s siteDirectory) hashedDirectories() []string {
	var found []string
	for _, dir := range s.directories {
		below := func(pattern string) bool { return strings.HasPrefix(dir+"/", strings.TrimSuffix(pattern, "*")) }
		if !slices.ContainsFunc(found, below) && s.isHashed(dir) && !strings.ContainsAny(dir, "*?[") {
			found = append(found, dir+"/*")
		}
	}
	return found
}

var (
	// hashedName matches names such as index-BkDeRt1_.js or main.8c2f01ab.css.map
	// and, since hashes have any letters, also some such as my-document.js.
	hashedName = regexp.MustCompile(`[.-][\w-]*([\w-]{8})\.[a-z]\w*(\.map)?$`)

	bundledName = regexp.MustCompile(`\.(m?js|css)$`)
	digit       = regexp.MustCompile(`[0-9]`)
	capital     = regexp.MustCompile(`[A-Z]`)
	hexadecimal = regexp.MustCompile(`^[0-9a-f]*[a-f][0-9a-f]*$`)
)

// isHashed reports whether all files below dir may have a hash in their names,
// and at least half of the scripts and styles among them certainly have. A hash
// in base64 lacks digits or capitals in one of four names.
func (s siteDirectory) isHashed(dir string) bool {
	bundled, certain := 0, 0
	for _, file := range s.files {
		if !strings.HasPrefix(file, dir+"/") {
			continue
		}
		match := hashedName.FindStringSubmatch(path.Base(file))
		if match == nil {
			return false
		}
		if !bundledName.MatchString(file) {
			continue
		}
		bundled++
		if hash := match[1]; digit.MatchString(hash) && (capital.MatchString(hash) || hexadecimal.MatchString(hash)) {
			certain++
		}
	}
	return bundled > 0 && 2*certain >= bundled
}
