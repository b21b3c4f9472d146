package infra

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// indexFile is the page of a directory.
const indexFile = "index.html"

// validate panics with an *Error about the construct id in scope unless the
// directory can be served as the props say. It returns what the directory holds.
func (p *StaticFilesProps) validate(scope constructs.Construct, id *string) siteDirectory {
	if p == nil || p.Directory == nil || *p.Directory == "" {
		construct.Fail(scope, id, `StaticFiles got no Directory: give the one that holds the files, such as "./dist"`)
	}
	site, problem := readSiteDirectory(*p.Directory, publish.Rules{Site: true, Exclude: texts(p.Exclude), Assembly: *awscdk.Stage_Of(scope).AssetOutdir()})
	if problem != "" {
		construct.Fail(scope, id, "%s", problem)
	}
	if p.PathPatterns != nil && len(*p.PathPatterns) == 0 {
		construct.Fail(scope, id, `got an empty list of PathPatterns: give some, such as "/css/*", or leave it out to serve the whole site`)
	}
	needsIndex := p.PathPatterns == nil || p.isSinglePageApp()
	if p.PathPatterns != nil {
		taken := map[string]bool{}
		for _, pattern := range *p.PathPatterns {
			p.validatePattern(scope, id, site, *pattern)
			if taken[*pattern] {
				construct.Fail(scope, id, "got PathPattern %s twice: remove one", *pattern)
			}
			taken[*pattern] = true
			needsIndex = needsIndex || globExpression(*pattern).MatchString("/")
		}
	}
	if needsIndex && !site.has(indexFile) {
		construct.Fail(scope, id, "got Directory %q without %s, the page of the path /: add one, or give PathPatterns for the files it has", *p.Directory, indexFile)
	}
	p.validateImmutable(scope, id, site)
	return site
}

func (p *StaticFilesProps) validatePattern(scope constructs.Construct, id *string, site siteDirectory, pattern string) {
	if problem := patternProblem(pattern); problem != "" {
		construct.Fail(scope, id, "%s", problem)
	}
	if !site.matches(pattern) && pattern != "/" {
		construct.Fail(scope, id, "got PathPattern %s, for which Directory %q has no file: files are served at their paths below Directory, without those that are left out", pattern, *p.Directory)
	}
}

// validateImmutable panics with an *Error if the patterns select nothing, or a
// page, which browsers must ask for again.
func (p *StaticFilesProps) validateImmutable(scope constructs.Construct, id *string, site siteDirectory) {
	if p.ImmutablePatterns == nil {
		return
	}
	for _, pattern := range *p.ImmutablePatterns {
		file := site.matched(*pattern)
		switch {
		case strings.HasPrefix(*pattern, "/"):
			construct.Fail(scope, id, "got ImmutablePattern %q: leave out the slash at its beginning, patterns are relative to Directory", *pattern)
		case file == "":
			construct.Fail(scope, id, "got ImmutablePattern %q, for which Directory %q has no file: correct or remove it", *pattern, *p.Directory)
		}
		expression := globExpression(*pattern)
		isPage := func(file publish.File) bool {
			return strings.HasSuffix(file.Path, ".html") && expression.MatchString(file.Path)
		}
		if page := slices.IndexFunc(site.Files, isPage); page >= 0 {
			construct.Fail(scope, id, "got ImmutablePattern %q, which selects the page %s: browsers would keep it for a year, give a pattern for files with a hash in their names", *pattern, site.Files[page].Path)
		}
	}
}
