package cffunction

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	_ "embed"
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
)

func hasModule(runtime, name string) bool {
	return slices.Contains(cloudfrontjs.Modules(runtime), name)
}

//go:embed js/buffer.js
var bufferJS string

//go:embed js/cloudfront.js
var cloudfrontJS string

//go:embed js/crypto.js
var cryptoJS string

//go:embed js/querystring.js
var querystringJS string

//go:embed js/text.js
var textJS string

// The modules are JavaScript of this package, on the natives below.
// goja_nodejs would bring a module loader of its own with its Buffer.
var programs = map[string]*goja.Program{
	"buffer":      compileModule("buffer", bufferJS),
	"cloudfront":  compileModule("cloudfront", cloudfrontJS),
	"crypto":      compileModule("crypto", cryptoJS),
	"querystring": compileModule("querystring", querystringJS),
	"text":        compileModule("text", textJS),
}

func compileModule(name, code string) *goja.Program {
	return goja.MustCompile(name+".js", "(function(native, require){"+code+"\n})", true)
}

// provide defines the globals that the engine doesn't have.
func (m *machine) provide() error {
	native, err := m.native()
	if err != nil {
		return err
	}
	load := func(name string) (*goja.Object, error) {
		if module, ok := m.modules[name]; ok {
			return module, nil
		}
		define, err := m.js.RunProgram(programs[name])
		if err != nil {
			return nil, err
		}
		run, _ := goja.AssertFunction(define)
		module, err := run(goja.Undefined(), native, m.js.Get("require"))
		if err != nil {
			return nil, err
		}
		m.modules[name] = module.ToObject(m.js)
		return m.modules[name], nil
	}
	requiring := m.f.config.Runtime
	m.hide("require", func(name string) *goja.Object {
		if !hasModule(requiring, name) {
			m.throw("Error", fmt.Sprintf("cannot find module %q; the modules are %s", name, strings.Join(cloudfrontjs.Modules(requiring), ", ")))
		}
		module, err := load(name)
		if err != nil {
			panic(err)
		}
		return module
	})
	console := m.js.NewObject()
	if err := console.Set("log", m.log); err != nil {
		return err
	}
	m.hide("console", console)

	// Modules may only use each other while they load, whatever the runtime lists.
	requiring = Runtime2
	defer func() { requiring = m.f.config.Runtime }()
	for name := range programs {
		if _, err := load(name); err != nil {
			return err
		}
	}
	text := m.modules["text"]
	m.hide("InternalError", text.Get("InternalError"))
	if m.f.config.Runtime == Runtime2 {
		m.hide("Buffer", m.modules["buffer"].Get("Buffer"))
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
		"decode": func(text, encoding string) goja.ArrayBuffer {
			return m.js.NewArrayBuffer(decode(text, encoding))
		},
		"isEncoding": func(name string) bool {
			return slices.Contains([]string{"utf8", "utf-8", "hex", "base64", "base64url"}, name)
		},
		"validUTF8": func(data []byte) bool { return utf8.Valid(data) },
		"digest": func(algorithm string, key goja.Value, data []byte) goja.ArrayBuffer {
			return m.js.NewArrayBuffer(digest(algorithm, key, data))
		},
		"unescape":  unescape,
		"atob":      func(text string) string { return m.must(atob(text)) },
		"btoa":      func(text string) string { return m.must(btoa(text)) },
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
		return latin1(data)
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

func unescape(text string) string {
	// A bad escape stays as it is, the good ones around it are decoded.
	out := new(strings.Builder)
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if b, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				out.Write(b)
				i += 2
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return strings.ToValidUTF8(out.String(), "\uFFFD")
}
