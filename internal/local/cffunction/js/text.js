// TextEncoder, TextDecoder, atob, btoa and InternalError.
// Job: the documented methods and properties.
// Limits: UTF-8 is the only encoding; a decoder does not stream.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

class TextEncoder {
  encode(string) { return new Uint8Array(native.decode(string === undefined ? '' : String(string), 'utf8')); }
  encodeInto(string, target) {
    const text = String(string);
    let read = 0, written = 0;
    while (read < text.length) {
      const point = text.codePointAt(read), units = point > 0xffff ? 2 : 1;
      const bytes = new Uint8Array(native.decode(text.slice(read, read + units), 'utf8'));
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += units;
    }
    return { read: read, written: written };
  }
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

return {
  TextEncoder: TextEncoder,
  TextDecoder: TextDecoder,
  InternalError: InternalError,
  atob: function (text) { return native.atob(String(text)); },
  btoa: function (text) { return native.btoa(String(text)); },
};
