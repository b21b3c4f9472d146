package infra

import (
	"math"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudfront"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/edge"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
)

// maxMaxHeaderSize is CloudFront's own limit of request headers, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
const maxMaxHeaderSize = 32_768

// code returns the code of the function at viewer-request around the source of a
// handler, original_host if that is empty. It panics with an *Error about the
// construct id in scope if CloudFront couldn't run it.
func (p *OriginalHostProps) code(scope constructs.Construct, id *string, handler string) string {
	p.BodyHashing.check(scope, id)
	viewer := edge.ViewerRequest{
		RejectDefaultDomain: p.RejectDefaultDomain != nil && *p.RejectDefaultDomain,
		RequireHash:         p.BodyHashing == BodyHashing_VIEWER,
		Handler:             handler,
	}
	if size := p.MaxHeaderSize; size != nil {
		if *size < 1 || *size > maxMaxHeaderSize || *size != math.Trunc(*size) {
			construct.Fail(scope, id, "got MaxHeaderSize %v: give 1 to %d whole bytes", *size, maxMaxHeaderSize)
		}
		viewer.MaxHeaderSize = int(*size)
	}
	if p.ViewerRequestFile == nil {
		if p.KeyValueStore != nil {
			construct.Fail(scope, id, "got KeyValueStore without ViewerRequestFile: only that reads the store, give it or leave the store out")
		}
		return viewer.Source()
	}
	code, err := os.ReadFile(*p.ViewerRequestFile)
	if err != nil {
		construct.Fail(scope, id, "could not read ViewerRequestFile: %v", err)
	}
	viewer.Code = string(code)
	p.checkViewerRequest(scope, id, viewer)
	return viewer.Source()
}

// store returns the key value store of the function, or nil.
func (p *OriginalHostProps) store() interfacesawscloudfront.IKeyValueStoreRef {
	if p.KeyValueStore == nil {
		return nil
	}
	return p.KeyValueStore
}

// checkViewerRequest panics with an *Error about the construct id in scope if
// CloudFront couldn't run the ViewerRequestFile.
func (p *OriginalHostProps) checkViewerRequest(scope constructs.Construct, id *string, viewer edge.ViewerRequest) {
	file := *p.ViewerRequestFile
	if excess := len(viewer.Source()) - cloudfrontjs.MaxCodeSize; excess > 0 {
		construct.Fail(scope, id, "got ViewerRequestFile %s of %d bytes, and %d fit in the function: remove comments, minify it, or move data to a KeyValueStore",
			file, len(viewer.Code), len(viewer.Code)-excess)
	}
	script, problems := cloudfrontjs.Parse(filepath.Base(file), viewer.Code, cloudfrontjs.Runtime2)
	if len(problems) > 0 {
		construct.Fail(scope, id, "got a ViewerRequestFile that CloudFront can't run: %s:%s", file, problems[0])
	}
	for _, name := range edge.ReservedNames {
		if place, ok := script.Lookup(name); ok && name == "handler" {
			construct.Fail(scope, id, "got a ViewerRequestFile that declares handler, %s:%d: rename it to viewerRequest, handler is the function that calls it", file, place.Line)
		} else if ok {
			construct.Fail(scope, id, "got a ViewerRequestFile that declares %s, %s:%d: rename it, the function needs the name", name, file, place.Line)
		}
	}
	if _, ok := script.Lookup("viewerRequest"); !ok {
		construct.Fail(scope, id, "got ViewerRequestFile %s without a function viewerRequest: declare function viewerRequest(event), which returns event.request or a response", file)
	}
	if place, ok := script.Call("kvs"); ok && p.KeyValueStore == nil {
		construct.Fail(scope, id, "got a ViewerRequestFile that calls kvs(), %s:%d, without KeyValueStore: give the store", file, place.Line)
	}
}
