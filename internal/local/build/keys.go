package build

import (
	"crypto/rand"
	"path"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// SecretAccessKey is the secret of the printed keys, for every account. It is the
// same on every machine, and only a local edge accepts it.
const SecretAccessKey = "local/cloudfurl/secret/key/of/no/account"

// originAccessAccount is a made-up id for the account of AWS from which origin
// access control calls. Seen: the events of such calls name that account
// and a session of its role OriginAccessControlRole.
const originAccessAccount = "000000000000"

// A keyring holds the keys that a local edge knows: a person's for each account,
// which belong to an administrator there, one for each distribution, with which
// origin access control signs, and one for the role of each function.
type keyring struct {
	identities map[string]sigv4.Identity

	// roles are the roles of functions, by access key.
	roles map[string]*role
}

func newKeyring() *keyring {
	return &keyring{identities: map[string]sigv4.Identity{}, roles: map[string]*role{}}
}

// addPerson returns the access key id of an administrator of account.
func (k *keyring) addPerson(account string) string {
	id := personKey(account)
	k.addAdministrator(sigv4.Credentials{AccessKeyID: id, SecretAccessKey: SecretAccessKey}, account)
	return id
}

// addAdministrator lets keys be those of an administrator of account. Keys have one
// account, the last.
func (k *keyring) addAdministrator(credentials sigv4.Credentials, account string) {
	k.identities[credentials.AccessKeyID] = sigv4.Identity{
		Credentials: credentials,
		Account:     account,
		ARN:         "arn:aws:iam::" + account + ":user/local",
		UserID:      "AIDALOCL" + account,
	}
}

// personKey returns the access key id of an administrator of account.
func personKey(account string) string { return "AKIALOCL" + account }

// addDistribution returns new temporary keys of CloudFront, acting for a
// distribution.
func (k *keyring) addDistribution(arn, account string) sigv4.Credentials {
	credentials := temporaryCredentials("ASIA")
	k.identities[credentials.AccessKeyID] = sigv4.Identity{
		Credentials:   credentials,
		Account:       originAccessAccount,
		ARN:           "arn:aws:sts::" + originAccessAccount + ":assumed-role/OriginAccessControlRole/OriginAccessSession",
		Service:       "cloudfront.amazonaws.com",
		SourceARN:     arn,
		SourceAccount: account,
	}
	return credentials
}

// temporaryCredentials returns random credentials, whose access key id starts
// with prefix and has the 20 characters of AWS's.
func temporaryCredentials(prefix string) sigv4.Credentials {
	return sigv4.Credentials{
		AccessKeyID:     prefix + rand.Text()[:20-len(prefix)],
		SecretAccessKey: rand.Text(),
		SessionToken:    rand.Text(),
	}
}

// addRole returns new temporary keys of a function's role.
func (k *keyring) addRole(owner *role, account, functionName string) sigv4.Credentials {
	credentials := temporaryCredentials("ASIALOCAL")
	k.identities[credentials.AccessKeyID] = sigv4.Identity{
		Credentials: credentials,
		Account:     account,
		ARN:         "arn:aws:sts::" + account + ":assumed-role/" + path.Base(owner.arn) + "/" + functionName,
		UserID:      "AROALOCL" + account + ":" + functionName,
	}
	k.roles[credentials.AccessKeyID] = owner
	return credentials
}

// lookup returns the identity that holds an access key.
func (k *keyring) lookup(accessKeyID string) (sigv4.Identity, bool) {
	identity, ok := k.identities[accessKeyID]
	return identity, ok
}
