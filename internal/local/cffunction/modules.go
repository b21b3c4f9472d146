package cffunction

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dop251/goja"

	"github.com/cloudfurl/cloudfurl/internal/cloudfrontjs"
	"github.com/cloudfurl/cloudfurl/internal/local/headers"
)

// scripts are the JavaScript of this package.
//
//go:embed js
var scripts embed.FS

// script compiles one as the body of a function with these parameters.
func script(name, parameters string) *goja.Program {
	code, err := scripts.ReadFile("js/" + name + ".js")
	if err != nil {
		panic(err)
	}
	return goja.MustCompile(name+".js", "(function("+parameters+"){"+string(code)+"\n})", true)
}

// programs are the modules, on the natives below and on the first of them, buffer.
var programs = []struct {
	name    string
	program *goja.Program
}{
	{"buffer", script("buffer", "native, buffer")},
	{"cloudfront", script("cloudfront", "native, buffer")},
	{"crypto", script("crypto", "native, buffer")},
	{"querystring", script("querystring", "native, buffer")},
	{"text", script("text", "native, buffer")},
}

// provide defines the globals that the engine doesn't have.
func (m *machine) provide() error {
	native, err := m.native()
	if err != nil {
		return err
	}
	modules := map[string]goja.Value{"buffer": goja.Undefined()}
	for _, p := range programs {
		if modules[p.name], err = m.run(p.program, native, modules["buffer"]); err != nil {
			return err
		}
	}
	listed := cloudfrontjs.Modules(m.f.config.Runtime)
	m.hide("require", func(name string) goja.Value {
		if !slices.Contains(listed, name) {
			m.throw("Error", fmt.Sprintf("cannot find module %q; the modules are %s", name, strings.Join(listed, ", ")))
		}
		return modules[name]
	})
	console := m.js.NewObject()
	if err := console.Set("log", m.log); err != nil {
		return err
	}
	m.hide("console", console)
	text := modules["text"].ToObject(m.js)
	m.hide("InternalError", text.Get("InternalError"))
	if m.f.config.Runtime == Runtime2 {
		m.hide("Buffer", modules["buffer"].ToObject(m.js).Get("Buffer"))
		for _, name := range []string{"TextEncoder", "TextDecoder", "atob", "btoa"} {
			m.hide(name, text.Get(name))
		}
	}
	return nil
}

// hide defines a global that for…in doesn't visit, like built-ins.
func (m *machine) hide(name string, value any) {
	m.define(m.js.GlobalObject(), name, m.js.ToValue(value), goja.FLAG_FALSE)
}

// native returns the functions that the modules are built on.
func (m *machine) native() (*goja.Object, error) {
	store := m.f.config.KeyValueStore
	object := m.js.NewObject()
	for name, value := range map[string]any{
		"byteStrings": m.f.config.Runtime == Runtime1,
		"encode":      encode,
		"decode":      func(text, encoding string) goja.ArrayBuffer { return m.js.NewArrayBuffer(decode(text, encoding)) },
		"validUTF8":   func(data []byte) bool { return utf8.Valid(data) },
		"digest": func(algorithm string, key goja.Value, data []byte) goja.ArrayBuffer {
			return m.js.NewArrayBuffer(digest(algorithm, key, data))
		},
		"setOrigin": m.setOrigin,
		"logData":   m.logData,
		"request":   func() bool { return m.call.event != nil && m.call.event.response == nil },
		"hasStore":  func() bool { return store != nil },
		"lookup": func(key string) goja.Value {
			if value, ok := store[key]; ok {
				return m.js.ToValue(value)
			}
			return goja.Undefined()
		},
		"storeMeta": func() map[string]any {
			created := m.f.created.UTC().Format(time.RFC3339Nano)
			return map[string]any{"keyCount": len(store), "creationDateTime": created, "lastUpdatedDateTime": created}
		},
	} {
		if err := object.Set(name, value); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func encode(data []byte, encoding string) string {
	switch encoding {
	case "hex":
		return hex.EncodeToString(data)
	case "base64":
		return base64.StdEncoding.EncodeToString(data)
	case "base64url":
		return base64.RawURLEncoding.EncodeToString(data)
	case "latin1":
		return headers.Latin1(string(data))
	}
	return string([]rune(string(data)))
}

// decode is as lenient as Node's: it stops at the first character that the
// encoding does not have.
func decode(text, encoding string) []byte {
	switch encoding {
	case "hex":
		end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) })
		if end >= 0 {
			text = text[:end]
		}
		data, _ := hex.DecodeString(text[:len(text)&^1])
		return data
	case "base64", "base64url":
		text = strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", " ", "").Replace(text)
		text, _, _ = strings.Cut(text, "=")
		data, _ := base64.RawStdEncoding.DecodeString(text)
		return data
	}
	return []byte(text)
}

func digest(algorithm string, key goja.Value, data []byte) []byte {
	make := map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New}[algorithm]
	h := make()
	if secret, ok := key.Export().([]byte); ok {
		h = hmac.New(make, secret)
	}
	h.Write(data)
	return h.Sum(nil)
}
