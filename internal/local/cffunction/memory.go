package cffunction

import (
	"errors"
	"runtime/metrics"
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

var boundProgram = script("memory", "")

// bound bounds the built-ins that make much of little, because one call of
// them can't be interrupted.
func (m *machine) bound() error {
	_, err := m.run(boundProgram)
	return err
}
