package cffunction

import (
	"strings"

	"github.com/dop251/goja"
)

// removed lists what goja has and the pages of both runtimes do not list. What
// ECMAScript 5.1 has stays, listed or not. An empty object is the global one.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
var removed = map[string]string{
	"": "Map Set WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect Iterator BigInt BigInt64Array " +
		"BigUint64Array GoError escape unescape",
	"Object":               "fromEntries getOwnPropertySymbols groupBy hasOwn",
	"Array":                "from fromAsync",
	"Array.prototype":      "at entries findLast findLastIndex flat flatMap keys toReversed toSorted toSpliced values with",
	"String":               "raw",
	"String.prototype":     "at isWellFormed matchAll normalize toWellFormed trimLeft trimRight",
	"RegExp.prototype":     "compile",
	"Error":                "isError",
	"JSON":                 "isRawJSON rawJSON",
	"Promise":              "try withResolvers",
	"Uint8Array":           "fromBase64 fromHex",
	"Uint8Array.prototype": "setFromBase64 setFromHex toBase64 toHex",
	"TypedArray.prototype": "at entries findLast findLastIndex keys toReversed toSorted values with",
	"DataView.prototype":   "getBigInt64 getBigUint64 setBigInt64 setBigUint64",
}

// removedIn1 lists what the page of runtime 2.0 calls new.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-10.html
var removedIn1 = map[string]string{
	"":                     "DataView",
	"String.prototype":     "replaceAll",
	"Promise":              "all allSettled any race",
	"Symbol":               "for keyFor",
	"TypedArray":           "from of",
	"TypedArray.prototype": "every filter find findIndex forEach includes indexOf lastIndexOf map reduce reduceRight reverse some",
	"RegExp.prototype":     "sticky flags",
}

// noCodeFromStrings puts functions that throw in the place of eval and of
// every constructor that compiles a string.
//
// See: functions-javascript-runtime-20.html, "Dynamic code evaluation"
const noCodeFromStrings = `(function () {
  function refuse(name, prototype) {
    var stub = function () { throw new TypeError(name + ' is not supported: CloudFront Functions evaluate no code from strings'); };
    if (prototype) {
      Object.defineProperty(stub, 'prototype', { value: prototype });
      Object.defineProperty(prototype, 'constructor', { value: stub, writable: true, configurable: true });
    }
    return stub;
  }
  globalThis.Function = refuse('Function', Function.prototype);
  globalThis.eval = refuse('eval');
  refuse('AsyncFunction', Object.getPrototypeOf(async function () {}));
  refuse('GeneratorFunction', Object.getPrototypeOf(function* () {}));
  ['Function', 'eval'].forEach(function (name) { Object.defineProperty(globalThis, name, { enumerable: false }); });
})()`

var noCodeProgram = goja.MustCompile("builtins.js", noCodeFromStrings, true)

// restrict leaves the built-ins that the function's runtime has.
func (m *machine) restrict(runtime string) error {
	if _, err := m.js.RunProgram(noCodeProgram); err != nil {
		return err
	}
	tables := []map[string]string{removed}
	if runtime == Runtime1 {
		tables = append(tables, removedIn1)
	}
	for _, table := range tables {
		for path, names := range table {
			object := m.builtin(path)
			for name := range strings.FieldsSeq(names) {
				if err := object.Delete(name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *machine) builtin(path string) *goja.Object {
	object := m.js.GlobalObject()
	for name := range strings.SplitSeq(path, ".") {
		switch {
		case name == "":
		case name == "TypedArray":
			object = object.Get("Int8Array").ToObject(m.js).Prototype()
		default:
			object = object.Get(name).ToObject(m.js)
		}
	}
	return object
}
