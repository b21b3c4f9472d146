package scaffold

import (
	"path"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
)

// siteDirs are where a site is, or where tools write one.
var siteDirs = []string{".", "dist", "build", "out", "_site", "public"}

func findStatic(d directory) (*Plan, error) {
	m, err := d.manifest()
	for _, dir := range siteDirs {
		// The index.html of what npm run build reads is no site yet.
		if page := path.Join(dir, "index.html"); d.has(page) && (dir != "." || m.build() == "") {
			return &Plan{What: "a static site in " + page, Static: path.Join("..", dir), Build: m.build()}, nil
		}
	}
	return nil, err
}

func findDocker(d directory) (*Plan, error) {
	if !d.has("Dockerfile") {
		return nil, nil
	}
	plan := &Plan{What: "a Dockerfile"}
	if !strings.Contains(d.text("Dockerfile"), "aws-lambda-adapter") {
		plan.Notes = []string{"Add this line to the Dockerfile, so that Lambda can send the app requests: " + dockerfile.CopyAdapter}
	}
	return plan, nil
}
