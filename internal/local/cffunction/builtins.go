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
	"Object":               "fromEntries groupBy hasOwn",
	"Array":                "fromAsync",
	"Array.prototype":      "at entries findLast findLastIndex flat flatMap keys values with",
	"String":               "raw",
	"String.prototype":     "at isWellFormed matchAll normalize toWellFormed trimLeft trimRight",
	"RegExp.prototype":     "compile",
	"Error":                "isError",
	"JSON":                 "isRawJSON rawJSON",
	"Promise":              "try withResolvers",
	"Uint8Array":           "fromBase64 fromHex",
	"Uint8Array.prototype": "setFromBase64 setFromHex toBase64 toHex",
	"TypedArray.prototype": "at entries findLast findLastIndex keys values with",
	"DataView.prototype":   "getBigInt64 getBigUint64 setBigInt64 setBigUint64",
}

// removedIn1 lists what the page of runtime 2.0 calls new, and what that page
// doesn't list but njs has: Array.from, toSorted and their like.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-10.html
// and https://github.com/nginx/njs/blob/master/CHANGES, 0.8.0 and 0.3.9
// Inferred: CloudFront's engine has the latter in runtime 2.0.
var removedIn1 = map[string]string{
	"":                     "DataView",
	"Object":               "getOwnPropertySymbols",
	"Array":                "from",
	"Array.prototype":      "toReversed toSorted toSpliced",
	"String.prototype":     "replaceAll",
	"Promise":              "all allSettled any race",
	"Symbol":               "for keyFor",
	"TypedArray":           "from of",
	"TypedArray.prototype": "every filter find findIndex forEach includes indexOf lastIndexOf map reduce reduceRight reverse some toReversed toSorted",
	"RegExp.prototype":     "sticky flags",
}

// noCodeFromStrings puts functions that throw in the place of eval and of
// every constructor that compiles a string.
//
// See: functions-javascript-runtime-20.html, "Dynamic code evaluation"
const noCodeFromStrings = `(function () {
  function reject(name, prototype) {
    var stub = function () { throw new TypeError(name + ' is not supported: CloudFront Functions don\'t evaluate code from strings'); };
    if (prototype) {
      Object.defineProperty(stub, 'prototype', { value: prototype });
      Object.defineProperty(prototype, 'constructor', { value: stub, writable: true, configurable: true });
    }
    return stub;
  }
  globalThis.Function = reject('Function', Function.prototype);
  globalThis.eval = reject('eval');
  reject('AsyncFunction', Object.getPrototypeOf(async function () {}));
  reject('GeneratorFunction', Object.getPrototypeOf(function* () {}));
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
