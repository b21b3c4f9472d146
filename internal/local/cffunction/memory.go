package cffunction

import (
	"cmp"
	"errors"
	"runtime/metrics"
	"sync"
	"time"
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
	interrupted := false
	var watching sync.WaitGroup
	done := make(chan struct{})
	watching.Go(func() {
		ticker := time.NewTicker(memoryCheck)
		defer ticker.Stop()
		for before := uint64(0); !interrupted; {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			size := heap()
			if before = cmp.Or(before, size); size > before+maxGrowth {
				interrupted = true
				m.js.Interrupt(errTooLarge)
			}
		}
	})
	return func() bool {
		close(done)
		watching.Wait()
		return interrupted
	}
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

var boundProgram = script("memory", "")

// bound bounds the built-ins that make much of little, because one call of
// them can't be interrupted.
func (m *machine) bound() error {
	_, err := m.run(boundProgram)
	return err
}
