// The Buffer module of CloudFront Functions, on top of Uint8Array.
// Job: the documented methods, with Node's meaning.
// Limits: the encodings utf8, hex, base64 and base64url only.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

// Kept, as runtime 1.0 has no DataView of its own but its crypto module needs this one.
const View = DataView;

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
  static isEncoding(encoding) { return typeof encoding === 'string' && native.isEncoding(encoding.toLowerCase()); }

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
    const source = needle(value, encoding);
    let i = byteOffset || 0;
    for (i = i < 0 ? Math.max(0, this.length + i) : i; i + source.length <= this.length; i++) if (matches(this, i, source)) return i;
    return -1;
  }
  lastIndexOf(value, byteOffset, encoding) {
    if (typeof byteOffset === 'string') { encoding = byteOffset; byteOffset = undefined; }
    const source = needle(value, encoding);
    let i = byteOffset === undefined ? this.length : byteOffset < 0 ? this.length + byteOffset : byteOffset;
    for (i = Math.min(i, this.length - source.length); i >= 0; i--) if (matches(this, i, source)) return i;
    return -1;
  }
  slice(start, end) { return this.subarray(start, end); }
  swap16() { return swap(this, 2); }
  swap32() { return swap(this, 4); }
  swap64() { return swap(this, 8); }
  toJSON() { return { type: 'Buffer', data: Array.prototype.slice.call(this) }; }
  toString(encoding, start, end) { return native.encode(this.subarray(start || 0, end), encodingOf(encoding)); }
  write(string, offset, length, encoding) {
    if (typeof offset === 'string') { encoding = offset; offset = length = undefined; }
    if (typeof length === 'string') { encoding = length; length = undefined; }
    const at = offset || 0;
    if (at < 0 || at > this.length) throw new RangeError('"offset" is out of range');
    const room = length === undefined ? this.length - at : Math.min(length, this.length - at);
    const part = new Uint8Array(native.decode(string, encodingOf(encoding))).subarray(0, room);
    this.set(part, at);
    return part.length;
  }
}

function encodingOf(name) {
  const encoding = name === undefined ? 'utf8' : String(name).toLowerCase();
  if (!native.isEncoding(encoding)) throw new TypeError('"' + name + '" encoding is not supported');
  return encoding;
}
function bytesOf(value, name) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) throw new TypeError('"' + name + '" argument must be an instance of Buffer or Uint8Array');
  return value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
function needle(value, encoding) {
  if (typeof value === 'number') return [value & 255];
  return typeof value === 'string' ? new Uint8Array(native.decode(value, encodingOf(encoding))) : bytesOf(value, 'value');
}
function matches(buffer, at, source) {
  for (let i = 0; i < source.length; i++) if (buffer[at + i] !== source[i]) return false;
  return true;
}
function order(a, b) {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}
function swap(buffer, size) {
  if (buffer.length % size) throw new RangeError('Buffer size must be a multiple of ' + size * 8 + '-bits');
  for (let i = 0; i < buffer.length; i += size) buffer.subarray(i, i + size).reverse();
  return buffer;
}
function place(buffer, offset, size) {
  const at = offset === undefined ? 0 : offset;
  if (typeof at !== 'number' || at % 1 || at < 0 || at + size > buffer.length) throw new RangeError('index ' + at + ' is outside the bound of the buffer');
  return at;
}
function width(byteLength) {
  if (!(byteLength >= 1 && byteLength <= 6)) throw new RangeError('"byteLength" must be from 1 to 6');
  return byteLength;
}

function readUInt(buffer, offset, size, little) {
  const at = place(buffer, offset, size);
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + buffer[at + (little ? size - 1 - i : i)];
  return value;
}
function readInt(buffer, offset, size, little) {
  const value = readUInt(buffer, offset, size, little), limit = Math.pow(2, 8 * size);
  return value < limit / 2 ? value : value - limit;
}
function writeInt(buffer, value, offset, size, little, signed) {
  const at = place(buffer, offset, size), limit = Math.pow(2, 8 * size);
  let rest = Math.trunc(Number(value));
  if (!(rest >= (signed ? -limit / 2 : 0) && rest < (signed ? limit / 2 : limit))) throw new RangeError('"value" ' + value + ' is out of range');
  if (rest < 0) rest += limit;
  for (let i = 0; i < size; i++) {
    buffer[at + (little ? i : size - 1 - i)] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + size;
}

function define(name, method) {
  Object.defineProperty(Buffer.prototype, name, { value: method, writable: true, configurable: true });
}
[['Int', true, readInt], ['UInt', false, readUInt]].forEach(function (kind) {
  const name = kind[0], signed = kind[1], read = kind[2];
  define('read' + name + '8', function (offset) { return read(this, offset, 1, false); });
  define('write' + name + '8', function (value, offset) { return writeInt(this, value, offset, 1, false, signed); });
  [['BE', false], ['LE', true]].forEach(function (end) {
    define('read' + name + end[0], function (offset, size) { return read(this, offset, width(size), end[1]); });
    define('write' + name + end[0], function (value, offset, size) { return writeInt(this, value, offset, width(size), end[1], signed); });
    [2, 4].forEach(function (size) {
      define('read' + name + size * 8 + end[0], function (offset) { return read(this, offset, size, end[1]); });
      define('write' + name + size * 8 + end[0], function (value, offset) { return writeInt(this, value, offset, size, end[1], signed); });
    });
  });
});
[['Double', 8, 'Float64'], ['Float', 4, 'Float32']].forEach(function (kind) {
  const size = kind[1], get = View.prototype['get' + kind[2]], set = View.prototype['set' + kind[2]];
  [['BE', false], ['LE', true]].forEach(function (end) {
    define('read' + kind[0] + end[0], function (offset) {
      const at = place(this, offset, size);
      return get.call(new View(this.buffer, this.byteOffset, this.length), at, end[1]);
    });
    define('write' + kind[0] + end[0], function (value, offset) {
      const at = place(this, offset, size);
      set.call(new View(this.buffer, this.byteOffset, this.length), at, value, end[1]);
      return at + size;
    });
  });
});

return { Buffer: Buffer };
