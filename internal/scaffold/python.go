package scaffold

import (
	"io/fs"
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// hostNote is about what the app sees in place of its viewer's host.
const hostNote = "The app sees the function URL's host until it trusts one proxy: docs/web-apps.md has the line for each framework."

var factory = regexp.MustCompile(`(?m)^def ((?:create|make)_app)\(`)

// object returns the first file with an app of a class, and the app as servers name it:
// app:app, or app:create_app() for a function that returns it.
func (d directory) object(class string) (file, name string) {
	variable := regexp.MustCompile(`(?m)^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?` + class + `\(`)
	for _, file := range d.with(".py") {
		text := d.text(file)
		if found := variable.FindStringSubmatch(text); found != nil {
			return file, moduleOf(file) + ":" + found[1]
		}
		if found := factory.FindStringSubmatch(text); found != nil && strings.Contains(text, class+"(") {
			return file, moduleOf(file) + ":" + found[1] + "()"
		}
	}
	return "", ""
}

func moduleOf(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(file, ".py"), "/__init__"), "/", ".")
}

func (d directory) requires(name string) bool {
	return regexp.MustCompile(`(?im)(?:^|["'\s])` + name + `(?:$|[^\w.-])`).MatchString(d.text("requirements.txt") + "\n" + d.text("pyproject.toml"))
}

// python returns the plan for an app in Python that a command of a package starts.
func (d directory) python(what, file, server, command string, notes ...string) (*Plan, error) {
	switch {
	case file == "":
		return nil, nil
	case !d.has("requirements.txt") && !d.has("pyproject.toml"):
		return nil, fault.New("write it by: python3 -m pip freeze > requirements.txt", "has %s, and no requirements.txt with its packages", file)
	case !d.requires(server):
		return nil, fault.New("add a line with one to requirements.txt: gunicorn, or uvicorn for FastAPI", "has %s, and its packages include no server for it", file)
	}
	return &Plan{What: what + " in " + file, Notes: notes, Command: command}, nil
}

const gunicorn = "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 "

func findFlask(d directory) (*Plan, error) {
	file, app := d.object("Flask")
	if strings.HasSuffix(app, ")") {
		app = "'" + app + "'"
	}
	if file != "" && !d.requires("gunicorn") {
		return d.python("a Flask app", file, "flask", "python -m flask --app "+app+" run --port $PORT",
			hostNote, "Flask's own server runs the app: add gunicorn to its packages, and write Command as in docs/web-apps.md.")
	}
	return d.python("a Flask app", file, "gunicorn", gunicorn+app, hostNote)
}

func findFastAPI(d directory) (*Plan, error) {
	file, app := d.object("FastAPI")
	if function, ok := strings.CutSuffix(app, "()"); ok {
		app = "--factory " + function
	}
	return d.python("a FastAPI app", file, `(?:uvicorn|fastapi-cli|fastapi\[(?:standard|all)\])`, "python -m uvicorn --port $PORT "+app, hostNote)
}

func findDjango(d directory) (*Plan, error) {
	files := d.with("/wsgi.py")
	if !d.has("manage.py") || len(files) == 0 {
		return nil, nil
	}
	return d.python("a Django project", files[0], "gunicorn", gunicorn+moduleOf(files[0]),
		"Django rejects hosts that ALLOWED_HOSTS doesn't name: docs/web-apps.md has its settings behind CloudFront.")
}

var (
	importsChalice = regexp.MustCompile(`(?m)^(?:from|import) chalice\b`)

	// unchecked matches authorizers that Chalice's own server lets everybody pass.
	//
	// Seen: LocalGatewayAuthorizer in chalice 1.33.0.
	unchecked = regexp.MustCompile(`\b(?:CognitoUserPool|IAM|Custom)Authorizer\(`)
)

// chaliceServer starts Chalice's own server, which turns requests into events of API
// Gateway. `chalice local` would need a .chalice/config.json.
const chaliceServer = `exec python -c 'from os import environ; from app import app; from chalice.config import Config; ` +
	`from chalice.local import create_local_server; create_local_server(app, Config(), "127.0.0.1", int(environ["PORT"])).serve_forever()'`

func findChalice(d directory) (*Plan, error) {
	if !importsChalice.MatchString(d.text("app.py")) {
		return nil, nil
	}
	for _, file := range d.with(".py") {
		if name := unchecked.FindString(d.text(file)); name != "" {
			return nil, fault.New("stay with chalice deploy, or check callers in the app", "%s has %s…), which only API Gateway checks", file, name)
		}
	}
	plan, err := d.python("a Chalice app", "app.py", "chalice", chaliceServer,
		"Chalice's own server runs the routes of the app; its schedules, queues and other events aren't deployed.")
	if entries, _ := fs.ReadDir(d, "static"); err == nil && len(entries) > 0 {
		plan.Static = "../static"
		for _, entry := range entries {
			pattern := "/" + entry.Name()
			if entry.IsDir() {
				pattern += "/*"
			}
			if !strings.HasPrefix(pattern, "/.") {
				plan.Patterns = append(plan.Patterns, pattern)
			}
		}
	}
	return plan, err
}
