package publish

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// immutableDirectories are those whose files bundlers promise to rename with their
// content.
//
// See: https://nextjs.org/docs/app/guides/self-hosting
// See: https://svelte.dev/docs/kit/configuration#appDir
// See: https://docs.astro.build/en/guides/integrations-guide/node/
var immutableDirectories = []string{"_next/static", "_app/immutable", "_astro"}

// HashedPatterns returns patterns for what a bundler wrote: the outermost directories
// that are in immutableDirectories, or that hold scripts or styles and no file without
// a hash in its name; and for bundlers that write beside the pages, "*.js" or "*.css"
// if all others have one.
func (s *Selection) HashedPatterns() []string {
	var found []string
	covered := func(name string) bool {
		return slices.ContainsFunc(found, func(pattern string) bool { return strings.HasPrefix(name, strings.TrimSuffix(pattern, "*")) })
	}
	for _, dir := range s.Directories() {
		inside := func(name string) bool { return strings.HasPrefix(name, dir+"/") }
		if !covered(dir+"/") && !strings.ContainsAny(dir, "*?[") && (isImmutable(dir) || s.areHashed(inside)) {
			found = append(found, dir+"/*")
		}
	}
	for _, extension := range []string{".css", ".js", ".mjs"} {
		beside := func(file File) bool { return path.Dir(file.Path) == "." && path.Ext(file.Path) == extension }
		others := func(name string) bool { return path.Ext(name) == extension && !covered(name) }
		if slices.ContainsFunc(s.Files, beside) && s.areHashed(others) {
			found = append(found, "*"+extension)
		}
	}
	return found
}

func isImmutable(dir string) bool {
	return slices.ContainsFunc(immutableDirectories, func(known string) bool { return dir == known || strings.HasSuffix(dir, "/"+known) })
}

// bundled matches scripts and styles.
var bundled = regexp.MustCompile(`\.(m?js|css)$`)

// areHashed reports whether the names of all chosen files have hashes, and some are
// scripts or styles. A hash can look like a word, but few do.
func (s *Selection) areHashed(chosen func(name string) bool) bool {
	hashes, words, all, scripts := 0, 0, 0, 0
	for _, file := range s.Files {
		if !chosen(file.Path) {
			continue
		}
		all++
		match := hashed.FindStringSubmatch(path.Base(file.Path))
		switch {
		case match == nil, isWord(match[2]) && match[1] == "":
			return false
		case isWord(match[2]):
			words++
		case !unsure.MatchString(match[2]):
			hashes++
			if bundled.MatchString(file.Path) {
				scripts++
			}
		}
	}
	return scripts > 0 && 2*hashes >= all && 8*words <= all
}

// hashed matches what bundlers write before the extensions: 8 characters of base64 for
// URLs (Vite, Rollup, SvelteKit), of base32 (esbuild, Angular), or 8 to 64 hexadecimal
// digits (Parcel 8, Rsbuild 10, Next.js 16, webpack 20, Hugo 64).
//
// Seen: what Vite 4 and 8, webpack 5.113, esbuild 0.28, Parcel 2.16, Rsbuild 2.3,
// Next.js 16.4, SvelteKit 3.2 and VitePress 1.6 write.
var hashed = regexp.MustCompile(`^(.*[.-])?([0-9a-f]{8,64}|[\w-]{8})(?:\.[A-Za-z]\w{0,9})+$`)

// Names that people write: dates and words, and those that may be hashes, which are
// numbers, words of hexadecimal digits, and words in camel case.
var (
	date        = regexp.MustCompile(`^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$`)
	word        = regexp.MustCompile(`^(?:[A-Z]?[a-z]+|[a-z]*\d*(?:[_-][a-z]*\d*)+|(?:[A-Z]?[a-z]+|[A-Z]+)_?\d{3,})$`)
	unsure      = regexp.MustCompile(`^(?:\d+|[a-f]{3,}\d+|(?:[a-z]{2,}|[A-Z][a-z]+)(?:[A-Z][a-z]{2,})+\d*)$`)
	hexadecimal = regexp.MustCompile(`^(?:[0-9]+[a-f]|[a-f]{1,2}[0-9])[0-9a-f]*$`)
)

// isWord reports whether what may be a hash is a date or a word.
func isWord(hash string) bool {
	return date.MatchString(hash) || word.MatchString(hash) && !unsure.MatchString(hash) && !hexadecimal.MatchString(hash)
}
