package cffunction

import (
	"log/slog"
	"strings"
	"testing"
)

func TestModules_do_what_the_page_documents(t *testing.T) {
	const head = "import crypto from 'crypto';\nconst qs = require('querystring');\nconst u = Buffer.from([1, 2, 254, 255]);\n"
	for _, c := range []struct{ expression, want string }{
		// RFC 1321, RFC 3174, FIPS 180 and RFC 4231 give these digests of "abc" and test case 2.
		{"crypto.createHash('md5').update('abc').digest('hex')", "900150983cd24fb0d6963f7d28e17f72"},
		{"crypto.createHash('sha1').update('a').update(Buffer.from('bc')).digest('hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"crypto.createHash('sha256').update('abc').digest('base64')", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},
		{"crypto.createHash('sha256').update('abc').digest('base64url')", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"},
		{"crypto.createHash('sha256').update('abc').digest() instanceof Buffer", "true"},
		{"crypto.createHmac('sha256', 'Jefe').update('what do ya want for nothing?').digest('hex')", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{"crypto.createHmac('md5', '').update(new Uint8Array(0)).digest('hex')", "74e6f7298a9c2d168935f58c001bad88"},

		{"JSON.stringify(qs.parse('name=value&abc=xyz&abc=123&p=a+b%20c&bad=%zz%ff&e'))", `{"name":"value","abc":["xyz","123"],"p":"a b c","bad":"%zz�","e":""}`},
		{"qs.stringify({name: 'value', abc: ['xyz', '123'], anotherName: '', 'a b': true})", "name=value&abc=xyz&abc=123&anotherName=&a%20b=true"},
		{"JSON.stringify(qs.parse('a:1;b:2;c:3', ';', ':', {maxKeys: 2}))", `{"a":"1","b":"2"}`},
		{"JSON.stringify(qs.decode('a=%41', '&', '=', {decodeURIComponent: (s) => '<' + s + '>'}))", `{"<a>":"<%41>"}`},
		{"qs.escape('a&ü') + qs.unescape('%C3%BC')", "a%26%C3%BCü"},

		{"Buffer.from('68C3A9z', 'hex').toString()", "hé"},
		{"Buffer.from('aGk_', 'base64url').toString('base64')", "aGk/"},
		{"Buffer.from('aGk/').toString('base64url')", "YUdrLw"},
		{"Buffer.from('€').toString('hex', 1, 3)", "82ac"},
		{"Buffer.concat([Buffer.from('ab'), Buffer.from('cd')], 3).toString()", "abc"},
		{"Buffer.concat([]).length", "0"},
		{"Buffer.alloc(5, 'ab').toString()", "ababa"},
		{"Buffer.alloc(2)[1]", "0"},
		{"Buffer.byteLength('€') + Buffer.byteLength('00ff', 'hex')", "5"},
		{"Buffer.isEncoding('hex') + ' ' + Buffer.isEncoding('utf16')", "true false"},
		{"Buffer.compare(Buffer.from('a'), Buffer.from('b')) + ' ' + u.compare(u)", "-1 0"},
		{"u.equals(Buffer.from(u)) + ' ' + Buffer.isBuffer(u)", "true true"},
		{"u.indexOf(254) + ' ' + u.includes(9) + ' ' + Buffer.from('abc').indexOf('d')", "2 false -1"},
		{"JSON.stringify(u)", `{"type":"Buffer","data":[1,2,254,255]}`},
		{"Buffer.from(JSON.parse(JSON.stringify(u))).toString('hex')", "0102feff"},
		{"[u.readUInt16BE(0), u.readUInt16LE(0), u.readInt16BE(2), u.readInt8(3), u.readUInt8(3), u.readUInt32LE(0), u.readInt32BE(0)].join()", "258,513,-257,-1,255,4294836737,16973567"},
		{"(function (b) { b.writeInt16BE(-2, 0); b.writeUInt16LE(0x0102, 2); return b.writeUInt8(9, 4) + b.toString('hex') })(Buffer.alloc(5))", "5fffe020109"},
		{"(function (b) { b.writeDoubleLE(1.5, 0); b.writeFloatBE(-2, 8); return b.readDoubleLE(0) + ' ' + b.readFloatBE(8) })(Buffer.alloc(12))", "1.5 -2"},
		{"(function (b) { const s = b.subarray(1, 3); s[0] = 9; return b[1] + ' ' + (s instanceof Buffer) + ' ' + s.byteOffset })(Buffer.from(u))", "9 true 1"},
		{"Buffer.from(new Uint8Array([1, 2, 3]).buffer, 1, 1).toString('hex')", "02"},
		{"(function (b) { const n = Buffer.from('abc').copy(b, 1); return n + b.toString() })(Buffer.alloc(3, '-'))", "2-ab"},

		{"new TextDecoder().decode(new TextEncoder().encode('hé€😀'))", "hé€😀"},
		{"new TextDecoder('utf-8', {fatal: true}).fatal + new TextDecoder().encoding", "trueutf-8"},
		{"atob('aMM=') + btoa('h\\u00e9')", "hÃaOk="},
	} {
		if got := evaluate(t, head, c.expression); got != c.want {
			t.Errorf("%s\ngot  %q\nwant %q", c.expression, got, c.want)
		}
	}
}

func TestModules_throw_on_what_they_do_not_take(t *testing.T) {
	for body, want := range map[string]string{
		"require('crypto').createHash('sha512')":                                `not supported algorithm: "sha512"`,
		"require('crypto').createHash('md5').digest('latin1')":                  `Unknown digest encoding: "latin1"`,
		"const h = require('crypto').createHash('md5'); h.digest(); h.digest()": "Digest already called",
		"require('crypto').createHash('md5').update(1)":                         "data is not a string or Buffer-like object",
		"Buffer.from('a', 'utf16le')":                                           `"utf16le" encoding is not supported`,
		"Buffer.from(1)":                                                        "first argument is not a string or Buffer-like object",
		"Buffer.alloc(1).readUInt16BE(0)":                                       "RangeError",
		"Buffer.alloc(1).writeUInt8(256, 0)":                                    "is out of range",
		"Buffer.alloc(3).swap16()":                                              "swap16 is not supported locally",
		"new TextEncoder().encodeInto('a', Buffer.alloc(1))":                    "encodeInto is not supported locally",
		"Buffer.alloc(3).readUIntBE(0, 3)":                                      "readUIntBE is not supported locally",
		"btoa('€')":                                                             "btoa takes characters up to U+00FF",
		"atob('*')":                                                             "not correctly encoded",
		"new TextDecoder('utf-8', {fatal: true}).decode(new Uint8Array([255]))": "The encoded data was not valid",
		"new TextDecoder('latin1')":                                             `The "latin1" encoding is not supported`,
		"require('cloudfront').kvs()":                                           "no key value store is associated",
		"require('cloudfront').updateRequestOrigin({color: 'red'})":             `cf.updateRequestOrigin: unknown property "color"`,
		"require('cloudfront').selectRequestOriginById(1)":                      "cf.selectRequestOriginById takes a string",
		"require('cloudfront').createRequestOriginGroup({originIds: ['a']})":    "cf.createRequestOriginGroup takes two originIds",
		"require('cloudfront').logCustomData({})":                               "cf.logCustomData takes a string",
	} {
		_, err := compile(t, "\n"+handler(body)).ViewerRequest(t.Context(), request())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "demo:3:") {
			t.Errorf("%s\ngot  %v\nwant %s, at line 3", body, err, want)
		}
	}
}

func TestKeyValueStore_reads_pairs(t *testing.T) {
	f, err := New(Config{Name: "demo", KeyValueStore: map[string]string{"a": "text", "j": `{"n":1}`}, Code: `import cf from 'cloudfront';
const store = cf.kvs();
async function handler(event) {
  const text = await store.get('a');
  const json = await store.get('j', {format: 'json'});
  const bytes = await store.get('a', {format: 'bytes'});
  const has = await store.exists('a');
  const not = await store.exists('toString');
  const meta = await store.meta();
  let missing = '';
  try { await store.get('b') } catch (e) { missing = e.message }
  return {statusCode: 200, body: [text, json.n, bytes.toString('hex'), has, not, meta.keyCount, missing].join()};
}`}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := answer(t, f, request()), `text,1,74657874,true,false,2,the key value store has no key "b"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRuntime_1_digests_to_a_byte_string(t *testing.T) {
	f, err := New(Config{Name: "demo", Runtime: Runtime1, Code: `function handler() {
  var sum = require('crypto').createHash('md5').update('abc').digest();
  return {statusCode: 200, body: typeof sum + sum.length + sum.charCodeAt(0) + require('querystring').parse('a=b+c').a};
}`}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(t, f, request()); got != "string16144b c" {
		t.Errorf("got %q", got)
	}
}
