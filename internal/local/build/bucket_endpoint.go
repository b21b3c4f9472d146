package build

import (
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/bucket"
)

// endpointVariable tells the AWS SDKs where S3 is. They put the bucket's name into the
// path, because the host is an address.
//
// See: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
const endpointVariable = "AWS_ENDPOINT_URL_S3"

// A bucketEndpoint is S3 for functions, and for forms that they have presigned, at a port
// of this machine.
type bucketEndpoint struct {
	buckets map[string]*bucket.Bucket // by name
	server  http.Server
	url     string
}

// know reports whether a variable of a function is the name of a bucket.
func (f *functions) know(bucket string) bool {
	return slices.ContainsFunc(f.made, func(made *function) bool {
		return slices.Contains(slices.Collect(maps.Values(made.config.Environment)), bucket)
	})
}

// buildBucketEndpoint makes the buckets that functions know by a variable. With AWS's
// keys, they reach those on AWS.
func (b *builder) buildBucketEndpoint() error {
	resources, err := b.deployment.ResourcesOfType("AWS::S3::Bucket")
	if err != nil || b.options.AWS != nil {
		return err
	}
	b.functions.s3.buckets = map[string]*bucket.Bucket{}
	for _, r := range resources {
		name, err := r.Ref()
		if err != nil || !b.functions.know(name) {
			continue
		}
		hosts, _, err := bucketHosts(r)
		var made *originBucket
		if err == nil {
			made, err = b.bucketOf(r, hosts)
		}
		if err != nil {
			fault.Log(b.log, slog.LevelWarn, "functions can't reach the bucket "+r.Path, fault.Redact(err, b.options.Values).Error(), fault.HintOf(err))
			continue
		}
		b.functions.s3.buckets[name] = made.bucket
	}
	return nil
}

// start listens, if there is a bucket.
func (e *bucketEndpoint) start(log *slog.Logger) {
	if len(e.buckets) == 0 {
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fault.Log(log, slog.LevelWarn, "functions can't reach their buckets", err.Error(), "")
		return
	}
	e.url = "http://" + listener.Addr().String()
	e.server.Handler, e.server.ReadHeaderTimeout = e, 10*time.Second
	go e.server.Serve(listener)
	log.Info("the buckets that functions know are at " + e.url)
}

// name adds the endpoint to the variables of a function that knows a bucket, unless they
// name another one.
func (e *bucketEndpoint) name(variables map[string]string) {
	known := slices.ContainsFunc(slices.Collect(maps.Values(variables)), func(value string) bool { return e.buckets[value] != nil })
	if known && e.url != "" && variables[endpointVariable] == "" && variables["AWS_ENDPOINT_URL"] == "" {
		variables[endpointVariable] = e.url
	}
}

// ServeHTTP serves a request with the bucket in the first segment of its path.
func (e *bucketEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if found := e.buckets[name]; found != nil {
		found.ServeHTTP(w, r)
		return
	}
	http.Error(w, "cloudfurl: no function of this app knows the bucket "+name+" by a variable", http.StatusNotFound)
}
