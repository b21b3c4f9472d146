package build

import (
	"archive/zip"
	"fmt"
	"io"
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

// maxLink bounds the target of a symbolic link, in bytes.
const maxLink = 4096

// unzip unpacks an archive into dir, which no name in it can lead out of.
func unzip(archive, dir string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, file := range reader.File {
		if err := unzipFile(root, file); err != nil {
			return fmt.Errorf("%s: %w", file.Name, err)
		}
	}
	return nil
}

func unzipFile(root *os.Root, file *zip.File) error {
	name := filepath.FromSlash(file.Name)
	if file.FileInfo().IsDir() {
		return root.MkdirAll(name, 0o755)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	if file.Mode()&os.ModeSymlink != 0 {
		link, err := io.ReadAll(io.LimitReader(content, maxLink))
		if err != nil {
			return err
		}
		return root.Symlink(string(link), name)
	}
	target, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, file.Mode().Perm()|0o400)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, content)
	if closing := target.Close(); err == nil {
		err = closing
	}
	return err
}
