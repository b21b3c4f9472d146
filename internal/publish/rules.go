package publish

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Names of files and directories that Exclude says nothing about, in lower case, as
// patterns of path.Match.
var (
	// leftOutNames are no part of a site or an app: what version control, editors,
	// systems and tools keep beside the files, and settings that hold passwords and
	// tokens.
	leftOutNames = strings.Fields(`
		.git .hg .svn .bzr _darcs .idea .vscode .ds_store ._* thumbs.db desktop.ini cdk.out
		.env .env.* .env-* .env_* .envrc .dev.vars* .secrets* .vault-token .htpasswd .git-credentials .*_history
		.netrc _netrc .npmrc .yarnrc .yarnrc.yml .pypirc pip.conf .pip.conf pip.ini .pip .m2 .gradle .cargo .config
		.pgpass .my.cnf .boto .s3cfg .aws .azure .docker .dockercfg .dockerconfigjson .gnupg .kube .ssh
		.terraform .terraform.d .terraformrc`)

	// backupNames are files that editors and merges leave behind.
	backupNames = strings.Fields(`*~ #*# .#* *.swp *.swo *.bak *.orig`)

	// leftOutOfApps are Python's files of this machine.
	leftOutOfApps = strings.Fields(`.venv venv __pycache__ *.pyc .pytest_cache .mypy_cache .ruff_cache .tox`)

	// keyNames are private keys.
	keyNames = strings.Fields(`
		id_rsa id_dsa id_ecdsa id_ecdsa_sk id_ed25519 id_ed25519_sk
		*.key.old secring.gpg *.ppk *.p12 *.pfx *.p8 *.pk8 *.jks *.jceks *.bks *.keystore *.kdbx master.key privkey.der`)

	// keyTypes are extensions of keys, and of files that anybody may read, such as
	// certificates.
	keyTypes = []string{".key", ".pem"}

	// secretNames are what consoles and tools call files with passwords and tokens.
	secretNames = strings.Fields(`
		client_secret*.json service-account*.json service_account*.json serviceaccount*.json *accesskeys*.csv rootkey.csv
		*.env env.prod env.production env.dev env.development env.staging env.local netrc pgpass pgpass.conf
		htpasswd *.htpasswd *.keytab kubeconfig *.kubeconfig *.ovpn *.tfstate *.tfstate.* *.tfvars *.tfvars.json`)

	// secretStems are such names without one of the dataTypes. With other extensions
	// they are pages, pictures and modules.
	secretStems = strings.Fields(`*credentials credentials.* secret secret.* *secrets secrets.* passwords passwords.*`)
	dataTypes   = strings.Fields(`.json .yml .yaml .toml .ini .properties .conf .cfg .csv .txt .xlsx`)

	// secretNamesOfSites are what nobody should read, though an app may need it.
	secretNamesOfSites = strings.Fields(`wp-config.php* *.sql *.sql.gz *.sqlite *.sqlite3 *.db`)
)

// A class is what happens to a file.
type class int

const (
	taken   class = iota
	leftOut       // without a word
	key           // left out, with a warning
	secret        // an error
)

// classOf returns what the name of a file or directory says about it.
func (r *Rules) classOf(name string, isDir bool) class {
	base := strings.ToLower(path.Base(name))
	switch {
	case matches(leftOutNames, base), !isDir && matches(backupNames, base),
		r.Site && strings.HasPrefix(base, ".") && base != ".well-known",
		!r.Site && matches(leftOutOfApps, base):
		return leftOut
	case isDir || r.isPackage(name):
		return taken
	case matches(keyNames, base):
		return key
	case matches(secretNames, base), matches(secretStems, stemOf(base)), r.Site && matches(secretNamesOfSites, base):
		return secret
	}
	return taken
}

// stemOf returns a name without its extension if that is one of data, or "".
func stemOf(base string) string {
	if extension := path.Ext(base); extension == "" || slices.Contains(dataTypes, extension) {
		return strings.TrimSuffix(base, extension)
	}
	return ""
}

// isPackage reports whether a file of an app is one of a package, which its authors
// have published, with keys for their tests.
func (r *Rules) isPackage(name string) bool {
	return !r.Site && (strings.Contains("/"+name, "/node_modules/") || strings.Contains("/"+name, "/site-packages/"))
}

func matches(patterns []string, base string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := path.Match(pattern, base)
		return matched
	})
}

// Sizes of files in bytes.
const (
	maxText    = 1 << 20 // in larger ones no key is looked for
	maxKeyFile = 1 << 26 // of those that are called keys, this much is read
)

// privateKey matches a private key in PEM, also as a string of JSON.
//
// See: https://www.rfc-editor.org/rfc/rfc7468
var privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n)+[A-Za-z0-9+/]`)

func holdsPrivateKey(file File, isKeyType bool) (bool, error) {
	if !isKeyType && file.info.Size() > maxText {
		return false, nil
	}
	source, err := os.Open(file.source)
	if err != nil {
		return false, err
	}
	defer source.Close()
	data, err := io.ReadAll(io.LimitReader(source, maxKeyFile))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = bytes.ReplaceAll(data, []byte{0}, nil) // UTF-16, as PowerShell writes
	}
	return privateKey.Match(data), err
}

// A verdict is what patterns say about a path.
type verdict int

const (
	unnamed verdict = iota
	excluded
	included
)

// patterns are lines of Exclude in the syntax of .gitignore, the last of which that
// matches decides.
type patterns []pattern

type pattern struct {
	glob    string
	says    verdict
	onlyDir bool
}

// parsePatterns returns the patterns of some lines.
//
// See: https://git-scm.com/docs/gitignore#_pattern_format
func parsePatterns(lines []string) (parsed patterns, err error) {
	for _, line := range lines {
		text := strings.TrimRight(line, " \t\r")
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		p := pattern{says: excluded}
		if rest, ok := strings.CutPrefix(text, "!"); ok {
			p.says, text = included, rest
		}
		p.glob, p.onlyDir = globOf(text)
		if !doublestar.ValidatePattern(p.glob) {
			return parsed, fmt.Errorf("Exclude has %q, which isn't a pattern: close its bracket, or write a backslash before it", line)
		}
		parsed = append(parsed, p)
	}
	return parsed, nil
}

// globOf returns a pattern in the syntax of doublestar, and whether it matches
// directories only.
func globOf(text string) (glob string, onlyDir bool) {
	glob, onlyDir = strings.CutSuffix(text, "/")
	if !strings.Contains(glob, "/") {
		glob = "**/" + glob
	}
	glob = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(glob)
	// What is below a directory, and not the directory itself.
	if strings.HasSuffix(glob, "/**") {
		glob += "/*"
	}
	return strings.TrimPrefix(glob, "/"), onlyDir
}

// judge returns what the patterns say about a path below the directory.
func (p patterns) judge(name string, isDir bool) verdict {
	for _, pattern := range slices.Backward(p) {
		if (isDir || !pattern.onlyDir) && doublestar.MatchUnvalidated(pattern.glob, name) {
			return pattern.says
		}
	}
	return unnamed
}

// Including returns the line of Exclude that includes exactly a path.
func Including(name string) string {
	return "!/" + strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`).Replace(name)
}
