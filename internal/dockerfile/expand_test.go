package dockerfile

import "testing"

func TestExpand_replaces_variables_as_Docker_does(t *testing.T) {
	newParser := func() *parser {
		return &parser{stage: &stage{Image: Image{Env: map[string]string{"A": "a", "EMPTY": "", "FILE": "app.py"}}}}
	}
	tests := []struct{ text, want string }{
		{"$A", "a"}, {"x${A}y", "xay"}, {"$AB", ""}, {"$A.b", "a.b"}, {"$", "$"}, {"$.", "$."}, {"$1x", "x"},
		{`\$A`, "$A"}, {`\${A}`, "${A}"}, {`'$A'`, "$A"}, {`"$A"`, "a"}, {`"'$A'"`, "'a'"}, {`"\$A"`, "$A"},
		{`a\ b`, "a b"}, {`a\tb`, "atb"}, {`"a\tb"`, `a\tb`}, {`'a\tb'`, `a\tb`}, {`"a b" c`, "a b c"},
		{"${B:-d}", "d"}, {"${EMPTY:-d}", "d"}, {"${EMPTY-d}", ""}, {"${A:-d}", "a"}, {"${B:-${A}x}y", "axy"}, {"${B:-$A}", "a"},
		{"${A:+d}", "d"}, {"${B:+d}", ""}, {"${EMPTY:+d}", ""}, {"${EMPTY+d}", "d"}, {"${B-}", ""}, {`${B:-"}"}`, "}"}, {"${A}}", "a}"},
	}
	for _, test := range tests {
		p := newParser()
		if got, _ := p.expand(test.text, ""); got != test.want || p.err != nil || p.stage.Unsupported != nil {
			t.Errorf("expand(%s) = %q, want %q; %v, %v", test.text, got, test.want, p.err, p.stage.Unsupported)
		}
	}
	for _, text := range []string{"${A", "${}", `"a`, "'a", "${B:-"} {
		p := newParser()
		if got, _ := p.expand(text, ""); p.err == nil {
			t.Errorf("expand(%s) = %q, want an error", text, got)
		}
	}
	for _, text := range []string{"${FILE%.py}", "${FILE#a}", "${FILE/a/b}", "${B?}", "${A:=b}", "${A:b}"} {
		p := newParser()
		if got, _ := p.expand(text, ""); p.err != nil || p.stage.Unsupported == nil {
			t.Errorf("expand(%s) = %q, %v, want that it isn't read", text, got, p.err)
		}
	}
}
