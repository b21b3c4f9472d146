package cffunction

import (
	"log/slog"
	"strings"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/fault"
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

// unlisted are built-ins that the page of runtime 2.0 doesn't list, but that njs
// has: their first call is logged.
//
// See: https://github.com/nginx/njs/blob/master/CHANGES, 0.8.0 and 0.3.9
// Inferred: CloudFront's engine has them too.
var unlisted = map[string]string{
	"Object":               "getOwnPropertySymbols",
	"Array":                "from",
	"Array.prototype":      "toReversed toSorted toSpliced",
	"TypedArray.prototype": "toReversed toSorted",
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
		tables = append(tables, removedIn1, unlisted)
	} else {
		m.logUnlisted()
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

// logUnlisted makes the unlisted built-ins log their first call.
func (m *machine) logUnlisted() {
	for path, names := range unlisted {
		object := m.builtin(path)
		for name := range strings.FieldsSeq(names) {
			original, _ := goja.AssertFunction(object.Get(name))
			m.method(object, name, func(fc goja.FunctionCall) goja.Value {
				if _, logged := m.f.logged.LoadOrStore(path+name, true); !logged {
					fault.Log(m.f.logger, slog.LevelWarn, path+"."+name+" may be missing on AWS",
						"the page of "+m.f.config.Runtime+" doesn't list it", "test it on AWS, or do without it", "source", m.f.config.Name)
				}
				value, err := original(fc.This, fc.Arguments...)
				if err != nil {
					panic(err)
				}
				return value
			})
		}
	}
}

// method replaces a built-in method.
func (m *machine) method(object *goja.Object, name string, f func(goja.FunctionCall) goja.Value) {
	m.define(object, name, m.js.ToValue(f), goja.FLAG_FALSE)
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
