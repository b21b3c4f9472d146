package lambda

import (
	"strings"
	"testing"
	"time"
)

func TestNew_refuses_bad_configs(t *testing.T) {
	negative := -1
	for _, test := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Name = "" }, "a function without a name"},
		{func(c *Config) { c.Runtime = "" }, "container images are not played"},
		{func(c *Config) { c.Runtime = "java21" }, `runtime "java21" is not played here; use provided.al2023`},
		{func(c *Config) { c.Runtime = "dotnet8" }, `runtime "dotnet8" is not played here`},
		{func(c *Config) { c.Runtime = "ruby3.4" }, `runtime "ruby3.4" is not played here`},
		{func(c *Config) { c.CodeDir = "" }, "no CodeDir"},
		{func(c *Config) { c.CodeDir = "/no/such/dir" }, "/no/such/dir is not a directory"},
		{func(c *Config) { c.Timeout = 901 * time.Second }, "Timeout is 15m1s; Lambda takes up to 15m0s"},
		{func(c *Config) { c.ReservedConcurrency = &negative }, "ReservedConcurrency is -1"},
		{func(c *Config) { c.MaxEnvironments = -1 }, "none may be negative"},
	} {
		_, err := New(custom(test.change), (&record{}).logger())
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want it to say %q", err, test.want)
		}
	}
}

func TestConfig_defaults_are_Lambdas(t *testing.T) {
	config, err := Config{Name: "Greeter", CodeDir: handlerDir}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if config.Timeout != 3*time.Second || config.MemorySize != 128 || config.MaxEnvironments != 1000 || config.Version != "$LATEST" ||
		config.ARN != "arn:aws:lambda:us-east-1:111122223333:function:Greeter" {
		t.Errorf("got %+v", config)
	}
}
