package build

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// codeProperties are the property Code of a function.
type codeProperties struct {
	S3Bucket                         string
	S3Key                            string
	ZipFile                          string
	ImageUri                         template.Lazy // of another app, it may refer to what isn't known
	S3ObjectVersion, SourceKMSKeyArn template.NoEffect
}

// inlineFiles holds the files that Lambda writes a ZipFile to, by the runtime's
// family.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
var inlineFiles = map[string]string{"nodejs": "index.js", "python": "index.py"}

// codeDirectory returns the directory of a function's code. Archives are unpacked
// to one that newDir makes.
func codeDirectory(r *template.Resource, code codeProperties, runtime string, newDir func(kind string) (string, error)) (string, error) {
	if code.ZipFile != "" {
		return inlineCode(r, code.ZipFile, runtime, newDir)
	}
	if code.S3Key == "" {
		return "", wrong(r, "Code", "give the function code", "has neither S3Key nor ZipFile")
	}
	asset, err := r.Asset(code.S3Key)
	if err != nil {
		return "", fault.At(r.Path, fault.In("Code.S3Key", err))
	}
	if asset.Packaging == assembly.PackagingZip {
		return asset.Path, nil
	}
	dir, err := newDir("code")
	if err != nil {
		return "", err
	}
	if err := unzip(asset.Path, dir); err != nil {
		return "", wrong(r, "Code.S3Key", "run cdk synth again", "%s can't be unpacked: %w", asset.Path, err)
	}
	return dir, nil
}

func inlineCode(r *template.Resource, source, runtime string, newDir func(kind string) (string, error)) (string, error) {
	name, ok := inlineFiles[strings.TrimRight(runtime, ".0123456789x")]
	if !ok {
		return "", wrong(r, "Code.ZipFile", "use an asset", "supports only Node.js and Python, not %s", runtime)
	}
	dir, err := newDir("code")
	if err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, name), []byte(source), 0o644)
}

// unzip unpacks an archive into dir, which no name in it can lead out of.
func unzip(archive, dir string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()
	return os.CopyFS(dir, archived{&reader.Reader})
}

// archived is an archive with its symbolic links.
type archived struct{ *zip.Reader }

// ReadLink returns where a link leads to.
func (a archived) ReadLink(name string) (string, error) {
	target, err := fs.ReadFile(a, name)
	return string(target), err
}

// Lstat describes a file or a link.
func (a archived) Lstat(name string) (fs.FileInfo, error) { return fs.Stat(a, name) }
