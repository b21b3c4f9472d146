// TextEncoder, TextDecoder, atob, btoa and InternalError.
// Job: the documented methods and properties.
// Limits: UTF-8 is the only encoding; a decoder does not stream; there is no encodeInto.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

class TextEncoder {
  encode(string) { return new Uint8Array(native.decode(string === undefined ? '' : String(string), 'utf8')); }
  encodeInto() { throw new TypeError('TextEncoder: encodeInto is not supported locally: use encode'); }
}

class TextDecoder {
  constructor(label, options) {
    const name = label === undefined ? 'utf-8' : String(label).toLowerCase();
    if (name !== 'utf-8' && name !== 'utf8') throw new RangeError('The "' + label + '" encoding is not supported');
    const flags = options || {};
    [['encoding', 'utf-8'], ['fatal', !!flags.fatal], ['ignoreBOM', !!flags.ignoreBOM]].forEach(function (pair) {
      Object.defineProperty(this, pair[0], { value: pair[1] });
    }, this);
  }
  decode(data) {
    if (data === undefined) return '';
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (this.fatal && !native.validUTF8(bytes)) throw new TypeError('The encoded data was not valid');
    const text = native.encode(bytes, 'utf8');
    return !this.ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

class InternalError extends Error {}
Object.defineProperty(InternalError.prototype, 'name', { value: 'InternalError', writable: true, configurable: true });

function atob(text) {
  const bare = String(text).replace(/\s/g, '').replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) throw new TypeError('the string to be decoded is not correctly encoded');
  return native.encode(native.decode(bare, 'base64'), 'latin1');
}
function btoa(text) {
  const string = String(text), bytes = new Uint8Array(string.length);
  for (let i = 0; i < string.length; i++) {
    if (string.charCodeAt(i) > 0xff) throw new TypeError('btoa takes characters up to U+00FF');
    bytes[i] = string.charCodeAt(i);
  }
  return native.encode(bytes, 'base64');
}

return { TextEncoder: TextEncoder, TextDecoder: TextDecoder, InternalError: InternalError, atob: atob, btoa: btoa };
