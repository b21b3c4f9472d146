package build

import "testing"

func TestOpen_responds_with_501_for_an_imported_bucket(t *testing.T) {
	edge, log := open(t, siteAssembly(t, func(r object) {
		siteOrigin(r)["DomainName"] = "imported.s3.us-west-2.amazonaws.com"
		delete(r, sitePolicy)
	}), Options{})
	wantStub(t, edge, "/", "signs for an origin that isn't a function URL or bucket of this assembly", "--origin SiteOrigin1=URL")
	log.Want(t, "level=ERROR", "its requests get 501")
}
