package cffunction

import (
	"errors"
	"runtime/metrics"
	"time"

	"github.com/dop251/goja"
)

// maxGrowth is how much the process's heap may grow during a run, in bytes.
// CloudFront's quota is 2 MB, but the engine can't count what a run holds, and
// other requests allocate bodies meanwhile.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
const maxGrowth = 256 << 20

// memoryCheck is how often a run is checked: most end before the first time.
const memoryCheck = time.Millisecond

var errTooLarge = errors.New("the function used too much memory")

// watchMemory interrupts the run if the heap grows too much. stop ends the watch,
// and reports whether it interrupted the run.
func (m *machine) watchMemory() (stop func() (interrupted bool)) {
	done, ended := make(chan struct{}), make(chan bool)
	go func() {
		ticker := time.NewTicker(memoryCheck)
		defer ticker.Stop()
		var before uint64
		for {
			select {
			case <-done:
				ended <- false
				return
			case <-ticker.C:
			}
			size := heap()
			if before == 0 {
				before = size
			}
			if size > before+maxGrowth {
				m.js.Interrupt(errTooLarge)
				<-done
				ended <- true
				return
			}
		}
	}()
	return func() bool {
		close(done)
		return <-ended
	}
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// boundMemory bounds the built-ins that make much of little, because a call of
// one can't be interrupted.
const boundMemory = `(function () {
  var limit = 2 * 1024 * 1024;
  function bound(object, name, size) {
    var original = object[name];
    Object.defineProperty(object, name, { enumerable: false, value: function () {
      if (size(this, arguments) > limit) throw new RangeError(name + ': the result is over 2 MB, which is CloudFront\'s memory quota');
      return original.apply(this, arguments);
    } });
  }
  bound(String.prototype, 'repeat', function (self, args) { return String(self).length * args[0]; });
  bound(String.prototype, 'padStart', function (self, args) { return args[0]; });
  bound(String.prototype, 'padEnd', function (self, args) { return args[0]; });
  bound(Array.prototype, 'join', function (self, args) { return self.length * (args[0] === undefined ? 1 : String(args[0]).length); });
  bound(Array.prototype, 'fill', function (self) { return self.length; });
})()`

var boundProgram = goja.MustCompile("memory.js", boundMemory, true)
