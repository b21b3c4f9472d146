package template

import (
	"strings"
	"testing"
)

func TestDynamicReferences_give_secrets_that_Secrets_Manager_generates(t *testing.T) {
	reference := func(id string, parts string) string {
		return `{"Fn::Join":["",["{{resolve:secretsmanager:",{"Ref":"` + id + `"},"` + parts + `}}"]]}`
	}
	d := deploy(t, nil, Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, `{
		"Conditions":{"Never":{"Fn::Equals":["a","b"]}},
		"Resources":{
		"Key":{"Type":"AWS::SecretsManager::Secret","Properties":{"GenerateSecretString":{"PasswordLength":40}}},
		"Named":{"Type":"AWS::SecretsManager::Secret","Properties":{"Name":"shop/key","GenerateSecretString":{}}},
		"Absent":{"Type":"AWS::SecretsManager::Secret","Condition":"Never","Properties":{"Name":"absent","GenerateSecretString":{}}},
		"Login":{"Type":"AWS::SecretsManager::Secret","Properties":{"GenerateSecretString":{"GenerateStringKey":"password","SecretStringTemplate":"{}"}}},
		"Api":{"Type":"T","Properties":{"Value":`+reference("Key", ":SecretString:::")+`}},
		"Distribution":{"Type":"T","Properties":{"Value":`+reference("Key", "")+`,
			"Named":"{{resolve:secretsmanager:shop/key:SecretString}}","Absent":"{{resolve:secretsmanager:absent}}","Other":"{{resolve:secretsmanager:other}}",
			"Login":`+reference("Login", ":SecretString:password::")+`,"Whole":`+reference("Login", ":SecretString:::")+`,"Field":`+reference("Key", ":SecretString:password::")+`}}}}`)})
	value := func(id, property string) (any, error) {
		r, err := d.Resource("App", id)
		if err != nil {
			t.Fatal(err)
		}
		return r.Property(property)
	}
	key, err := value("Api", "Value")
	if text, _ := key.(string); err != nil || !strings.HasPrefix(text, "local-cloudfurl-") || len(text) != 40 {
		t.Errorf("got %v, %v, want a generated value of 40 characters", key, err)
	}
	if same, err := value("Distribution", "Value"); err != nil || same != key {
		t.Errorf("got %v, %v, want %v in both", same, err, key)
	}
	if named, err := value("Distribution", "Named"); err != nil || named == key {
		t.Errorf("got %v, %v, want a value of its own", named, err)
	}
	for _, property := range []string{"Absent", "Other", "Login", "Whole", "Field"} {
		_, err := value("Distribution", property)
		contains(t, err, "which isn't in the assembly")
	}
}
