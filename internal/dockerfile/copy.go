package dockerfile

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// CopyAdapter is the instruction that brings AWS's Lambda Web Adapter into an image.
//
// See: https://aws.github.io/aws-lambda-web-adapter/getting-started/docker-images.html
const CopyAdapter = "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:" + contract.AdapterVersion + " /lambda-adapter /opt/extensions/lambda-adapter"

// Lambda looks for extensions there, and the adapter is one.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
const (
	extensionsDir = "/opt/extensions"
	adapterName   = "lambda-adapter"
)

// maxCopies bounds the copies of a stage, which can double from stage to stage.
const maxCopies = 1000

// A copied is a file or directory of the build context and where the image has it.
type copied struct {
	outside string // path in the context, "" for the context itself
	to      string // absolute path in the image
	into    bool   // a file gets into a directory at that path
}

// copy follows the files of COPY and ADD.
//
// See: https://docs.docker.com/reference/dockerfile/#copy
func (p *parser) copy(i instruction) {
	paths, ok := jsonList(i.args)
	for n := range paths {
		paths[n], _ = p.expand(paths[n], "")
	}
	if !ok {
		paths = p.words(i.args)
	}
	last := len(paths) - 1
	if last < 1 {
		p.fail("write "+i.keyword+" SOURCE DESTINATION", "%s has the arguments %.100q", i.keyword, i.args)
		return
	}
	c := copied{to: p.stage.absolute(paths[last])}
	c.into = last > 1 || strings.HasSuffix(paths[last], "/") || c.to == p.stage.WorkDir
	executed := true
	for _, source := range paths[:last] {
		name, isAdapter := path.Base(source), strings.Contains(path.Base(source), adapterName)
		p.stage.Adapter = p.stage.Adapter || isAdapter && (c.to == extensionsDir && c.into || path.Dir(c.to) == extensionsDir)
		c.outside = path.Join("/", source)[1:]
		if strings.ContainsAny(name, "*?[") { // what else is in its directory does no harm
			c.outside = path.Dir("/" + c.outside)[1:]
		}
		switch remote := strings.HasPrefix(source, "<<") || strings.Contains(source, "://"); {
		case i.from == "" && !remote:
			p.add(c)
			continue
		case i.from != "":
			p.follow(i.from, c)
		}
		executed = executed && isAdapter
	}
	if !executed {
		p.stage.NotExecuted = append(p.stage.NotExecuted, i.line)
	}
}

func (p *parser) add(c copied) {
	if len(p.stage.copies) == maxCopies {
		p.unsupported("its stages copy more than %d files and directories", maxCopies)
		return
	}
	p.stage.copies = append(p.stage.copies, c)
}

// follow adds what another stage has from the build context at c.outside.
func (p *parser) follow(from string, c copied) {
	other := p.find(from)
	if other == nil {
		return
	}
	source := "/" + c.outside
	for _, o := range other.copies {
		part, isPart := below(o.to, source)
		rest, isRest := below(source, o.to)
		switch {
		case o.into && source == path.Join(o.to, path.Base(o.outside)):
			p.add(copied{o.outside, c.to, c.into})
		case isPart:
			p.add(copied{path.Join(o.outside, part), c.to, c.into || o.into})
		case isRest:
			p.add(copied{o.outside, path.Join(c.to, rest), o.into})
		}
	}
}

// below returns a path relative to a directory that it is in or that it is.
func below(dir, file string) (string, bool) {
	rel, ok := strings.CutPrefix(strings.TrimSuffix(file, "/")+"/", strings.TrimSuffix(dir, "/")+"/")
	return strings.TrimSuffix(rel, "/"), ok
}

// Source returns where the build context has what the image has at an absolute
// path. A directory that only some files are copied into is the one that they come
// from. What RUN makes and what other images have isn't found.
func (i *Image) Source(context, file string) (string, bool) {
	file = path.Clean(file)
	dir, found := "", false
	for _, c := range slices.Backward(i.copies) {
		outside := filepath.Join(context, c.outside)
		info, err := os.Stat(outside)
		if err != nil {
			continue
		}
		if c.into && !info.IsDir() {
			if !found && c.to == file {
				dir, found = filepath.Dir(outside), true
			}
			c.to = path.Join(c.to, path.Base(c.outside))
		}
		if rel, ok := below(c.to, file); ok {
			if source := filepath.Join(outside, rel); exists(source) {
				return source, true
			}
		}
	}
	return dir, found
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// jsonList returns the strings of the JSON form of an instruction. Docker takes what
// isn't JSON as the shell form.
func jsonList(args string) (found []string, ok bool) {
	ok = strings.HasPrefix(args, "[") && json.Unmarshal([]byte(args), &found) == nil
	return found, ok
}
