package bundle

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// unknownSettings matches settings that name files, which may change.
	unknownSettings = regexp.MustCompile(`(?im)find-links|file:|^(UV|PIP)_(FIND_LINKS|CONSTRAINT|OVERRIDE|EXCLUDE)=.`)

	// builds matches settings that make uv build packages, whatever its command says.
	// Its variables don't.
	//
	// Seen: uv 0.13.9.
	builds = regexp.MustCompile(`(?m)^[^#\n]*no-binary`)
)

// uvSettings returns the settings of uv and pip on this machine: variables, and
// configuration files of uv. It returns known false if they name files.
//
// Left out: pip's configuration files, which count when packages are installed.
func uvSettings(dir string) (settings []string, known bool, err error) {
	for _, name := range uvFiles(dir) {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if builds.Match(text) {
			return nil, false, fmt.Errorf("%s sets no-binary, by which uv would build packages for this machine: remove the setting, or set UV_NO_CONFIG=1", name)
		}
		settings = append(settings, string(text))
	}
	settings = slices.Concat(variables("UV_"), variables("PIP_"), settings)
	return settings, !slices.ContainsFunc(settings, unknownSettings.MatchString), nil
}

// uvFiles returns the paths where uv looks for its configuration.
//
// See: https://docs.astral.sh/uv/concepts/configuration-files/
func uvFiles(dir string) []string {
	if none, _ := strconv.ParseBool(os.Getenv("UV_NO_CONFIG")); none {
		return nil
	}
	files := []string{os.Getenv("UV_CONFIG_FILE")}
	home, _ := os.UserHomeDir()
	places := []string{"/etc", os.Getenv("XDG_CONFIG_HOME"), os.Getenv("APPDATA"), os.Getenv("ProgramData"), filepath.Join(home, ".config")}
	for _, place := range append(places, filepath.SplitList(os.Getenv("XDG_CONFIG_DIRS"))...) {
		files = append(files, filepath.Join(place, "uv", "uv.toml"))
	}
	for {
		files = append(files, filepath.Join(dir, "uv.toml"), filepath.Join(dir, projectFile))
		above := filepath.Dir(dir)
		if above == dir {
			return files
		}
		dir = above
	}
}

var (
	// pipSetting matches a line of pip config list.
	pipSetting = regexp.MustCompile(`(?m)^\S+\.([a-z-]+)=['"](.+)['"]\r?$`)
	pipTrue    = regexp.MustCompile(`(?i)^(y|yes|t|true|on|1)$`)

	// uvIndexes matches settings of uv that name package indexes.
	uvIndexes = regexp.MustCompile(`(?m)^UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS)=.|^\s*(index|index-url|extra-index-url|find-links)\s*=|^\s*\[\[(tool\.uv\.)?index\]\]`)
	indexLine = regexp.MustCompile(`(?m)^\s*(-i|--index-url)\b`)
)

// pipIndexes returns arguments and variables that tell uv the package indexes that
// pip is set to, unless uv has some of its own: uv reads no settings of pip, and would
// ask the public index for packages of a private one.
func (r *requirements) pipIndexes(settings []string) (arguments, set []string) {
	if slices.ContainsFunc(settings, uvIndexes.MatchString) {
		return nil, nil
	}
	names := map[string]string{"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_EXTRA_INDEX_URL", "find-links": "UV_FIND_LINKS", "cert": "SSL_CERT_FILE"}
	if slices.ContainsFunc(slices.Collect(maps.Values(r.texts)), indexLine.MatchString) {
		// A variable would override the line.
		delete(names, "index-url")
	}
	// Without pip, there is nothing.
	output, _ := pip("config", "list").Output()
	for _, match := range pipSetting.FindAllStringSubmatch(string(output), -1) {
		separator := " "
		if match[1] == "find-links" {
			separator = ","
		}
		if name := names[match[1]]; name != "" && os.Getenv(name) == "" {
			set = append(set, name+"="+strings.Join(strings.Fields(strings.ReplaceAll(match[2], `\n`, " ")), separator))
		}
		if match[1] == "no-index" && pipTrue.MatchString(match[2]) {
			arguments = []string{"--no-index"}
		}
		// Variables, which win, are listed first.
		delete(names, match[1])
	}
	return arguments, set
}

// variables returns the variables of the environment whose names begin with a
// prefix, in any case, because npm ignores it. They are sorted.
func variables(prefix string) []string {
	found := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return !strings.HasPrefix(strings.ToLower(variable), strings.ToLower(prefix))
	})
	slices.Sort(found)
	return found
}
