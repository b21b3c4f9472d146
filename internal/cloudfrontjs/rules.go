package cloudfrontjs

// What a runtime says to a piece of syntax.
type verdict int

const (
	refused verdict = iota // the page does not list it: the code would not run
	newIn2                 // refused by 1.0, listed for 2.0
	unsure                 // not listed, but njs has it: accepted with a warning
)

// A rule is one row of the table of syntax beyond ES 5.1.
type rule struct {
	verdict verdict
	name    string
	instead string
	source  string
}

const (
	page1 = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-10.html"
	page2 = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html"
	// njs, NGINX's JavaScript, is inferred to be the engine: CloudFront's error
	// "Token "of" not supported in this version" is njs's.
	njs = "https://github.com/nginx/njs/blob/master/CHANGES"
)

// The table. Listed for both runtimes, and so without a row: template
// literals, arrow functions, rest parameters, **, getters and setters.
//
// See: functions-javascript-runtime-20.html, functions-javascript-runtime-10.html
var rules = map[string]rule{
	"declaration":       {newIn2, "const or let", "var, or the runtime cloudfront-js-2.0", page1},
	"async":             {newIn2, "async or await", "the runtime cloudfront-js-2.0", page2},
	"separator":         {newIn2, "a numeric separator", "the runtime cloudfront-js-2.0", page2},
	"sticky":            {newIn2, "the regular expression flag y", "the runtime cloudfront-js-2.0", page2},
	"await-in-argument": {refused, "await in the arguments of a call", "a variable: const x = await …, then pass x", page2},
	"async-closure":     {unsure, "an async function inside a function", "an async function at the top level", page2}, // Seen: SST's router deploys it, sst/sst
	"class":             {refused, "class", "functions and prototypes", page2},
	"super":             {refused, "super", "a direct call", page2},
	"generator":         {refused, "a generator", "an array", page2},
	"for-of":            {refused, "for…of", "a for loop with an index, or forEach", page2}, // Seen: Token "of" not supported in this version
	"destructuring":     {refused, "destructuring", "one variable after the other", page2},  // Seen: Token "[" not supported in this version
	"spread":            {refused, "spread (...)", "concat, apply or Object.assign", page2},
	"default":           {refused, "a default parameter", "if (x === undefined) x = …", page2},
	"optional-chain":    {refused, "optional chaining (?.)", "a && a.b", page2}, // njs: https://github.com/nginx/njs/issues/835
	"logical-assign":    {refused, "a logical assignment (&&=, ||=, ??=)", "a plain assignment", page2},
	"catch":             {refused, "catch without a binding", "catch (e)", page2}, // Seen: Token "{" not supported in this version
	"tagged-template":   {refused, "a tagged template", "a function call", page2},
	"meta":              {refused, "new.target", "an argument", page2},
	"bigint":            {refused, "a BigInt", "a number", page2},
	"regexp-flag":       {refused, "this regular expression flag", "the flags g, i, m and y", page2},
	"debugger":          {refused, "debugger", "console.log", page2},
	"nullish":           {unsure, "??", "a comparison with undefined", njs},                 // 0.3.8
	"shorthand":         {unsure, "a shorthand property", "{name: name}", njs},              // 0.2.8
	"method":            {unsure, "a shorthand method", "{name: function () { … }}", njs},   // 0.3.4
	"computed":          {unsure, "a computed property name", "object[name] = value", njs},  // 0.3.4
	"radix":             {unsure, "a binary or octal literal", "a hexadecimal number", njs}, // 0.2.3
	"unicode-regexp":    {unsure, "the regular expression flag u", "no flag", njs},          // Inferred: no change log speaks of it
}
