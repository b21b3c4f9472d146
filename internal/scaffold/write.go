package scaffold

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"text/template"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Name is the directory of the CDK app, below that of the app that it deploys. It is a
// Go module of its own, so one around it stays as it is.
const Name = "cloudfurl"

// Module is the path of this repository's module, and goVersion the oldest Go for it.
const (
	Module    = "github.com/cloudfurl/cloudfurl"
	goVersion = "1.26.0"
)

//go:embed files/*.tmpl
var files embed.FS

var templates = template.Must(template.ParseFS(files, "files/*.tmpl"))

// Write writes the CDK app of a plan below dir, with a version of cloudfurl or the
// directory of its sources, and returns the new directory.
func (p *Plan) Write(dir, version, source string) (written string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	written = filepath.Join(dir, Name)
	if err := os.Mkdir(written, 0o777); errors.Is(err, fs.ErrExist) {
		return "", fault.At(written, fault.New("remove it first to have it written anew", "exists already, so nothing is written"))
	} else if err != nil {
		return "", err
	}
	values := map[string]any{
		"Plan": p, "Stack": stackName(filepath.Base(dir)), "Name": Name, "CPU": runtime.GOARCH,
		"Module": Module, "Version": version, "Source": source, "Go": goVersion,
	}
	for _, file := range templates.Templates() {
		name := strings.TrimSuffix(file.Name(), ".tmpl")
		var content bytes.Buffer
		if err := file.Execute(&content, values); err != nil {
			return "", err
		}
		text := content.Bytes()
		if path.Ext(name) == ".go" {
			if text, err = format.Source(text); err != nil {
				return "", err
			}
		}
		if err := os.WriteFile(filepath.Join(written, name), text, 0o666); err != nil {
			return "", err
		}
	}
	return written, nil
}

var wordOfName = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// stackName returns the name of the stack for a directory.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
func stackName(dir string) (name string) {
	for _, word := range wordOfName.FindAllString(dir, -1) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return cmp.Or(name[:min(len(name), 128)], "App")
}
