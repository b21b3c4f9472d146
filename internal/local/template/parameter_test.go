package template

import "testing"

func TestParameters_take_allowed_values_only(t *testing.T) {
	template := decodeJSON(t, `{"Parameters":{
		"Tier":{"Type":"String","Default":"free","AllowedValues":["free","paid"]},
		"Seats":{"Type":"Number","Default":"5","AllowedValues":[1,5]},
		"Zones":{"Type":"CommaDelimitedList","Default":"a,b","AllowedValues":["a","b"]}},
		"Resources":{"R":{"Type":"T","Properties":{"Tier":{"Ref":"Tier"},"Seats":{"Ref":"Seats"},"Zones":{"Ref":"Zones"}}}}}`)
	for name, test := range map[string]struct {
		given map[string]string
		want  []string
	}{
		"the defaults":    {},
		"another value":   {given: map[string]string{"Tier": "paid", "Seats": "1", "Zones": "b"}},
		"a wrong string":  {map[string]string{"Tier": "gold"}, []string{"parameter Tier", `"gold"`, "use one of free, paid", "needed by App/R, Tier"}},
		"a wrong number":  {map[string]string{"Seats": "2"}, []string{"parameter Seats", `"2"`, "use one of 1, 5"}},
		"a wrong in many": {map[string]string{"Zones": "a,c"}, []string{"parameter Zones", `"c"`}},
	} {
		t.Run(name, func(t *testing.T) {
			d := deploy(t, nil, Stack{ID: "App", Region: "eu-west-1", Parameters: test.given, Template: template})
			r, err := d.Resource("App", "R")
			if err != nil {
				t.Fatal(err)
			}
			_, err = allProperties(r)
			if test.want != nil {
				contains(t, err, test.want...)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}
