// Bounds of built-ins that make much of a number, or loop over a length.
// Job: throw a RangeError where one call, which can't be interrupted, would use far more than CloudFront's 2 MB.
// Limits: what one call of replace or JSON.stringify makes of many parts; lengths that a getter changes between two reads.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions

const limit = 2 * 1024 * 1024, apply = Reflect.apply, construct = Reflect.construct, isPrototypeOf = Object.prototype.isPrototypeOf;

function check(name, size) {
  if (size > limit) throw new RangeError(name + ': the size is over 2 MB, and CloudFront\'s memory quota is 2 MB');
}
function lengthOf(value) { return value === undefined || value === null ? 0 : Number(value.length) || 0; }

function bound(object, names, size) {
  names.split(' ').forEach(function (name) {
    const original = object[name];
    Object.defineProperty(object, name, { enumerable: false, value: function () {
      check(name, size(this, arguments));
      return apply(original, this, arguments);
    } });
  });
}
bound(Array.prototype, 'copyWithin every fill filter find findIndex forEach includes indexOf join lastIndexOf map reduce reduceRight ' +
  'reverse shift slice some sort splice toLocaleString toReversed toSorted toSpliced unshift', lengthOf);
bound(Array, 'from', function (self, args) { return lengthOf(args[0]); });
bound(Function.prototype, 'apply', function (self, args) { return lengthOf(args[1]); });
bound(String.prototype, 'repeat', function (self, args) { return lengthOf(self) * Number(args[0]); });
bound(String.prototype, 'padStart padEnd', function (self, args) { return Number(args[0]); });

// Buffers. A proxy is as good a constructor, and can be extended.
('ArrayBuffer Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array').split(' ').forEach(function (name) {
  const original = globalThis[name], width = original.BYTES_PER_ELEMENT || 1;
  const bounded = new Proxy(original, {
    construct: function (target, args, newTarget) {
      const of = args[0];
      if (!(of instanceof ArrayBuffer)) check(name, width * (of !== null && typeof of === 'object' ? lengthOf(of) : Number(of) || 0));
      return construct(target, args, newTarget);
    },
  });
  // The engine's own instanceof rejects proxies.
  Object.defineProperty(original, Symbol.hasInstance, { value: function (value) { return isPrototypeOf.call(this.prototype, value); } });
  Object.defineProperty(original.prototype, 'constructor', { value: bounded, writable: true, configurable: true });
  Object.defineProperty(globalThis, name, { value: bounded, writable: true, configurable: true, enumerable: false });
});
