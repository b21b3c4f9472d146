package bundle

import (
	"fmt"
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
	files := []string{os.Getenv("UV_CONFIG_FILE"), "/etc/uv/uv.toml"}
	places := append(filepath.SplitList(os.Getenv("XDG_CONFIG_DIRS")), os.Getenv("XDG_CONFIG_HOME"), os.Getenv("APPDATA"), os.Getenv("ProgramData"))
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places, filepath.Join(home, ".config"))
	}
	for _, place := range places {
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

	// uvIndexes matches settings of uv that name package indexes.
	uvIndexes = regexp.MustCompile(`(?m)^UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS)=.|^\s*(index|index-url|extra-index-url|find-links)\s*=|^\s*\[\[(tool\.uv\.)?index\]\]`)
	indexLine = regexp.MustCompile(`^(-i|--index-url) `)
)

// pipIndexes returns arguments and variables that tell uv the package indexes that
// pip is set to, unless uv has some of its own: uv reads no settings of pip, and would
// ask the public index for packages of a private one.
func (r *requirements) pipIndexes() (arguments, set []string) {
	if settings, _, err := uvSettings(r.dir); err != nil || slices.ContainsFunc(settings, uvIndexes.MatchString) {
		return nil, nil
	}
	output, err := pip("config", "list").Output()
	if err != nil {
		return nil, nil
	}
	names := map[string]string{
		"index-url": "UV_DEFAULT_INDEX=", "extra-index-url": "UV_EXTRA_INDEX_URL=", "find-links": "UV_FIND_LINKS=", "trusted-host": "UV_INSECURE_HOST=", "cert": "SSL_CERT_FILE=",
	}
	if slices.ContainsFunc(r.lines, indexLine.MatchString) {
		// A variable would override the line.
		delete(names, "index-url")
	}
	if os.Getenv("SSL_CERT_FILE") != "" {
		delete(names, "cert")
	}
	for _, match := range pipSetting.FindAllStringSubmatch(string(output), -1) {
		values := strings.Fields(strings.ReplaceAll(match[2], `\n`, " "))
		switch name := names[match[1]]; {
		case match[1] == "no-index" && pipTrue.MatchString(match[2]):
			arguments = []string{"--no-index"}
		case name == "UV_FIND_LINKS=":
			set = append(set, name+strings.Join(values, ","))
		case name != "":
			set = append(set, name+strings.Join(values, " "))
		}
		// Variables, which win, are listed first.
		delete(names, match[1])
	}
	return arguments, set
}

// pipTrue matches what pip takes for true.
var pipTrue = regexp.MustCompile(`(?i)^(y|yes|t|true|on|1)$`)

// variables returns the variables of the environment whose names begin with a
// prefix, in any case, because npm ignores it. They are sorted.
func variables(prefix string) []string {
	found := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return !strings.HasPrefix(strings.ToLower(variable), strings.ToLower(prefix))
	})
	slices.Sort(found)
	return found
}
