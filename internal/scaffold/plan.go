// Package scaffold writes a CDK app around an app that exists. It looks at the files of
// a directory, and writes a Go module below it that deploys what they are. It runs
// nothing, and changes no file that is there.
package scaffold

import (
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Plan is how a CDK app deploys what a directory holds: as a web app, a Go handler, an
// image, static files, or a web app with static files.
type Plan struct {
	// Kind is one of Kinds, and What says it in words.
	Kind, What string

	// Others are the other kinds that the directory may be of.
	Others []string

	// Programs are what the machine needs.
	Programs []string

	// Notes are sentences that the person has to know.
	Notes []string

	// Command starts a web app in Dir, or in ".." if Dir is empty. Package is the Go main
	// package that is one, or is a Handler for Lambda.
	Command, Dir, Package string
	Handler               bool

	// Port is the port that the app fixes, or "".
	Port string

	// Build is a shell command that makes what is deployed, or "".
	Build string

	// Static is the directory of static files, or "", and Patterns are the paths that
	// are served from it, or nil for all.
	Static   string
	Patterns []string
}

// kinds are what a directory may be of, in the order in which they are tried: an app
// comes before the page and the image that it may also have. A zip needs no Docker, so
// an image is the last. find returns nil if the directory isn't of the kind, which has
// the sign, and an error if something is missing.
var kinds = []struct {
	name, sign, program string
	find                func(directory) (*Plan, error)
}{
	{"flask", "a Python file with app = Flask(…)", "python3", findFlask},
	{"fastapi", "a Python file with app = FastAPI(…)", "python3", findFastAPI},
	{"django", "a manage.py and a wsgi.py", "python3", findDjango},
	{"chalice", "an app.py that imports chalice", "python3", findChalice},
	{"go", "a Go main package", "go", findGo},
	{"nextjs", "a package.json that depends on next", "npm", findNext},
	{"node", "a package.json, and a server that it starts", "npm", findNode},
	{"static", "an index.html, or one in " + strings.Join(siteDirs[1:], ", "), "go", findStatic},
	{"docker", "a Dockerfile", "docker", findDocker},
}

// Kinds returns the names of all kinds, in the order in which they are tried.
func Kinds() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// Find returns the plan for a directory: for the first kind that it is of, or for the
// only one to try. The error says what is missing.
func Find(dir, only string) (found *Plan, err error) {
	if only != "" && !slices.Contains(Kinds(), only) {
		return nil, fault.New("use one of "+strings.Join(Kinds(), ", "), "there is no kind %q", only)
	}
	d, err := readDirectory(dir)
	if err != nil {
		return nil, fault.At(dir, fault.New("pass the directory of an app", "can't be read: %w", err))
	}
	var signs []string
	for _, k := range kinds {
		if only != "" && only != k.name {
			continue
		}
		signs = append(signs, k.sign)
		plan, err := k.find(d)
		switch {
		case plan == nil && err == nil:
		case found != nil:
			found.Others = append(found.Others, k.name)
		case err != nil:
			return nil, fault.At(dir, err)
		default:
			found = plan
			found.Kind, found.Programs = k.name, slices.Compact([]string{k.program, "go", "node"})
		}
	}
	if found == nil {
		return nil, fault.At(dir, fault.New("pass a directory with one of: "+strings.Join(signs, "; "), "has no app that cloudfurl knows"))
	}
	return found, nil
}
