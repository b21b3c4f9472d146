// The Buffer module of CloudFront Functions, on top of Uint8Array.
// Job: the documented methods, with Node's meaning.
// Limits: the encodings utf8, hex, base64 and base64url only; no numbers of a variable size, swap16 and its like, lastIndexOf or write.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

// Kept, as runtime 1.0 has no DataView of its own but its crypto module needs this one.
const View = DataView;
const encodings = ['utf8', 'utf-8', 'hex', 'base64', 'base64url'];

class Buffer extends Uint8Array {
  static alloc(size, fill, encoding) {
    const b = new Buffer(size);
    return fill === undefined ? b : b.fill(fill, 0, size, encoding);
  }
  static allocUnsafe(size) { return new Buffer(size); }
  static byteLength(value, encoding) {
    return typeof value === 'string' ? native.decode(value, encodingOf(encoding)).byteLength : bytesOf(value, 'value').length;
  }
  static compare(a, b) { return order(bytesOf(a, 'buffer1'), bytesOf(b, 'buffer2')); }
  static concat(list, totalLength) {
    if (!Array.isArray(list)) throw new TypeError('"list" argument must be an instance of Array');
    let length = totalLength;
    if (length === undefined) {
      length = 0;
      for (let i = 0; i < list.length; i++) length += bytesOf(list[i], 'list').length;
    }
    const out = new Buffer(length);
    let at = 0;
    for (let i = 0; i < list.length && at < length; i++) {
      const part = bytesOf(list[i], 'list').subarray(0, length - at);
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  static from(value, second, length) {
    if (typeof value === 'string') return new Buffer(native.decode(value, encodingOf(second)));
    if (value instanceof ArrayBuffer) return new Buffer(value, second, length);
    if (value === null || typeof value !== 'object') throw new TypeError('first argument is not a string or Buffer-like object');
    if (!ArrayBuffer.isView(value)) {
      const inner = value.valueOf();
      if (inner !== value && inner !== null && inner !== undefined) return Buffer.from(inner, second, length);
      if (value.type === 'Buffer' && Array.isArray(value.data)) return Buffer.from(value.data);
      if (value.length === undefined) throw new TypeError('first argument is not a string or Buffer-like object');
    }
    const out = new Buffer(value.length === undefined ? value.byteLength : value.length);
    const source = value instanceof View ? bytesOf(value, 'value') : value;
    for (let i = 0; i < out.length; i++) out[i] = source[i];
    return out;
  }
  static isBuffer(object) { return object instanceof Buffer; }
  static isEncoding(encoding) { return typeof encoding === 'string' && encodings.indexOf(encoding.toLowerCase()) >= 0; }

  compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
    return order(this.subarray(sourceStart || 0, sourceEnd), bytesOf(target, 'target').subarray(targetStart || 0, targetEnd));
  }
  copy(target, targetStart, sourceStart, sourceEnd) {
    const at = targetStart || 0;
    const part = this.subarray(sourceStart || 0, sourceEnd).subarray(0, Math.max(0, target.length - at));
    target.set(part, at);
    return part.length;
  }
  equals(other) { return order(this, bytesOf(other, 'otherBuffer')) === 0; }
  fill(value, offset, end, encoding) {
    if (typeof offset === 'string') { encoding = offset; offset = end = undefined; }
    if (typeof end === 'string') { encoding = end; end = undefined; }
    const from = offset === undefined ? 0 : offset, to = end === undefined ? this.length : end;
    if (from < 0 || to > this.length) throw new RangeError('"offset" is out of range');
    const source = needle(value, encoding);
    for (let i = from; i < to; i++) this[i] = source.length ? source[(i - from) % source.length] : 0;
    return this;
  }
  includes(value, byteOffset, encoding) { return this.indexOf(value, byteOffset, encoding) !== -1; }
  indexOf(value, byteOffset, encoding) {
    if (typeof byteOffset === 'string') { encoding = byteOffset; byteOffset = 0; }
    const from = byteOffset || 0;
    return native.encode(this, 'latin1').indexOf(native.encode(needle(value, encoding), 'latin1'), from < 0 ? this.length + from : from);
  }
  slice(start, end) { return this.subarray(start, end); }
  toJSON() { return { type: 'Buffer', data: Array.prototype.slice.call(this) }; }
  toString(encoding, start, end) { return native.encode(this.subarray(start || 0, end), encodingOf(encoding)); }
}

function encodingOf(name) {
  const encoding = name === undefined ? 'utf8' : String(name).toLowerCase();
  if (!Buffer.isEncoding(encoding)) throw new TypeError('"' + name + '" encoding is not supported');
  return encoding;
}
function bytesOf(value, name) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) throw new TypeError('"' + name + '" argument must be an instance of Buffer or Uint8Array');
  return value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
function needle(value, encoding) {
  if (typeof value === 'number') return new Uint8Array([value]);
  return typeof value === 'string' ? new Uint8Array(native.decode(value, encodingOf(encoding))) : bytesOf(value, 'value');
}
function order(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

function define(name, method) {
  Object.defineProperty(Buffer.prototype, name, { value: method, writable: true, configurable: true });
}
// Numbers of a fixed size are those of DataView.
[['Int8', 1], ['UInt8', 1], ['Int16', 2], ['UInt16', 2], ['Int32', 4], ['UInt32', 4], ['Float', 4, 'Float32'], ['Double', 8, 'Float64']].forEach(function (kind) {
  const name = kind[0], size = kind[1], type = kind[2] || name.replace('UI', 'Ui');
  const get = View.prototype['get' + type], set = View.prototype['set' + type];
  (size === 1 ? [['', false]] : [['BE', false], ['LE', true]]).forEach(function (end) {
    define('read' + name + end[0], function (offset) {
      return get.call(new View(this.buffer, this.byteOffset, this.length), offset || 0, end[1]);
    });
    define('write' + name + end[0], function (value, offset) {
      const view = new View(this.buffer, this.byteOffset, this.length), at = offset || 0;
      set.call(view, at, value, end[1]);
      if (!kind[2] && get.call(view, at, end[1]) !== Math.trunc(Number(value))) throw new RangeError('"value" ' + value + ' is out of range');
      return at + size;
    });
  });
});
['readIntBE', 'readIntLE', 'readUIntBE', 'readUIntLE', 'writeIntBE', 'writeIntLE', 'writeUIntBE', 'writeUIntLE', 'swap16', 'swap32', 'swap64',
  'lastIndexOf', 'write'].forEach(function (name) {
  define(name, function () { throw new TypeError('Buffer: ' + name + ' is not supported locally: test it on AWS, or do without it'); });
});

return { Buffer: Buffer };
