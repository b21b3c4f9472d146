package build

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// withKeyGroup adds a key group of one public key to the behavior /api/*, whose
// function responds with the key's id.
func withKeyGroup(t *testing.T, key crypto.PublicKey) func(object) {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	encoded := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	return withAPI(func(r object) {
		r["Key"] = object{"Type": "AWS::CloudFront::PublicKey", "Metadata": object{"aws:cdk:path": "Site/Key/Resource"}, "Properties": object{
			"PublicKeyConfig": object{"CallerReference": "1", "Name": "key", "EncodedKey": encoded}}}
		r["Group"] = object{"Type": "AWS::CloudFront::KeyGroup", "Metadata": object{"aws:cdk:path": "Site/Group/Resource"}, "Properties": object{
			"KeyGroupConfig": object{"Name": "group", "Items": []any{object{"Ref": "Key"}}}}}
		apiBehavior(r)["TrustedKeyGroups"] = []any{object{"Ref": "Group"}}
		properties(r, "Api")["Environment"] = object{"Variables": object{"KEY_PAIR_ID": object{"Ref": "Key"}}}
		properties(r, "Api")["Code"] = object{"ZipFile": "exports.handler = async () => process.env.KEY_PAIR_ID"}
		r["Public"] = permission("lambda:InvokeFunctionUrl", object{"FunctionUrlAuthType": "NONE"})
		r["Invoke"] = permission("lambda:InvokeFunction", object{"InvokedViaFunctionUrl": true})
	})
}

func TestKeyGroup_opens_a_behavior_to_signed_URLs_with_the_id_that_Ref_returns(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// Without the behavior's key group, the function says the id.
	public := withKeyGroup(t, &key.PublicKey)
	edge, _ := open(t, siteAssembly(t, func(r object) {
		public(r)
		delete(apiBehavior(r), "TrustedKeyGroups")
	}), Options{})
	_, quoted := get(t, edge, "/api/id")
	id := strings.Trim(quoted, `"`)

	edge, log := open(t, siteAssembly(t, public), Options{})
	if resp, body := get(t, edge, "/api/hello"); resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "<Code>MissingKey</Code>") {
		t.Errorf("unsigned: got %d %s", resp.StatusCode, body)
	}
	log.Want(t, "the behavior /api/* has key groups", "hint=")
	digest := sha256.Sum256([]byte(`{"Statement":[{"Resource":"https://example.com/api/hello","Condition":{"DateLessThan":{"AWS:EpochTime":2114380800}}}]}`))
	signature, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	encoded := strings.NewReplacer("+", "-", "=", "_", "/", "~").Replace(base64.StdEncoding.EncodeToString(signature))
	if resp, body := get(t, edge, "/api/hello?Expires=2114380800&Hash-Algorithm=SHA256&Signature="+encoded+"&Key-Pair-Id="+id); resp.StatusCode != http.StatusOK || body != quoted {
		t.Errorf("signed with %s: got %d %s", id, resp.StatusCode, body)
	}
	if resp, _ := get(t, edge, "/"); resp.StatusCode != http.StatusOK {
		t.Errorf("the behavior without key groups: got %d", resp.StatusCode)
	}
}

func TestKeyGroup_rejects_a_key_that_CloudFront_rejects(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log, _ := logtest.New()
	_, err = buildDir(siteAssembly(t, withKeyGroup(t, &key.PublicKey)), Options{}, log)
	wantError(t, err, "Site/Key, PublicKeyConfig.EncodedKey: isn't a public key in PEM", "openssl pkey")
}
