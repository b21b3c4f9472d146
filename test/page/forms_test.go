package page

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func TestForms_work_in_a_browser_with_TLS_and_without(t *testing.T) {
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		t.Skip("the variable CHROMIUM names no browser; make test-page looks for one")
	}
	t.Chdir(filepath.Join("..", ".."))
	home := t.TempDir()
	for name, value := range map[string]string{"XDG_CONFIG_HOME": filepath.Join(home, ".config"), "CAROOT": "", "XDG_DATA_HOME": home} {
		t.Setenv(name, value)
	}
	command, assembly := localtest.Build(t), filepath.Join("cmd", "cloudfurl", "testdata", "forms")
	plain, secure := localtest.Serve(t, command, assembly), localtest.Serve(t, command, assembly, "--tls")

	test := exec.Command("node", "--test", "forms.test.mjs")
	test.Dir = filepath.Join("test", "page")
	test.Env = append(os.Environ(), "HOME="+home, "CHROMIUM="+chromium, "SITES="+strings.Join([]string{
		plain.URL, named(plain.URL, "localhost"), secure.URL, named(secure.URL, "localhost"), named(secure.URL, "app.localhost"),
	}, " "))
	if trust(t, home, filepath.Join(home, ".config", "cloudfurl", "authority", "rootCA.pem")) {
		test.Env = append(test.Env, "TRUSTED=yes")
	}
	output, err := test.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	t.Logf("%s", output)
}

// named returns an address by another name of this machine.
func named(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	u.Host = name + ":" + u.Port()
	return u.String()
}

// trust lets Chromium with a home trust an authority, if there is NSS's certutil.
func trust(t *testing.T, home, authority string) bool {
	t.Helper()
	if _, err := exec.LookPath("certutil"); err != nil {
		t.Log("SKIPPED: there is no certutil, so Chromium is told to accept every certificate")
		return false
	}
	store := filepath.Join(home, ".pki", "nssdb")
	if err := os.MkdirAll(store, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-N", "--empty-password"}, {"-A", "-t", "C,,", "-n", "cloudfurl", "-i", authority}} {
		if err := localtest.Run("", nil, "certutil", append([]string{"-d", "sql:" + store}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	return true
}
