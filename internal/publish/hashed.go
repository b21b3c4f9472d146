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
		switch looks := looksOf(path.Base(file.Path)); {
		case looks == plain:
			return false
		case looks == worded:
			words++
		case looks == hashed:
			hashes++
			if bundled.MatchString(file.Path) {
				scripts++
			}
		}
	}
	return scripts > 0 && 2*hashes >= all && 8*words <= all
}

// A look is whether a name has a hash.
type look int

const (
	plain  look = iota // it has none
	worded             // it has a word as long as a hash
	unsure             // it has a hash or a number
	hashed
)

// What bundlers write before the extensions: 8 characters of base64 for URLs (Vite,
// Rollup, SvelteKit), of base32 (esbuild, Angular), or 8 to 64 hexadecimal digits
// (Parcel 8, Rsbuild 10, Next.js 16, webpack 20, Hugo 64).
//
// Seen: what Vite 4 and 8, webpack 5.113, esbuild 0.28, Parcel 2.16, Rsbuild 2.3,
// Next.js 16.4, SvelteKit 3.2 and VitePress 1.6 write.
var (
	hashEnd    = regexp.MustCompile(`(?:^|[.-])([0-9a-f]{8,64}|[\w-]{8})$`)
	extensions = regexp.MustCompile(`^(?:\.[A-Za-z]\w{0,9})+$`)
)

// Names that people write.
var (
	number      = regexp.MustCompile(`^\d+$`)
	date        = regexp.MustCompile(`^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$`)
	word        = regexp.MustCompile(`^(?:[A-Z]?[a-z]+|[a-z]*\d*(?:[_-][a-z]*\d*)+|(?:[A-Z]?[a-z]+|[A-Z]+)_?\d{3,})$`)
	camelCase   = regexp.MustCompile(`^(?:[a-z]{2,}|[A-Z][a-z]+)(?:[A-Z][a-z]{2,})+\d*$`)
	hexadecimal = regexp.MustCompile(`^(?:[0-9]+[a-f]|[a-f]{1,2}[0-9])[0-9a-f]*$`)
	hexWord     = regexp.MustCompile(`^[a-f]{3,}\d+$`)
)

// looksOf returns whether a file's name has a hash, which other extensions than the
// last may follow.
func looksOf(name string) (best look) {
	for i := range name {
		if name[i] != '.' || !extensions.MatchString(name[i:]) {
			continue
		}
		match := hashEnd.FindStringSubmatchIndex(name[:i])
		if match == nil {
			continue
		}
		hash := name[match[2]:i]
		looks := looksOfHash(hash)
		if looks == worded && hash == name[:i] {
			looks = plain
		}
		best = max(best, looks)
	}
	return best
}

func looksOfHash(hash string) look {
	switch {
	case date.MatchString(hash):
		return worded
	case number.MatchString(hash), hexWord.MatchString(hash), camelCase.MatchString(hash):
		return unsure
	case hexadecimal.MatchString(hash):
		return hashed
	case word.MatchString(hash):
		return worded
	}
	return hashed
}
