// Bounds of built-ins that make much of little, or loop over it.
// Job: throw a RangeError where one call, which can't be interrupted, would use far more than CloudFront's 2 MB.
// Limits: lengths that a getter changes between two reads, and JSON.stringify with a list of keys.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions

const limit = 2 * 1024 * 1024;
// An estimate of a result has more room, as most results stay far below it.
const room = 32 * limit;
const apply = Reflect.apply, construct = Reflect.construct, isArray = Array.isArray, isView = ArrayBuffer.isView, isPrototypeOf = Object.prototype.isPrototypeOf;

function check(name, size, most) {
  if (size > (most || limit)) throw new RangeError(name + (most ? ': the result may be over 64 MB' : ': the size is over 2 MB') + ', and CloudFront\'s memory quota is 2 MB');
}
function lengthOf(value) { return value === undefined || value === null ? 0 : Number(value.length) || 0; }

function replace(object, name, make) {
  const original = object[name];
  Object.defineProperty(object, name, { value: make(original), enumerable: false });
}
function bound(object, names, size) {
  names.split(' ').forEach(function (name) {
    replace(object, name, function (original) {
      return function () {
        check(name, size(this, arguments));
        return apply(original, this, arguments);
      };
    });
  });
}

// Arrays, and what is like one.
bound(Array.prototype, 'copyWithin every fill filter find findIndex forEach includes indexOf lastIndexOf map reduce reduceRight ' +
  'reverse shift slice some sort splice toLocaleString toReversed toSorted toSpliced unshift', lengthOf);
bound(Array.prototype, 'concat', function (self, args) {
  let size = lengthOf(self);
  for (let i = 0; i < args.length; i++) size += isArray(args[i]) ? args[i].length : 1;
  return size;
});
bound(Array, 'from', function (self, args) { return lengthOf(args[0]); });
bound(Function.prototype, 'apply', function (self, args) { return lengthOf(args[1]); });

const joining = [];
replace(Array.prototype, 'join', function (original) {
  return function (separator) {
    check('join', lengthOf(this));
    for (let i = 0; i < joining.length; i++) if (joining[i] === this) return '';
    const between = separator === undefined ? ',' : String(separator), parts = [];
    joining[joining.length] = this;
    try {
      for (let i = 0, size = 0, length = lengthOf(this); i < length; i++) {
        const part = this[i] === undefined || this[i] === null ? '' : String(this[i]);
        check('join', size += part.length + between.length, room);
        parts[i] = part;
      }
    } finally { joining.length--; }
    return apply(original, parts, [between]);
  };
});

// Strings.
bound(String.prototype, 'match search split toLowerCase toUpperCase', function (self) { return String(self).length; });
bound(String.prototype, 'concat', function (self, args) {
  let size = 0;
  for (let i = 0; i < args.length; i++) size += lengthOf(args[i]);
  return size;
});
[['repeat', 0], ['padStart', 1], ['padEnd', 1]].forEach(function (method) {
  replace(String.prototype, method[0], function (original) {
    return function (count, fill) {
      const text = this === undefined || this === null ? this : String(this), n = Number(count);
      check(method[0], method[1] ? n : lengthOf(text) * n);
      return apply(original, text, fill === undefined ? [n] : [n, fill]);
    };
  });
});
['encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent'].forEach(function (name) {
  bound(globalThis, name, function (self, args) { return lengthOf(args[0]); });
});

// replaced returns the replacement with a count of what it makes of text.
function replaced(name, text, all, by) {
  let size = text.length;
  if (typeof by === 'function') {
    return function () {
      const part = String(apply(by, undefined, arguments));
      check(name, size += part.length, room);
      return part;
    };
  }
  const template = String(by);
  check(name, size + (all ? size + 1 : 1) * (template.length + (template.split('$').length - 1) * size), room);
  return template;
}
['replace', 'replaceAll'].forEach(function (name) {
  replace(String.prototype, name, function (original) {
    return function (pattern, by) {
      if (this === undefined || this === null || pattern instanceof RegExp) return apply(original, this, [pattern, by]);
      const text = String(this);
      return apply(original, text, [pattern, replaced(name, text, name === 'replaceAll', by)]);
    };
  });
});
replace(RegExp.prototype, Symbol.replace, function (original) {
  return function (subject, by) {
    const text = String(subject);
    return apply(original, this, [text, replaced('replace', text, this.global, by)]);
  };
});

replace(JSON, 'stringify', function (original) {
  return function (value, replacer, space) {
    let size = 0;
    if (isArray(replacer)) return original(value, replacer, space);
    return original(value, function (key, part) {
      const kept = typeof replacer === 'function' ? apply(replacer, this, [key, part]) : part;
      check('JSON.stringify', size += key.length + (typeof kept === 'string' ? kept.length : 4), room);
      return kept;
    }, space);
  };
});

// Buffers. A proxy is as good a constructor, and can be extended.
('ArrayBuffer Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array').split(' ').forEach(function (name) {
  const original = globalThis[name], width = original.BYTES_PER_ELEMENT || 1;
  const bounded = new Proxy(original, {
    construct: function (target, args, newTarget) {
      const of = args[0];
      if (!(of instanceof ArrayBuffer)) check(name, width * (of !== null && typeof of === 'object' ? lengthOf(of) : Number(of) || 0), isView(of) ? room : 0);
      return construct(target, args, newTarget);
    },
  });
  // The engine's own instanceof rejects proxies.
  Object.defineProperty(original, Symbol.hasInstance, { value: function (value) { return isPrototypeOf.call(this.prototype, value); } });
  Object.defineProperty(original.prototype, 'constructor', { value: bounded, writable: true, configurable: true });
  Object.defineProperty(globalThis, name, { value: bounded, writable: true, configurable: true, enumerable: false });
});
