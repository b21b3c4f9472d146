package dockerfile

import (
	"path"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// CopyAdapter is the instruction that brings AWS's Lambda Web Adapter into an image.
//
// See: https://aws.github.io/aws-lambda-web-adapter/getting-started/docker-images.html
const CopyAdapter = "COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter"

// A transfer is a COPY or ADD with its paths expanded.
type transfer struct {
	sources     []string
	destination string // absolute
	directory   bool   // the destination is a directory, whatever the source is
}

// copy follows the files of COPY and ADD.
//
// See: https://docs.docker.com/reference/dockerfile/#copy
func (s *stage) copy(i instruction) error {
	t, err := s.transfer(i)
	if err != nil {
		return err
	}
	from, fromStage := i.flags["from"]
	if strings.Contains(from, "$") {
		return fault.New("name a stage: FROM "+from+" AS adapter, with its ARG before the first FROM",
			"Docker doesn't replace variables in --from=%s", from)
	}
	if !fromStage {
		for _, source := range t.sources {
			s.copyContext(source, t)
		}
		return nil
	}
	other := s.build.source(from, s)
	for _, source := range t.sources {
		source = path.Join("/", source)
		s.copyOrigins(other.image.origins, source, t)
		s.copyAdapters(other.image.adapters, source, t)
	}
	return nil
}

// source returns the stage that --from names, or one without files for an image.
func (b *build) source(from string, current *stage) *stage {
	if s := b.numbered(from); s != nil && s != current {
		return s
	}
	return b.newStage(from)
}

func (s *stage) transfer(i instruction) (transfer, error) {
	paths, ok := list(i.args)
	if !ok {
		paths = strings.Fields(i.args)
	}
	if len(paths) < 2 {
		return transfer{}, fault.New("write "+i.keyword+" SOURCE DESTINATION", "%s has the arguments %q", i.keyword, i.args)
	}
	for n := range paths {
		var err error
		if paths[n], err = s.expand(paths[n]); err != nil {
			return transfer{}, err
		}
	}
	last := len(paths) - 1
	destination := paths[last]
	return transfer{
		sources:     paths[:last],
		destination: s.absolute(destination),
		directory:   last > 1 || strings.HasSuffix(destination, "/") || path.Base(destination) == "." || s.absolute(destination) == s.image.WorkDir,
	}, nil
}

// copyContext follows a file or directory of the build context.
func (s *stage) copyContext(source string, t transfer) {
	if strings.HasPrefix(source, "<<") || strings.Contains(source, "://") {
		return // a here-document, or a download
	}
	source = strings.TrimPrefix(path.Join("/", source), "/")
	s.add(source, t)
	if isAdapterImage(path.Base(source)) {
		s.addAdapter(path.Base(source), t)
	}
}

// copyOrigins follows files of another stage.
func (s *stage) copyOrigins(origins []origin, source string, t transfer) {
	for _, o := range origins {
		if rel, ok := below(source, o.inside); ok {
			if rel == "" && o.file && t.directory {
				rel = path.Base(source)
			}
			o.inside = path.Join(t.destination, rel)
			s.image.origins = append(s.image.origins, o)
			continue
		}
		if rel, ok := below(o.inside, source); ok && !o.file && (o.only == "" || matches(o.only, rel)) {
			s.add(path.Join(o.outside, rel), t)
		}
	}
}

// copyAdapters follows the adapter from another stage.
func (s *stage) copyAdapters(adapters []string, source string, t transfer) {
	for _, file := range adapters {
		if matches(source, file) {
			s.addAdapter(path.Base(file), t)
		} else if rel, ok := below(source, file); ok {
			s.image.adapters = append(s.image.adapters, path.Join(t.destination, rel))
		}
	}
}

func (s *stage) addAdapter(name string, t transfer) {
	destination := t.destination
	if t.directory {
		destination = path.Join(destination, name)
	}
	s.image.adapters = append(s.image.adapters, destination)
}

// isAdapterImage reports whether a name is that of AWS's adapter or a copy of it.
//
// See: https://github.com/awslabs/aws-lambda-web-adapter
func isAdapterImage(name string) bool { return strings.Contains(name, "lambda-adapter") }

// matches reports whether a pattern matches a whole path.
func matches(pattern, name string) bool {
	matched, err := path.Match(pattern, name)
	return matched && err == nil
}

// below returns a path relative to a directory that it is in or that it is.
func below(dir, file string) (string, bool) {
	if dir == file {
		return "", true
	}
	return strings.CutPrefix(file, strings.TrimSuffix(dir, "/")+"/")
}
