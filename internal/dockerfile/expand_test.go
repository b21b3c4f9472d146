package dockerfile

import "testing"

func TestExpand_replaces_variables_as_Docker_does(t *testing.T) {
	variables := map[string]string{"A": "a", "EMPTY": "", "FILE": "lib/app.tar.gz"}
	lookup := func(name string) (string, bool) { value, ok := variables[name]; return value, ok }
	tests := []struct{ text, want string }{
		{"$A", "a"}, {"x${A}y", "xay"}, {"$AB", ""}, {"$A.b", "a.b"}, {"$", "$"}, {"$.", "$."}, {"$1x", "x"},
		{`\$A`, "$A"}, {`\${A}`, "${A}"}, {`'$A'`, "$A"}, {`"$A"`, "a"}, {`"'$A'"`, "'a'"}, {`"\$A"`, "$A"},
		{`a\ b`, "a b"}, {`a\tb`, "atb"}, {`"a\tb"`, `a\tb`}, {`'a\tb'`, `a\tb`}, {`a\`, "a"}, {`"a b" c`, "a b c"},
		{"${B:-d}", "d"}, {"${EMPTY:-d}", "d"}, {"${EMPTY-d}", ""}, {"${A:-d}", "a"}, {"${B:-${A}x}y", "axy"}, {"${B:-$A}", "a"},
		{"${A:+d}", "d"}, {"${B:+d}", ""}, {"${EMPTY:+d}", ""}, {"${EMPTY+d}", "d"}, {"${A?no}", "a"}, {"${B-}", ""},
		{"${FILE%.*}", "lib/app.tar"}, {"${FILE%%.*}", "lib/app"}, {"${FILE#*/}", "app.tar.gz"}, {"${FILE##*.}", "gz"}, {"${FILE#x}", "lib/app.tar.gz"},
		{"${FILE/a/o}", "lib/opp.tar.gz"}, {"${FILE//a/o}", "lib/opp.tor.gz"}, {"${A}}", "a}"},
	}
	for _, test := range tests {
		if got, err := expand(test.text, '\\', lookup); err != nil || got != test.want {
			t.Errorf("expand(%s) = %q, %v, want %q", test.text, got, err, test.want)
		}
	}
	for _, text := range []string{"${A", "${}", "${A:=b}", `"a`, "'a", "${B?}", "${EMPTY:?}", "${A:b}", "${A/b}", "${B:-"} {
		if got, err := expand(text, '\\', lookup); err == nil {
			t.Errorf("expand(%s) = %q, want an error", text, got)
		}
	}
}
