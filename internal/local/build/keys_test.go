package build

import "testing"

func TestKeyring_keeps_accounts_and_distributions_apart(t *testing.T) {
	keys := newKeyring()
	first, second := keys.addPerson("111122223333"), keys.addPerson("444455556666")
	signer := keys.addDistribution("arn:aws:cloudfront::111122223333:distribution/E1", "111122223333")

	for id, account := range map[string]string{first: "111122223333", second: "444455556666"} {
		identity, ok := keys.lookup(id)
		if !ok || identity.Account != account || identity.Service != "" || identity.Credentials.SecretAccessKey != SecretAccessKey {
			t.Errorf("got %+v for %s, want an administrator of %s", identity, id, account)
		}
	}
	identity, ok := keys.lookup(signer.AccessKeyID)
	if !ok || identity.Service != "cloudfront.amazonaws.com" || identity.SourceAccount != "111122223333" || identity.Account == "111122223333" {
		t.Errorf("got %+v, want CloudFront acting for the distribution", identity)
	}
	if _, ok := keys.lookup("AKIAUNKNOWN"); ok {
		t.Error("got an identity for a key that nobody has")
	}
}
