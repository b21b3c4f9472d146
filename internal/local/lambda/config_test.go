package lambda

import (
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestNew_rejects_bad_configs(t *testing.T) {
	for _, test := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Runtime = "" }, `Runtime: "" isn't supported locally`},
		{func(c *Config) { c.Runtime = "java21" }, `Runtime: "java21" isn't supported locally`},
		{func(c *Config) { c.Runtime = "dotnet8" }, `Runtime: "dotnet8" isn't supported locally`},
		{func(c *Config) { c.Runtime = "ruby3.4" }, `Runtime: "ruby3.4" isn't supported locally`},
		{func(c *Config) { c.Timeout = 901 * time.Second }, "Timeout: 15m1s is outside Lambda's limits"},
		{func(c *Config) { c.Layers = make([]string, 6) }, "Layers: there are 6 layers, and Lambda allows 5"},
	} {
		_, err := New(custom(test.change), (&record{}).logger())
		if err == nil || err.Error() != test.want || fault.HintOf(err) == "" {
			t.Errorf("got %v, want %q with a hint", err, test.want)
		}
	}
}

func TestConfig_defaults_are_Lambdas(t *testing.T) {
	config, err := Config{Name: "Greeter", CodeDir: handlerDir}.Check()
	if err != nil {
		t.Fatal(err)
	}
	if config.Timeout != 3*time.Second || config.MemorySize != 128 || config.MaxEnvironments != 1000 ||
		config.ARN != "arn:aws:lambda:us-east-1:111122223333:function:Greeter" {
		t.Errorf("got %+v", config)
	}
}
