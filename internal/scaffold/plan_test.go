package scaffold_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cloudfurl/cloudfurl/internal/scaffold"
)

// flask is the smallest app in Flask.
const flask = "from flask import Flask\n\napp = Flask(__name__)\n"

func TestFind_knows_what_a_directory_holds(t *testing.T) {
	for name, test := range map[string]struct {
		files []string
		want  scaffold.Plan
	}{
		"Flask with gunicorn": {
			[]string{"app.py", flask, "requirements.txt", "flask==3.0.0\ngunicorn==21.2.0\n", "Dockerfile", "FROM python\n", "static/index.html", ""},
			scaffold.Plan{Kind: "flask", What: "a Flask app in app.py", Others: []string{"docker"},
				Command: "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 app:app"},
		},
		"Flask alone, with a factory": {
			[]string{"site/__init__.py", "import flask\n\ndef create_app():\n    return flask.Flask(__name__)\n", "tests/test_app.py", flask, "pyproject.toml", "dependencies = [\"flask>=3\"]\n"},
			scaffold.Plan{Kind: "flask", What: "a Flask app in site/__init__.py", Command: "python -m flask --app 'site:create_app()' run --port $PORT"},
		},
		"FastAPI": {
			[]string{"app/main.py", "from fastapi import FastAPI\nservice: FastAPI = FastAPI(title='a')\n", "requirements.txt", "fastapi[standard]==0.120\n"},
			scaffold.Plan{Kind: "fastapi", What: "a FastAPI app in app/main.py", Command: "python -m uvicorn --port $PORT app.main:service"},
		},
		"Django": {
			[]string{"manage.py", "", "shop/wsgi.py", "", "shop/settings.py", "", "requirements.txt", "Django\ngunicorn\n"},
			scaffold.Plan{Kind: "django", What: "a Django project in shop/wsgi.py", Command: "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 shop.wsgi"},
		},
		"Chalice": {
			[]string{"app.py", "from chalicelib.common import app\nfrom chalice import Response\n", "requirements.txt", "chalice\n", "static/css/style.css", "", "static/favicon.ico", ""},
			scaffold.Plan{Kind: "chalice", What: "a Chalice app in app.py", Static: "../static", Patterns: []string{"/css/*", "/favicon.ico"}},
		},
		"a Go server": {
			[]string{"go.mod", "module a\n", "main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":9090\", nil) }\n", "store/store.go", "package store\n"},
			scaffold.Plan{Kind: "go", What: "a Go server in main.go", Package: ".", Port: "9090"},
		},
		"a Go handler": {
			[]string{"go.mod", "module a\n", "cmd/web/main.go", "package main\n\nimport \"github.com/cloudfurl/cloudfurl/functions/streamhttp\"\n\nfunc main() { streamhttp.Start(nil) }\n"},
			scaffold.Plan{Kind: "go", What: "a Go handler in cmd/web/main.go", Package: "./cmd/web", Handler: true},
		},
		"Next.js": {
			[]string{"package.json", `{"dependencies": {"next": "16"}, "scripts": {"start": "next start", "build": "next build"}}`, "public/index.html", ""},
			scaffold.Plan{Kind: "nextjs", What: "a Next.js app", Others: []string{"static"}, Command: "HOSTNAME=127.0.0.1 node server.js", Dir: "../.next/standalone"},
		},
		"Express": {
			[]string{"package.json", `{"dependencies": {"express": "5"}, "scripts": {"test": "node --test"}}`, "server.mjs", "const port = 3000\napp.listen(port)\n"},
			scaffold.Plan{Kind: "node", What: "a Node.js server, node server.mjs", Command: "node server.mjs", Port: "3000"},
		},
		"a server that is built": {
			[]string{"package.json", `{"scripts": {"start": "node dist/app.js", "build": "tsc"}}`, "src/app.ts", "listen(3000)"},
			scaffold.Plan{Kind: "node", What: "a Node.js server, node dist/app.js", Command: "node dist/app.js", Build: "cd .. && npm run build"},
		},
		"SvelteKit": {
			[]string{"package.json", `{"devDependencies": {"@sveltejs/adapter-node": "5"}, "scripts": {"build": "vite build"}}`},
			scaffold.Plan{Kind: "node", What: "a Node.js server, node build", Command: "node build", Build: "cd .. && npm run build"},
		},
		"a port of the environment": {
			[]string{"package.json", `{"main": "./app.js"}`, "app.js", "const port = process.env.PORT || 3000\napp.listen(port)\n"},
			scaffold.Plan{Kind: "node", What: "a Node.js server, node app.js", Command: "node app.js"},
		},
		"a static site": {
			[]string{"index.html", "", "about/index.html", ""},
			scaffold.Plan{Kind: "static", What: "a static site in index.html", Static: ".."},
		},
		"a site that is built": {
			[]string{"index.html", "", "dist/index.html", "", "package.json", `{"scripts": {"build": "vite build"}}`},
			scaffold.Plan{Kind: "static", What: "a static site in dist/index.html", Static: "../dist", Build: "cd .. && npm run build"},
		},
		"a Dockerfile": {
			[]string{"Dockerfile", "FROM ruby\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter\nEXPOSE 4567\n", "app.rb", ""},
			scaffold.Plan{Kind: "docker", What: "a Dockerfile"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := scaffold.Find(directoryOf(t, test.files...), "")
			if err != nil {
				t.Fatal(err)
			}
			ignored := []string{"Programs", "Notes"}
			if test.want.Kind == "nextjs" {
				ignored = append(ignored, "Build")
			}
			if test.want.Kind == "chalice" {
				ignored = append(ignored, "Command")
			}
			if diff := cmp.Diff(&test.want, got, cmpopts.IgnoreFields(scaffold.Plan{}, ignored...)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFind_takes_the_kind_that_is_given(t *testing.T) {
	dir := directoryOf(t, "app.py", flask, "requirements.txt", "flask\ngunicorn\n", "Dockerfile", "FROM python\n")
	plan, err := scaffold.Find(dir, "docker")
	if err != nil || plan.Kind != "docker" || plan.Others != nil {
		t.Errorf("got %+v (%v), want the Dockerfile", plan, err)
	}
	if notes := strings.Join(plan.Notes, "\n"); !strings.Contains(notes, "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter") {
		t.Errorf("got notes %q, want the line that the Dockerfile lacks", notes)
	}
}

func TestFind_says_what_is_missing(t *testing.T) {
	for name, test := range map[string]struct {
		files []string
		kind  string
		want  []string
	}{
		"nothing known":         {[]string{"notes.txt", ""}, "", []string{"has no app that cloudfurl knows", "a Python file with app = Flask(…); ", "; a Dockerfile"}},
		"not of the kind":       {[]string{"app.py", flask}, "go", []string{"has no app", "pass a directory with one of: a Go main package"}},
		"unknown kind":          {[]string{"app.py", flask}, "rails", []string{`there is no kind "rails"`, "use one of flask, fastapi, "}},
		"Flask unpinned":        {[]string{"app.py", flask}, "", []string{"has app.py, and no requirements.txt", "pip freeze"}},
		"FastAPI and no server": {[]string{"app.py", "app = FastAPI()\n", "requirements.txt", "fastapi\n"}, "", []string{"has app.py, and its packages include no server", "uvicorn"}},
		"Django and no server":  {[]string{"manage.py", "", "a/wsgi.py", "", "requirements.txt", "django\n"}, "", []string{"has a/wsgi.py", "gunicorn"}},
		"unchecked callers": {[]string{"app.py", "import chalice\n", "chalicelib/auth.py", "a = CognitoUserPoolAuthorizer('A')\n", "requirements.txt", "chalice\n"}, "",
			[]string{"chalicelib/auth.py has CognitoUserPoolAuthorizer(…), which only API Gateway checks", "stay with chalice deploy"}},
		"broken package.json": {[]string{"package.json", "{"}, "", []string{"has a package.json that can't be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := directoryOf(t, test.files...)
			_, err := scaffold.Find(dir, test.kind)
			wantError(t, err, test.want...)
		})
	}
	_, err := scaffold.Find("nowhere", "")
	wantError(t, err, "nowhere: can't be read", "pass the directory of an app")
}
